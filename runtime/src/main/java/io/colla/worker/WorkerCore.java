package io.colla.worker;

import io.colla.platform.TaskDefinition;
import io.colla.platform.TaskPipeline;
import io.colla.wire.Message;
import io.colla.wire.Message.Failed;
import io.colla.wire.Message.Run;
import io.colla.wire.Message.ToMaster;
import io.colla.wire.Message.ToWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker without its connection: takes the master's messages, brings inputs, gives resources, runs tasks and answers.
 *
 * <p>The way of a task: its inputs are fetched, it waits in the {@link Dispatcher} until its resources are free, a {@link TaskThread} runs it through {@link TaskRunner},
 * and whoever ends its {@link Job} answers the master, so that there is exactly one answer to each {@link Run}.
 */
public final class WorkerCore implements AutoCloseable {
    private static final Duration GRACE_OF_JAVA = Duration.ofSeconds(2);
    /** Executors of programs need a moment to end them politely, then by force. */
    private static final Duration GRACE_OF_PROGRAMS = Duration.ofSeconds(10);

    private final WorkerSettings settings;
    private final MasterLink link;
    private final ResourcePool pool;
    private final Host host;
    private final Executors executors;
    private final Dispatcher dispatcher;
    private final InputFetches fetches;
    private final Watch watch;
    private final TaskRunner runner;
    private final SentErrands sentErrands;
    private final HeldErrands heldErrands;
    private final Map<Integer, Job.Definition> definitions = new HashMap<>();
    private final JobTable jobs = new JobTable();
    private long arrivals;
    private boolean closed;

    public WorkerCore(WorkerSettings settings, MasterLink link) {
        this(settings, link, GRACE_OF_JAVA);
    }

    WorkerCore(WorkerSettings settings, MasterLink link, Duration graceOfJava) {
        this.settings = settings;
        this.link = link;
        OutputRouter.install();
        pool = new ResourcePool(settings.node());
        host = new Host(settings, link);
        executors = new Executors(settings.application(), host);
        Events events = new Events();
        fetches = new InputFetches(settings.store(), settings.fetcher(), events);
        sentErrands = new SentErrands(link);
        runner = new TaskRunner(settings, link, executors, sentErrands);
        dispatcher = new Dispatcher(pool, settings.clock(), settings.application(), runner, events::holds);
        watch = new Watch(dispatcher, events, settings.clock(), graceOfJava, GRACE_OF_PROGRAMS);
        runner.connect(dispatcher, watch);
        heldErrands = new HeldErrands(settings, link, executors, dispatcher);
    }

    /**
     * Handles messages, in order. Called by any one thread at a time; never waits for anything but short locks.
     */
    public void accept(List<ToWorker> batch) {
        NodeTrace trace = settings.trace();
        if (trace == null || batch.stream().noneMatch(Run.class::isInstance)) {
            handle(batch);
            return;
        }
        trace.takes();
        try {
            handle(batch);
        } finally {
            trace.hasTaken();
        }
    }

    private void handle(List<ToWorker> batch) {
        List<ToMaster> answers = new ArrayList<>(0);
        List<Job> fresh = new ArrayList<>(batch.size());
        List<Job> released = new ArrayList<>(0);
        List<Job> begun = new ArrayList<>(0);
        List<Integer> dropped = new ArrayList<>(0);
        List<Runnable> told = new ArrayList<>(0);
        synchronized (jobs) {
            for (ToWorker message : batch) {
                if (message instanceof Run run) {
                    take(run, fresh, answers);
                } else if (message instanceof Message.Define define) {
                    definitions.put(define.definition(), new Job.Definition(define.content()));
                    if (settings.trace() != null) {
                        settings.trace().defined(define.definition(), define.content());
                    }
                } else if (message instanceof Message.Drop drop) {
                    for (int content : drop.contents()) {
                        dropped.add(content);
                    }
                } else if (message instanceof Message.Hold hold) {
                    hold(hold, fresh);
                } else if (message instanceof Message.Ping ping) {
                    answers.add(new Message.Pong(ping.sent(), settings.clock().getAsLong()));
                } else if (message instanceof Message.Answer given) {
                    told.add(() -> host.answered(given));
                } else if (message instanceof Message.Begin begin) {
                    addIf(jobs.find(begin.task(), begin.attempt()), begun);
                } else if (!isOfErrand(message, told)) {
                    end(message, answers, released);
                }
            }
        }
        // A content that is dropped and needed again later in the batch must be fetched anew.
        for (int content : dropped) {
            fetches.dropped(content);
            settings.store().drop(content);
        }
        start(fresh);
        begun.forEach(this::begin);
        told.forEach(Runnable::run);
        released.forEach(heldErrands::release);
        answer(answers);
    }

    /** @param told what is to be done about it when no lock is held */
    private boolean isOfErrand(ToWorker message, List<Runnable> told) {
        if (message instanceof Message.DoErrand asked) {
            Job hold = jobs.find(asked.task(), asked.attempt());
            told.add(() -> heldErrands.begin(asked, hold));
        } else if (message instanceof Message.StopErrand stop) {
            told.add(() -> heldErrands.stop(stop));
        } else if (message instanceof Message.ErrandSaid said) {
            told.add(() -> sentErrands.said(said));
        } else if (message instanceof Message.ErrandEnded ended) {
            told.add(() -> sentErrands.ended(ended));
        } else {
            return false;
        }
        return true;
    }

    private void begin(Job job) {
        NodeTrace.Share share = job.share;
        if (share != null) {
            share.begins();
        }
        if (job.run() != null) {
            dispatcher.beginHeld(job);
        }
    }

    private static void addIf(@Nullable Job job, List<Job> list) {
        if (job != null) {
            list.add(job);
        }
    }

    private void take(Run run, List<Job> fresh, List<ToMaster> answers) {
        if (closed || isKnown(run.task(), run.attempt())) {
            return;
        }
        Job.Definition definition = definitions.get(run.definition());
        if (definition == null) {
            answers.add(refusal(run, "the master has not sent its definition " + run.definition()));
            return;
        }
        TaskDefinition content = definition.content;
        if (run.implementation() < 0
                || run.implementation() >= content.implementations().size()) {
            answers.add(refusal(run, "task " + content.name() + " has no implementation " + run.implementation()));
            return;
        }
        String impossible = pool.impossible(run.needs());
        if (impossible == null
                && content.implementations().get(run.implementation()).body() instanceof UnreadableBody body) {
            impossible = body.why();
        }
        if (impossible != null) {
            answers.add(refusal(
                    run,
                    "task " + content.name() + " cannot run on node "
                            + settings.node().name() + ": " + impossible));
            return;
        }
        Job job = new Job(run, definition, arrivals++);
        jobs.add(job);
        fresh.add(job);
    }

    /** An attempt that was given back may come again. */
    private boolean isKnown(int task, int attempt) {
        Job job = jobs.find(task, attempt);
        return job != null && !job.isEnded();
    }

    private static Failed refusal(Run run, String why) {
        return new Failed(run.task(), run.attempt(), 0, why, null, "", false, false);
    }

    private void hold(Message.Hold hold, List<Job> fresh) {
        if (closed || isKnown(hold.task(), hold.attempt())) {
            return;
        }
        Job job = new Job(hold.task(), hold.attempt(), hold.definition(), hold.needs(), arrivals++);
        jobs.add(job);
        fresh.add(job);
    }

    private void end(ToWorker message, List<ToMaster> answers, List<Job> released) {
        if (message instanceof Message.Stop stop) {
            Job job = jobs.find(stop.task(), stop.attempt());
            if (job != null && endUnbegun(job, released)) {
                answers.add(new Message.Stopped(stop.task(), stop.attempt(), 0, false));
            } else if (job != null) {
                job.stop(new Job.StopCause(false, settings.clock().getAsLong(), stop.reason()));
            }
        } else if (message instanceof Message.GiveBack back) {
            Job job = jobs.find(back.task(), back.attempt());
            if (job != null && takeBack(job, released)) {
                answers.add(new Message.Returned(back.task(), back.attempt()));
            }
        } else if (message instanceof Message.Release release) {
            Job job = jobs.find(release.task(), release.attempt());
            if (job != null) {
                endUnbegun(job, released);
            }
        } else if (message instanceof Message.Shutdown) {
            // The process around this worker ends it.
            closed = true;
        }
    }

    /** One that was sent ahead to an executor may come back: it is asked once more after it has been marked. */
    private static boolean takeBack(Job job, List<Job> released) {
        if (endUnbegun(job, released)) {
            return true;
        }
        job.wantedBack = true;
        return endUnbegun(job, released);
    }

    private static boolean endUnbegun(Job job, List<Job> released) {
        int state = job.endUnbegun();
        if (state > Job.FETCHING) {
            released.add(job);
        }
        return state >= 0;
    }

    private void start(List<Job> fresh) {
        boolean added = false;
        for (Job job : fresh) {
            Run run = job.run();
            if (run == null && !job.isEnded()) {
                added |= ready(job);
            } else if (run != null && fetches.bring(job, run)) {
                added |= ready(job);
            }
        }
        if (added) {
            dispatcher.kick();
        }
    }

    /** False if it has ended meanwhile. */
    private boolean ready(Job job) {
        if (!job.move(Job.FETCHING, Job.READY)) {
            return false;
        }
        dispatcher.add(job);
        return true;
    }

    private void answer(List<ToMaster> answers) {
        if (!answers.isEmpty()) {
            answers.forEach(link::send);
            link.flush();
        }
    }

    /** What other parts of the worker tell; each by its own thread. */
    private final class Events implements InputFetches.Listener, Watch.Listener {
        @Override
        public void arrived(int content) {
            answer(List.of(new Message.Fetched(content)));
        }

        @Override
        public void complete(Job job) {
            if (ready(job)) {
                dispatcher.kick();
            }
        }

        @Override
        public void failed(Job job, int content, int[] workers, String why) {
            if (job.endUnbegun() >= 0) {
                answer(List.of(new Message.Unfetched(job.task, job.attempt, content, workers, why)));
            }
        }

        void holds(Job job) {
            NodeTrace trace = settings.trace();
            ResourcePool.Lease lease = dispatcher.held(job);
            if (trace != null && trace.recordsTasks() && job.run() == null && lease != null) {
                NodeTrace.Share share = trace.holds(job, lease);
                job.share = share;
                if (job.isEnded()) {
                    share.over();
                }
            }
            answer(List.of(new Message.Holding(job.task, job.attempt)));
        }

        @Override
        public void lasts(Job job) {
            TaskThread thread = job.thread;
            TaskPipeline pipeline = thread == null ? null : thread.pipeline;
            if (pipeline != null) {
                pipeline.recall();
            }
            answer(List.of(new Message.Began(job.task, job.attempt)));
        }

        @Override
        public void overdue(Job job) {
            job.stop(new Job.StopCause(true, settings.clock().getAsLong(), ""));
        }

        @Override
        public void unresponsive(TaskThread thread, Job job, Run run) {
            runner.giveUp(thread, job, run);
        }

        @Override
        public void looked() {
            link.flush();
        }
    }

    /** The master answers a task's question; by any thread. */
    public void answered(Message.Answer answer) {
        host.answered(answer);
    }

    /**
     * Lets the executor of a kind prepare for tasks, beside the calling thread. Without effect if there is no such executor, which the first task would say.
     *
     * @param hint as {@link io.colla.platform.TaskExecutor#warmUp}
     */
    public void warmUp(String kind, String hint) {
        Thread thread = new Thread(() -> executors.warmUp(kind, hint), "colla-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** Tasks that run now. */
    public int running() {
        int count = 0;
        for (TaskThread thread : dispatcher.threads()) {
            count += thread.current() == null ? 0 : 1;
        }
        return count;
    }

    /**
     * For the end of the process by a task's own doing: tells the master of each task that called {@link System#exit}, or whose thread is otherwise in the middle of ending
     * the process.
     *
     * @return their names
     */
    public List<String> reportExits() {
        return runner.reportExits();
    }

    /**
     * Ends all tasks, waiting or running, without answers, and waits for the running ones.
     *
     * @return whether all have ended in time
     */
    public boolean shutDown(Duration time) throws InterruptedException {
        List<Job> live;
        synchronized (jobs) {
            closed = true;
            live = jobs.live();
        }
        runner.mute();
        long deadline = System.nanoTime() + time.toNanos();
        dispatcher.close();
        Job.StopCause cause = new Job.StopCause(false, settings.clock().getAsLong(), "the worker ends");
        for (Job job : live) {
            if (job.endUnbegun() < 0) {
                job.stop(cause);
            } else {
                heldErrands.release(job);
            }
        }
        boolean all = true;
        for (TaskThread thread : dispatcher.threads()) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis > 0 && thread != Thread.currentThread() && !thread.isAbandoned()) {
                thread.join(millis);
            }
            all &= !thread.isAlive() || thread == Thread.currentThread();
        }
        all &= heldErrands.shutDown(deadline);
        watch.close();
        executors.close();
        return all;
    }

    /** {@link #shutDown} with the time that an orderly end may take. */
    @Override
    public void close() {
        try {
            shutDown(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
