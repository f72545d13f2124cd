package io.colla.worker;

import io.colla.platform.TaskDefinition.Implementation;
import io.colla.platform.TaskError;
import io.colla.platform.TaskPipeline;
import io.colla.wire.Message;
import io.colla.wire.Message.Failed;
import io.colla.wire.Message.Finished;
import io.colla.wire.Message.Output;
import io.colla.wire.Message.Run;
import io.colla.wire.Message.Stopped;
import io.colla.wire.Message.ToMaster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one task on the thread that calls, and answers the master. Thread-safe. */
final class TaskRunner implements TaskThread.Work, RunningTask.Turns {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);
    /** A task that took longer than this is answered at once, and so are those before one that did. */
    private static final long LONG = 50_000;

    private static final int MOST_UNFLUSHED = 64;

    private final WorkerSettings settings;
    private final MasterLink link;
    private final Executors executors;
    private final SentErrands errands;
    private @Nullable Dispatcher dispatcher;
    private @Nullable Watch watch;
    private volatile boolean muted;

    TaskRunner(WorkerSettings settings, MasterLink link, Executors executors, SentErrands errands) {
        this.settings = settings;
        this.link = link;
        this.executors = executors;
        this.errands = errands;
    }

    void connect(Dispatcher used, Watch looking) {
        dispatcher = used;
        watch = looking;
    }

    /** Answers nothing any more. */
    void mute() {
        muted = true;
    }

    /**
     * What became of a task.
     *
     * @param lost the input that was not there; null when that is not why it failed
     * @param ran nanoseconds that its own code ran, which is what the run's account and its trace count
     */
    record Outcome(List<Output> outputs, @Nullable FailureReport failure, @Nullable LostInputException lost, long ran) {
        static Outcome succeeded(List<Output> outputs, long ran) {
            return new Outcome(outputs, null, null, ran);
        }

        static Outcome failed(FailureReport failure, Throwable thrown, long ran) {
            return new Outcome(List.of(), failure, thrown instanceof LostInputException lost ? lost : null, ran);
        }
    }

    @Override
    public void run(TaskThread thread, Job job) {
        Run run = job.run();
        Job.Definition definition = job.definition;
        if (run == null || definition == null || thread.lease() == null) {
            return;
        }
        if (thread.unflushed > 0 && definition.lastRun > LONG) {
            flush(thread);
        }
        long began = now();
        thread.output.clear();
        thread.begin(job, began);
        job.thread = thread;
        if (watch != null) {
            watch.wake();
        }
        if (job.state() != Job.RUNNING) {
            thread.interrupt();
        }
        RunningTask task = task(thread, job, run, definition);
        NodeTrace.Executor trace = trace(thread);
        Outcome outcome;
        try {
            if (runsInPipeline(thread, task, run, definition)) {
                return;
            }
            if (trace != null) {
                trace.taken(began, run, thread.lease());
            }
            List<Output> outputs = execute(task, run, definition, trace);
            outcome = Outcome.succeeded(outputs, task.ran);
        } catch (Throwable e) {
            outcome = Outcome.failed(report(e, thread), e, task.ran);
        }
        long took = now() - began;
        definition.learn(took);
        finish(thread, task, outcome, took, null);
        if (trace != null) {
            trace.left(now(), run);
        }
    }

    /** Where the thread's tasks are recorded; null for nowhere. */
    NodeTrace.@Nullable Executor trace(TaskThread thread) {
        NodeTrace node = settings.trace();
        if (node == null || !node.recordsTasks()) {
            return null;
        }
        return thread.row();
    }

    @Override
    public NodeTrace.@Nullable Executor row() {
        NodeTrace node = settings.trace();
        return node == null ? null : node.executor();
    }

    long now() {
        return settings.clock().getAsLong();
    }

    RunningTask task(TaskThread thread, Job job, Run run, Job.Definition definition) {
        return new RunningTask(job, run, definition.content, settings, thread, this, errands, folderOf(thread));
    }

    /** Whether the task, with others like it, was run and answered through a pipeline. */
    private boolean runsInPipeline(TaskThread thread, RunningTask task, Run run, Job.Definition definition)
            throws TaskError {
        String kind =
                definition.content.implementations().get(run.implementation()).kind();
        if (kind.equals(JavaTaskExecutor.KIND) || !thread.keepsCore() || !PipelinedTasks.fits(task.job(), run)) {
            return false;
        }
        try (TaskPipeline pipeline = executors.of(kind).pipeline(task)) {
            if (pipeline == null) {
                return false;
            }
            new PipelinedTasks(this, thread, Objects.requireNonNull(dispatcher), kind, pipeline).run(task);
            return true;
        }
    }

    private List<Output> execute(
            RunningTask task, Run run, Job.Definition definition, NodeTrace.@Nullable Executor trace) throws Exception {
        if (task.ended()) {
            throw new InterruptedException("it was ended before it began");
        }
        Implementation implementation = definition.content.implementations().get(run.implementation());
        task.data().prepare();
        Object returned;
        boolean failed = true;
        long begun = now();
        if (trace != null) {
            begins(trace, run, implementation, begun);
        }
        try {
            returned = executors.of(implementation.kind()).execute(task);
            failed = false;
        } finally {
            long over = now();
            task.ran = over - begun;
            if (trace != null) {
                ends(trace, run, implementation, over, failed);
            }
            task.executed();
        }
        return task.data().commit(returned);
    }

    private static void begins(NodeTrace.Executor trace, Run run, Implementation implementation, long begun) {
        trace.begins(begun, run);
        if (isOfThisThread(implementation)) {
            trace.counts(begun);
        }
    }

    private static void ends(
            NodeTrace.Executor trace, Run run, Implementation implementation, long over, boolean failed) {
        if (isOfThisThread(implementation)) {
            trace.counts(over);
        }
        trace.ends(over, run, failed);
    }

    /** Whether the thread's counters are the task's. */
    private static boolean isOfThisThread(Implementation implementation) {
        return implementation.kind().equals(JavaTaskExecutor.KIND);
    }

    FailureReport report(Throwable thrown, TaskThread thread) {
        if (thrown instanceof LostInputException) {
            return FailureReport.ofWords(String.valueOf(thrown.getMessage()), "", true);
        }
        String printed = thread.output.isEmpty() ? "" : thread.output.text();
        try {
            return FailureReport.of(thrown, settings.codec(), printed);
        } catch (RuntimeException | Error e) {
            // What the task threw is so broken, or memory so short, that its own methods throw.
            return FailureReport.ofWords(
                    "the task failed with " + thrown.getClass().getName(), printed, true);
        }
    }

    /**
     * Ends the task and answers the master.
     *
     * @param took nanoseconds that the thread was occupied with it
     * @param next what the thread runs from now on; null for nothing
     */
    void finish(TaskThread thread, RunningTask task, Outcome outcome, long took, @Nullable Job next) {
        Run run = task.run();
        ToMaster answer = end(task.job(), task, run, outcome.outputs(), outcome.failure(), outcome.ran());
        LostInputException lost = outcome.lost();
        if (lost != null && answer instanceof Failed failed) {
            answer = new Message.Unfetched(run.task(), run.attempt(), lost.content, new int[0], failed.message());
        }
        goOn(thread, next);
        try {
            release(task, answer instanceof Finished, answer instanceof Failed);
        } catch (IOException | RuntimeException | Error e) {
            LOG.error(
                    "Cannot clean up after {} of {}",
                    task.job(),
                    task.definition().name(),
                    e);
        }
        if (answer != null) {
            send(thread, answer, took);
        }
    }

    private void goOn(TaskThread thread, @Nullable Job next) {
        if (next == null) {
            thread.end();
        } else if (next != thread.current()) {
            thread.begin(next, now());
        }
    }

    /** The task was prepared and not begun: it waits for another thread, or for the master, who wants it back. */
    void giveBack(TaskThread thread, RunningTask task, @Nullable Job next) {
        Job job = task.job();
        if (!job.move(Job.RUNNING, Job.READY)) {
            FailureReport ended = FailureReport.ofWords("it was ended before it began", "", true);
            finish(thread, task, new Outcome(List.of(), ended, null, 0), 0, next);
            return;
        }
        job.thread = null;
        rollBack(task, job);
        task.data().release();
        goOn(thread, next);
        if (!job.wantedBack || job.endUnbegun() < 0) {
            Dispatcher others = Objects.requireNonNull(dispatcher);
            others.add(job);
            others.kick();
        } else if (!muted) {
            link.send(new Message.Returned(job.task, job.attempt));
            link.flush();
        }
    }

    /** The answer; null if the task was given up before, and is answered. */
    private @Nullable ToMaster end(
            Job job, RunningTask task, Run run, List<Output> outputs, @Nullable FailureReport failure, long ran) {
        boolean touched = task.data().touched();
        if (failure != null) {
            rollBack(task, job);
        }
        if (job.move(Job.RUNNING, Job.ENDED)) {
            return failure == null
                    ? new Finished(run.task(), run.attempt(), ran, outputs)
                    : failed(run, ran, failure, touched);
        }
        job.awaitInterrupter();
        Thread.interrupted();
        if (failure == null) {
            rollBack(task, job);
        }
        Job.StopCause cause = job.cause;
        if (!job.giveUp() || cause == null) {
            return null;
        }
        return stopped(run, cause, ran, touched, failure == null ? "" : failure.stack());
    }

    private static ToMaster stopped(Run run, Job.StopCause cause, long ran, boolean touched, String stack) {
        if (!cause.timedOut()) {
            return new Stopped(run.task(), run.attempt(), ran, touched);
        }
        String message = "it exceeded its time limit of " + seconds(run.timeout());
        return new Failed(run.task(), run.attempt(), ran, message, null, stack, touched, true);
    }

    private static String seconds(long nanos) {
        double seconds = nanos / 1e9;
        return (seconds == Math.rint(seconds)
                        ? Long.toString((long) seconds)
                        : String.format(Locale.ROOT, "%.3f", seconds).replaceAll("0+$", ""))
                + " s";
    }

    private static Failed failed(Run run, long ran, FailureReport report, boolean touched) {
        return new Failed(
                run.task(),
                run.attempt(),
                ran,
                report.message(),
                report.exception(),
                report.stack(),
                touched,
                report.retriable(),
                report.endsGroup());
    }

    private static void rollBack(RunningTask task, Job job) {
        try {
            task.data().rollBack();
        } catch (RuntimeException e) {
            LOG.warn("Cannot remove what {} left", job, e);
        }
    }

    private static void release(RunningTask task, boolean succeeded, boolean keepOutput) throws IOException {
        Thread.interrupted();
        task.data().release();
        task.cleanUp(succeeded, keepOutput);
    }

    private TaskFolder folderOf(TaskThread thread) {
        TaskFolder folder = thread.folder;
        if (folder == null) {
            folder = new TaskFolder(settings.scratch().resolve("tasks"));
            thread.folder = folder;
        }
        return folder;
    }

    private void send(TaskThread thread, ToMaster answer, long took) {
        if (muted) {
            return;
        }
        try {
            link.send(answer);
            if (took > LONG || ++thread.unflushed >= MOST_UNFLUSHED) {
                flush(thread);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("Cannot answer the master", e);
        }
    }

    private void flush(TaskThread thread) {
        thread.unflushed = 0;
        link.flush();
    }

    @Override
    public void idle(TaskThread thread) {
        if (thread.unflushed > 0) {
            flush(thread);
        }
    }

    @Override
    public void pause(TaskThread thread, Run run, int turn) {
        Objects.requireNonNull(dispatcher).pause(thread);
        turned(run, turn);
    }

    @Override
    public void resume(TaskThread thread, Run run, int turn) throws InterruptedException {
        Objects.requireNonNull(dispatcher).resume(thread);
        turned(run, turn);
    }

    private void turned(Run run, int turn) {
        if (!muted) {
            link.send(new Message.Turned(run.task(), run.attempt(), turn));
            link.flush();
        }
    }

    /** Answers for a task whose thread does not react; its cores stay taken until it does. */
    void giveUp(TaskThread thread, Job job, Run run) {
        thread.abandon();
        Job.StopCause cause = job.cause;
        StringBuilder stack = new StringBuilder();
        for (StackTraceElement frame : FailureReport.cut(thread.getStackTrace())) {
            stack.append("\tat ").append(frame).append('\n');
        }
        LOG.warn(
                "{} was told to end and does not react; its thread {} keeps its cores until it ends:\n{}",
                job,
                thread.getName(),
                stack);
        if (cause == null || muted) {
            return;
        }
        String where = "The task does not react to being interrupted; its thread is here:\n" + stack;
        link.send(stopped(run, cause, settings.clock().getAsLong() - thread.began(), true, where));
        link.flush();
    }

    /** Tells the master of tasks whose threads are ending the process, and returns their names. */
    List<String> reportExits() {
        List<String> names = new ArrayList<>();
        for (TaskThread thread : Objects.requireNonNull(dispatcher).threads()) {
            Job job = thread.current();
            Run run = job == null ? null : job.run();
            Job.Definition definition = job == null ? null : job.definition;
            if (job != null && run != null && definition != null && isExiting(thread.getStackTrace())) {
                names.add(definition.content.name() + " #" + run.task());
                // It will never come back.
                thread.abandon();
                if (job.move(Job.RUNNING, Job.ENDED) || job.giveUp()) {
                    link.send(new Failed(
                            run.task(),
                            run.attempt(),
                            settings.clock().getAsLong() - thread.began(),
                            "the task called System.exit; a task must return or throw",
                            null,
                            "",
                            true,
                            false));
                }
            }
        }
        if (!names.isEmpty()) {
            link.send(new Message.Leaving("a task called System.exit"));
            link.flush();
        }
        return names;
    }

    private static boolean isExiting(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().equals("java.lang.Runtime")
                    && frame.getMethodName().equals("exit")) {
                return true;
            }
        }
        return false;
    }
}
