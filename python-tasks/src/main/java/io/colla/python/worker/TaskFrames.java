package io.colla.python.worker;

import io.colla.api.Direction;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.python.FrameException;
import io.colla.python.FrameInput;
import io.colla.python.FrameOutput;
import io.colla.python.Nothing;
import io.colla.python.PythonFunction;
import io.colla.worker.store.Blob;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes tasks as executors read them, and reads their answers. */
final class TaskFrames {
    /** In a FAILED frame: the other tasks of the task's group are to be cancelled. */
    private static final int ENDS_GROUP = 2;

    private TaskFrames() {}

    static void function(PythonFunction function, FrameOutput out) {
        out.begin(ExecutorFrames.FUNCTION)
                .u32(function.number())
                .string(function.name())
                .bytes(function.body())
                .end();
    }

    /** @throws TaskError if Python cannot be given one of the values; nothing is written then */
    static void task(PythonFunction function, TaskContext context, int sequence, FrameOutput out) throws TaskError {
        List<Integer> cpus = context.cpus();
        out.begin(ExecutorFrames.TASK)
                .u32(sequence)
                .u32(function.number())
                .u32(context.task())
                .u16(context.attempt())
                .u16(context.cores())
                .u16(cpus.size());
        for (int i = 0; i < cpus.size(); i++) {
            out.u16(cpus.get(i));
        }
        List<String> nodes = context.nodes();
        if (nodes.size() > 1) {
            out.u16(nodes.size());
            nodes.forEach(out::string);
        } else {
            out.u16(0);
        }
        int accesses = context.accesses();
        out.u16(accesses);
        for (int i = 0; i < accesses; i++) {
            access(context, i, out);
        }
        out.bytes(context.serialized(0)).end();
    }

    private static void access(TaskContext context, int access, FrameOutput out) throws TaskError {
        Direction direction = context.accessDirection(access);
        Object value = context.access(access);
        int flags = direction == Direction.CONCURRENT ? ExecutorFrames.SHARED : 0;
        if (context.isFileAccess(access)) {
            flags |= ExecutorFrames.FILE;
        } else if (direction == Direction.OUT) {
            value = Nothing.NOTHING;
        } else if (value instanceof Blob.Mapped && context.mayChange(access)) {
            flags |= ExecutorFrames.MAY_CHANGE;
        }
        try {
            out.u8(number(direction)).u8(flags).value(value);
        } catch (IllegalArgumentException e) {
            out.cancel();
            throw new TaskError(String.valueOf(e.getMessage()), "", false, e);
        }
    }

    private static int number(Direction direction) {
        return switch (direction) {
            case IN -> 0;
            case OUT -> 1;
            case INOUT -> 2;
            case CONCURRENT -> 3;
            case COMMUTATIVE -> 4;
            case IN_DELETE -> 5;
        };
    }

    private static boolean writes(Direction direction) {
        return direction != Direction.IN && direction != Direction.IN_DELETE;
    }

    /**
     * Reads what the task has made, behind sequence and time of a DONE frame, and sets it.
     *
     * @param told of each file that is the worker's now
     * @throws TaskError if it has not made all that it should
     */
    static void done(FrameInput in, TaskContext context, Consumer<Blob.Mapped> told) throws FrameException, TaskError {
        int count = in.u16();
        int accesses = context.accesses();
        for (int i = 0; i < accesses; i++) {
            if (writes(context.accessDirection(i))) {
                if (--count < 0) {
                    throw new FrameException("the answer has too few outputs");
                }
                Object value = in.value();
                if (value instanceof Blob.Mapped mapped) {
                    told.accept(mapped);
                }
                if (!context.isFileAccess(i)) {
                    set(context, i, value);
                }
            }
        }
        if (count != 0) {
            throw new FrameException("the answer has " + count + " outputs too many");
        }
    }

    private static void set(TaskContext context, int access, @Nullable Object value) throws TaskError {
        if (value == Nothing.NOTHING) {
            throw new TaskError("the task did not make its output " + access, "", false, null);
        }
        context.setAccess(access, value);
    }

    /** Reads what is behind sequence and time of a FAILED frame. */
    static TaskError failed(FrameInput in) throws FrameException {
        int remedy = in.u8();
        String message = in.string();
        String stack = in.string();
        byte[] exception = in.rest();
        byte[] own = exception.length == 0 ? null : exception;
        return remedy == ENDS_GROUP
                ? TaskError.endingGroup(message, stack, own)
                : TaskError.ofForeign(message, stack, remedy != 0, own);
    }
}
