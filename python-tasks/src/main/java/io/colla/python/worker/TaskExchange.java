package io.colla.python.worker;

import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.python.FrameException;
import io.colla.python.FrameInput;
import io.colla.python.PythonFunction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One task in its executor, from the first frame to the answer. Used by the task's thread. */
final class TaskExchange {
    private static final int TAIL = 8 << 10;

    private final ExecutorProcess executor;
    private final PythonFunction function;
    private final TaskContext context;
    private final PythonProcesses processes;
    private @Nullable Questions questions;
    private boolean reusable;

    TaskExchange(ExecutorProcess executor, PythonFunction function, TaskContext context, PythonProcesses processes) {
        this.executor = executor;
        this.function = function;
        this.context = context;
        this.processes = processes;
    }

    /** Whether the executor can be given another task. */
    boolean isReusable() {
        return reusable;
    }

    /** @throws TaskError if the task fails */
    void run() throws TaskError {
        ExecutorLink link = executor.link();
        if (!executor.functions.get(function.number())) {
            TaskFrames.function(function, link.output());
        }
        int sequence = executor.begin();
        try {
            TaskFrames.task(function, context, sequence, link.output());
        } catch (TaskError e) {
            link.output().taken();
            reusable = executor.end();
            throw e;
        }
        context.onEnd(() -> processes.cancel(executor, sequence));
        try {
            link.flush();
            executor.functions.set(function.number());
            executor.cpus = context.cpus();
            await(link, sequence);
        } catch (FrameException e) {
            throw new TaskError(
                    "the Python process that ran the task sent what cannot be understood (" + e.getMessage()
                            + "); are Colla's package and command of the same version?",
                    "",
                    false,
                    e);
        } catch (IOException e) {
            throw crashed();
        } finally {
            if (questions != null) {
                questions.end();
            }
        }
    }

    private void await(ExecutorLink link, int sequence) throws IOException, TaskError {
        FrameInput in = link.input();
        while (true) {
            Questions asked = questions;
            int type = asked == null ? link.next() : link.next(asked.patience());
            if (type == ExecutorFrames.DONE) {
                answered(in, sequence);
                TaskFrames.done(in, context, executor);
                return;
            } else if (type == ExecutorFrames.FAILED) {
                answered(in, sequence);
                throw TaskFrames.failed(in);
            } else if (type == ExecutorFrames.ASK) {
                ask(link);
            } else if (type == ExecutorFrames.PRINTED) {
                processes.host().printed(context.task(), new String(in.rest(), StandardCharsets.UTF_8));
            } else if (type >= 0) {
                throw new FrameException("there is no frame " + type);
            } else if (asked != null && asked.look(link.output())) {
                link.flush();
            }
        }
    }

    private void answered(FrameInput in, int sequence) throws FrameException {
        int number = in.u32();
        in.u64();
        if (number != sequence) {
            throw new FrameException("task " + number + " was answered and not " + sequence);
        }
        reusable = executor.end();
    }

    private void ask(ExecutorLink link) throws FrameException {
        Questions asked = questions;
        if (asked == null) {
            asked = new Questions(processes.host(), context, link);
            questions = asked;
        }
        asked.ask(link.input());
    }

    private TaskError crashed() {
        Ending ending = executor.awaitEnding();
        String printed = Interpreter.tail(executor.printed, TAIL);
        return new TaskError("the Python process that ran the task " + ending.sentence(), printed, true, null);
    }
}
