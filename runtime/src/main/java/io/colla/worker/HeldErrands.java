package io.colla.worker;

import io.colla.wire.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What runs on this node for tasks whose first node is another, with the resources that are set aside for them here: these are free only when the task is over here
 * and nothing of it runs any more. Thread-safe.
 */
final class HeldErrands {
    private final WorkerSettings settings;
    private final MasterLink link;
    private final Executors executors;
    private final Dispatcher dispatcher;
    private final List<RunningErrand> running = new ArrayList<>();
    /** Jobs that are over and whose errands are not. */
    private final List<Job> over = new ArrayList<>();

    HeldErrands(WorkerSettings settings, MasterLink link, Executors executors, Dispatcher dispatcher) {
        this.settings = settings;
        this.link = link;
        this.executors = executors;
        this.dispatcher = dispatcher;
    }

    /** @param hold what the task holds here; null if it does not */
    void begin(Message.DoErrand asked, @Nullable Job hold) {
        ResourcePool.Lease lease = hold == null ? null : dispatcher.held(hold);
        RunningErrand errand = null;
        if (hold != null && lease != null) {
            errand = new RunningErrand(asked, hold, lease, executors, settings, link, this::ended);
            synchronized (this) {
                running.add(errand);
            }
        }
        if (errand != null) {
            errand.start();
            return;
        }
        String why = "node " + settings.node().name() + " does not hold the task's resources any more";
        link.send(new Message.ErrandEnds(asked.task(), asked.attempt(), asked.errand(), why));
        link.flush();
    }

    void stop(Message.StopErrand stop) {
        for (RunningErrand errand : all()) {
            if (errand.task() == stop.task()
                    && errand.attempt() == stop.attempt()
                    && errand.number() == stop.errand()) {
                errand.end();
            }
        }
    }

    /** The task needs nothing here any more: gives its resources back, now or when its errands have ended. */
    void release(Job job) {
        boolean busy;
        synchronized (this) {
            busy = isBusy(job);
            if (busy) {
                over.add(job);
            }
        }
        if (!busy) {
            giveBack(job);
            return;
        }
        for (RunningErrand errand : all()) {
            if (errand.job() == job) {
                errand.end();
            }
        }
    }

    private void giveBack(Job job) {
        NodeTrace.Share share = job.share;
        if (share != null) {
            share.over();
        }
        dispatcher.release(job);
    }

    private boolean isBusy(Job job) {
        for (RunningErrand errand : running) {
            if (errand.job() == job) {
                return true;
            }
        }
        return false;
    }

    private void ended(RunningErrand errand) {
        boolean last;
        synchronized (this) {
            running.remove(errand);
            last = over.contains(errand.job()) && !isBusy(errand.job());
            if (last) {
                over.remove(errand.job());
            }
        }
        if (last) {
            giveBack(errand.job());
        }
    }

    private synchronized List<RunningErrand> all() {
        return List.copyOf(running);
    }

    /**
     * Ends all and waits for them.
     *
     * @return whether all have ended in time
     */
    boolean shutDown(long deadline) throws InterruptedException {
        List<RunningErrand> all = all();
        all.forEach(RunningErrand::end);
        boolean none = true;
        for (RunningErrand errand : all) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis > 0 && errand != Thread.currentThread()) {
                errand.join(millis);
            }
            none &= !errand.isAlive();
        }
        return none;
    }
}
