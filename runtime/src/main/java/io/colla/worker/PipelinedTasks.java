package io.colla.worker;

import io.colla.platform.TaskError;
import io.colla.platform.TaskPipeline;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.Mode;
import io.colla.wire.Message.Output;
import io.colla.wire.Message.Run;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Narrow tasks that one thread gives to an executor ahead of time, so that neither waits for the other. Only such are sent ahead as will be over soon, as far as can be told from those before; when one
 * lasts, those behind it are taken back. Every task has its state, its data and its answer to itself, as if it were alone. Used by that thread.
 */
final class PipelinedTasks {
    private static final int MOST = 64;
    /** The tasks before must be over in this time for another to be sent. */
    private static final long AHEAD = 2_000_000;

    /** Nanoseconds that the executor needs for a task besides the task's own code; an estimate. */
    private static final long OVERHEAD = 6_000;

    private static final long LONGEST_LULL = 500_000;
    private static final int LEAST_FOR_A_LULL = 4;

    private final TaskRunner runner;
    private final TaskThread thread;
    private final Dispatcher dispatcher;
    private final String kind;
    private final TaskPipeline pipeline;
    /** In the pipeline, in order. */
    private final Deque<RunningTask> tasks = new ArrayDeque<>();

    /** The time of the last record; those of a thread are in order. */
    private long recorded = Long.MIN_VALUE;

    /** Estimated time of all of them. */
    private long ahead;
    /** How many there were after the last refill. */
    private int filled;

    PipelinedTasks(TaskRunner runner, TaskThread thread, Dispatcher dispatcher, String kind, TaskPipeline pipeline) {
        this.runner = runner;
        this.thread = thread;
        this.dispatcher = dispatcher;
        this.kind = kind;
        this.pipeline = pipeline;
    }

    /** Whether nothing needs to be undone if the task is prepared and not begun. */
    static boolean fits(Job job, Run run) {
        if (!job.isNarrow() || run.timeout() > 0) {
            return false;
        }
        List<Access> accesses = run.accesses();
        for (int i = 0; i < accesses.size(); i++) {
            Access access = accesses.get(i);
            if (access.file() != null || access.mode() == Mode.CONSUME || access.mode() == Mode.SHARE) {
                return false;
            }
        }
        return true;
    }

    /** Runs the task, which the thread has begun, and further ones that fit. */
    void run(RunningTask first) {
        thread.pipeline = pipeline;
        try {
            add(first);
            refill();
            while (!tasks.isEmpty()) {
                TaskPipeline.Answer answer = pipeline.poll();
                if (answer == null) {
                    // May bring further tasks, when the master is in this process.
                    runner.idle(thread);
                    refill();
                    answer = pipeline.await(lull());
                }
                handle(answer);
                if (tasks.size() <= filled / 2) {
                    refill();
                }
            }
        } finally {
            thread.pipeline = null;
        }
    }

    /** In which about half of the tasks will be done, so that the executor has work all the time. */
    private long lull() {
        RunningTask head = tasks.peek();
        int count = tasks.size();
        if (head == null || count < LEAST_FOR_A_LULL) {
            return 0;
        }
        return Math.min(LONGEST_LULL, count / 2 * (head.learned().lastRun + OVERHEAD));
    }

    private void refill() {
        if (tasks.isEmpty() || !pipeline.isOpen() || !thread.keepsCore() || runner.now() - thread.began() > AHEAD) {
            return;
        }
        int most = Math.min(MOST, dispatcher.fairShare(tasks.size()));
        boolean more = true;
        while (more && tasks.size() < most) {
            Job job = dispatcher.nextNarrow(this::isWelcome);
            more = job != null && begin(job);
        }
        filled = tasks.size();
    }

    private boolean isWelcome(Job job) {
        Run run = job.run();
        Job.Definition definition = job.definition;
        return run != null
                && definition != null
                && ahead + cost(definition) <= AHEAD
                && definition
                        .content
                        .implementations()
                        .get(run.implementation())
                        .kind()
                        .equals(kind)
                && fits(job, run);
    }

    private static long cost(Job.Definition definition) {
        long longest = definition.longest;
        return longest > AHEAD ? AHEAD + 1 : longest + OVERHEAD;
    }

    private boolean begin(Job job) {
        Run run = job.run();
        Job.Definition definition = job.definition;
        return run != null && definition != null && add(runner.task(thread, job, run, definition));
    }

    /** False if no more should be added now. */
    private boolean add(RunningTask task) {
        try {
            if (task.ended()) {
                throw new InterruptedException("it was ended before it began");
            }
            task.data().prepare();
            boolean more = pipeline.add(task);
            if (tasks.isEmpty()) {
                head(task);
            }
            tasks.add(task);
            ahead += cost(task.learned());
            return more;
        } catch (Exception | Error e) {
            task.executed();
            runner.finish(thread, task, TaskRunner.Outcome.failed(runner.report(e, thread), e, 0), 0, headOrNull());
            return true;
        }
    }

    private @Nullable Job headOrNull() {
        RunningTask head = tasks.peek();
        return head == null ? null : head.job();
    }

    /** The task is the one that runs now: it is watched, and can be interrupted. */
    private void head(RunningTask task) {
        task.job().thread = thread;
    }

    private void handle(TaskPipeline.Answer answer) {
        RunningTask task = (RunningTask) answer.task();
        boolean wasHead = tasks.peek() == task;
        tasks.remove(task);
        ahead = tasks.isEmpty() ? 0 : Math.max(0, ahead - cost(task.learned()));
        task.executed();
        RunningTask next = tasks.peek();
        if (wasHead && next != null) {
            head(next);
        }
        Job nextJob = next == null ? null : next.job();
        if (answer.returned()) {
            runner.giveBack(thread, task, nextJob);
            return;
        }
        record(task.run(), answer);
        task.learned().learn(answer.nanos());
        runner.finish(thread, task, outcome(task, answer), answer.nanos(), nextJob);
    }

    /** Afterwards: the executor has taken the times. */
    private void record(Run run, TaskPipeline.Answer answer) {
        NodeTrace.Executor trace = runner.trace(thread);
        if (trace != null) {
            long now = runner.now();
            long begun = answer.begun() > 0 ? answer.begun() : now - answer.nanos();
            recorded = Math.max(recorded, Math.min(begun, now));
            trace.taken(recorded, run, thread.lease());
            trace.begins(recorded, run);
            recorded = Math.max(recorded, Math.min(begun + answer.nanos(), now));
            trace.ends(recorded, run, answer.failure() != null);
            trace.left(recorded, run);
        }
    }

    private TaskRunner.Outcome outcome(RunningTask task, TaskPipeline.Answer answer) {
        TaskError failure = answer.failure();
        if (failure == null) {
            try {
                List<Output> outputs = task.data().commit(null);
                return TaskRunner.Outcome.succeeded(outputs, answer.nanos());
            } catch (TaskError | RuntimeException | Error e) {
                return TaskRunner.Outcome.failed(runner.report(e, thread), e, answer.nanos());
            }
        }
        return TaskRunner.Outcome.failed(runner.report(failure, thread), failure, answer.nanos());
    }
}
