package io.colla.worker;

import io.colla.platform.Errand;
import io.colla.platform.TaskError;
import io.colla.wire.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Does one errand of a task of another node, on a thread of its own. */
final class RunningErrand extends Thread implements Errand {
    private final Message.DoErrand asked;
    private final Job job;
    private final ResourcePool.Lease lease;
    private final Executors executors;
    private final MasterLink link;
    private final TaskFolder folder;
    private final Consumer<RunningErrand> whenOver;
    /** Guarded by this, as is the next. */
    private final List<Runnable> endActions = new ArrayList<>(1);

    private boolean returned;
    private volatile boolean ended;

    /**
     * @param job the hold whose resources it uses
     * @param whenOver told by its thread, at the very end
     */
    RunningErrand(
            Message.DoErrand asked,
            Job job,
            ResourcePool.Lease lease,
            Executors executors,
            WorkerSettings settings,
            MasterLink link,
            Consumer<RunningErrand> whenOver) {
        super("colla-errand-" + asked.task() + "." + asked.attempt() + "-" + asked.errand());
        this.asked = asked;
        this.job = job;
        this.lease = lease;
        this.executors = executors;
        this.link = link;
        this.folder = new TaskFolder(settings.scratch().resolve("tasks"));
        this.whenOver = whenOver;
        setDaemon(true);
        setContextClassLoader(settings.application());
    }

    Job job() {
        return job;
    }

    int number() {
        return asked.errand();
    }

    @Override
    public void run() {
        String error = null;
        try {
            executors.of(asked.kind()).errand(this);
        } catch (TaskError e) {
            error = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            error = ended ? null : "it was interrupted";
        } catch (Throwable e) {
            error = FailureReport.describe(e);
        }
        synchronized (this) {
            returned = true;
            endActions.clear();
        }
        Thread.interrupted();
        folder.remove();
        tell(new Message.ErrandEnds(asked.task(), asked.attempt(), asked.errand(), error));
        whenOver.accept(this);
    }

    /** Tells it to end; it may take its time. */
    synchronized void end() {
        if (ended || returned) {
            return;
        }
        ended = true;
        interrupt();
        endActions.forEach(Runnable::run);
        endActions.clear();
    }

    private void tell(Message.ToMaster message) {
        link.send(message);
        link.flush();
    }

    @Override
    public int task() {
        return asked.task();
    }

    @Override
    public int attempt() {
        return asked.attempt();
    }

    @Override
    public byte[] request() {
        return asked.request();
    }

    @Override
    public List<Integer> cpus() {
        return lease.cpus();
    }

    @Override
    public int cores() {
        return lease.needs().cores();
    }

    @Override
    public long memory() {
        return lease.needs().memory();
    }

    @Override
    public Path workingDirectory() {
        return folder.work();
    }

    @Override
    public Path outputFile(String stream) {
        return folder.output(stream);
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public synchronized void onEnd(Runnable action) {
        if (ended) {
            action.run();
        } else {
            endActions.add(action);
        }
    }

    @Override
    public void say(byte[] content) {
        tell(new Message.ErrandSays(asked.task(), asked.attempt(), asked.errand(), content));
    }

    @Override
    public String toString() {
        return "errand " + number() + " of " + job + (ended ? ", told to end" : "");
    }
}
