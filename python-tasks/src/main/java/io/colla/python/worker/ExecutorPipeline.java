package io.colla.python.worker;

import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.platform.TaskPipeline;
import io.colla.python.FrameException;
import io.colla.python.FrameInput;
import io.colla.python.PythonFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tasks of one thread in one executor. */
final class ExecutorPipeline implements TaskPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorPipeline.class);
    private static final int TAIL = 8 << 10;
    /** Bytes of frames after which no more are added: they must fit into the socket. */
    private static final int MOST_AHEAD = 64 << 10;
    /** A sleep of less than this lasts longer than it should. */
    private static final long SHORTEST_LULL = 60_000;

    private record Sent(int sequence, TaskContext context) {}

    private final PythonProcesses processes;
    private final ExecutorProcess executor;
    private final ExecutorLink link;
    /** Without answer, in order. */
    private final Deque<Sent> sent = new ArrayDeque<>();

    private @Nullable Questions questions;
    /** The executor cannot be told anything any more. */
    private boolean deaf;
    /** Why nothing more is heard of the executor either; the first of the tasks is the one that fails for it. */
    private @Nullable TaskError broken;

    ExecutorPipeline(PythonProcesses processes, ExecutorProcess executor) {
        this.processes = processes;
        this.executor = executor;
        this.link = executor.link();
    }

    @Override
    public boolean add(TaskContext task) throws TaskError {
        PythonFunction function = PythonTaskExecutor.function(task);
        if (!executor.functions.get(function.number())) {
            TaskFrames.function(function, link.output());
            executor.functions.set(function.number());
        }
        int sequence = executor.number();
        TaskFrames.task(function, task, sequence, link.output());
        executor.cpus = task.cpus();
        if (sent.isEmpty()) {
            executor.runs(sequence);
        }
        sent.add(new Sent(sequence, task));
        task.onEnd(() -> processes.cancel(executor, sequence));
        return link.output().size() < MOST_AHEAD;
    }

    @Override
    public boolean isOpen() {
        return broken == null && !deaf;
    }

    @Override
    public @Nullable Answer poll() {
        return answer(false);
    }

    @Override
    public Answer await(long lull) {
        if (lull >= SHORTEST_LULL && questions == null) {
            flush();
            // Each answer by itself would cost a switch to this thread and back.
            LockSupport.parkNanos(this, lull);
        }
        while (true) {
            Answer answer = answer(true);
            if (answer != null) {
                return answer;
            }
        }
    }

    private void flush() {
        if (deaf) {
            link.output().taken();
        } else if (broken == null && !link.output().isEmpty()) {
            try {
                link.flush();
            } catch (IOException e) {
                // The process has ended; what it had answered before is still to be read, and then the end is.
                deaf = true;
                link.output().taken();
            }
        }
    }

    private @Nullable Answer answer(boolean wait) {
        flush();
        if (broken == null) {
            try {
                int type = wait ? next() : link.poll();
                return type < 0 && !wait ? null : heard(type);
            } catch (FrameException e) {
                breaks(new TaskError(
                        "the Python process that ran the task sent what cannot be understood (" + e.getMessage()
                                + "); are Colla's package and command of the same version?",
                        "",
                        false,
                        e));
            } catch (IOException e) {
                breaks(crash());
            }
        }
        return afterTheEnd();
    }

    private int next() throws IOException {
        Questions asked = questions;
        return asked == null ? link.next() : link.next(asked.patience());
    }

    private @Nullable Answer heard(int type) throws IOException {
        FrameInput in = link.input();
        switch (type) {
            case ExecutorFrames.DONE:
                return done(in);
            case ExecutorFrames.FAILED:
                return failed(in);
            case ExecutorFrames.RETURNED:
                return new Answer(taken(in.u32()).context, null, true, 0);
            case ExecutorFrames.ASK:
                asked(in);
                return null;
            case ExecutorFrames.PRINTED:
                processes.host().printed(first().context.task(), new String(in.rest(), StandardCharsets.UTF_8));
                return null;
            case -1:
                answerQuestions();
                return null;
            default:
                throw new FrameException("there is no frame " + type);
        }
    }

    private Answer done(FrameInput in) throws FrameException {
        if (questions != null) {
            questions.succeeds();
        }
        Sent task = taken(in.u32());
        long nanos = in.u64();
        long begun = in.u64();
        TaskError failure = null;
        try {
            TaskFrames.done(in, task.context, executor::told);
        } catch (TaskError e) {
            failure = e;
        }
        return new Answer(task.context, failure, false, nanos, begun);
    }

    private Answer failed(FrameInput in) throws FrameException {
        Sent task = taken(in.u32());
        long nanos = in.u64();
        TaskError failure = TaskFrames.failed(in);
        keep(task.context, failure);
        return new Answer(task.context, failure, false, nanos);
    }

    /** Leaves where it failed and what it printed last in the run's folder; the executor's own file is the next task's already. */
    static void keep(TaskContext context, TaskError failure) {
        if (failure.output().isBlank() || context.ended()) {
            return;
        }
        try {
            Files.writeString(context.outputFile("out"), failure.output());
        } catch (IOException | UncheckedIOException e) {
            LOG.info("what task {} printed is in its error only: {}", context.task(), e.getMessage());
        }
    }

    private Sent first() throws FrameException {
        Sent first = sent.peek();
        if (first == null) {
            throw new FrameException("something was said about a task when there was none");
        }
        return first;
    }

    /** Takes out the task that is answered. */
    private Sent taken(int sequence) throws FrameException {
        Sent first = first();
        if (first.sequence == sequence) {
            takeFirst();
            return first;
        }
        for (Iterator<Sent> each = sent.iterator(); each.hasNext(); ) {
            Sent other = each.next();
            if (other.sequence == sequence) {
                each.remove();
                return other;
            }
        }
        throw new FrameException("task " + sequence + " was answered, which it has not");
    }

    private void takeFirst() {
        sent.remove();
        Sent following = sent.peek();
        executor.runs(following == null ? ExecutorProcess.NONE : following.sequence);
        if (questions != null) {
            questions.end();
            questions = null;
        }
    }

    private void asked(FrameInput in) throws FrameException {
        Questions asked = questions;
        if (asked == null) {
            asked = new Questions(processes.host(), first().context, link);
            questions = asked;
        }
        asked.ask(in);
    }

    private void answerQuestions() throws IOException {
        Questions asked = questions;
        if (asked != null) {
            if (asked.isAboutToPause() && sent.size() > 1) {
                // What the task waits for may be behind it.
                executor.recall();
            }
            asked.look(link.output());
        }
    }

    private TaskError crash() {
        Ending ending = executor.awaitEnding();
        String printed = Interpreter.tail(executor.printed, TAIL);
        return new TaskError("the Python process that ran the task " + ending.sentence(), printed, true, null);
    }

    private void breaks(TaskError why) {
        broken = why;
        link.output().taken();
        executor.close();
    }

    /** The first task fails; those behind were not begun. */
    private @Nullable Answer afterTheEnd() {
        TaskError failure = broken;
        Sent first = sent.peek();
        if (first == null) {
            return null;
        }
        takeFirst();
        if (failure != null && failure != GONE) {
            broken = GONE;
            keep(first.context, failure);
            return new Answer(first.context, failure, false, 0);
        }
        return new Answer(first.context, null, true, 0);
    }

    /** Stands for the failure when it has been told. */
    private static final TaskError GONE = new TaskError("the executor is gone", "", true, null);

    @Override
    public void recall() {
        executor.recall();
    }

    @Override
    public void close() {
        processes.giveBack(executor, isOpen() && sent.isEmpty() && !executor.isDoomed());
    }
}
