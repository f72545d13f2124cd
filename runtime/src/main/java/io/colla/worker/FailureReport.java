package io.colla.worker;

import io.colla.api.DoNotRetryException;
import io.colla.api.RemoteException;
import io.colla.api.UsageException;
import io.colla.platform.TaskError;
import io.colla.worker.store.UnserializableException;
import io.colla.worker.store.ValueCodec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what a task threw what travels to the application.
 *
 * @param exception serialized; null when there is none
 * @param stack for people
 * @param retriable whether another attempt could do better
 * @param endsGroup whether the other tasks of its group are to be cancelled
 */
record FailureReport(String message, byte @Nullable [] exception, String stack, boolean retriable, boolean endsGroup) {
    private static final String RUNTIME = "io.colla.worker.";
    private static final int DEEPEST = 32;
    /** A message must fit into a frame, and an exception that drags a data set along helps nobody. */
    private static final int LONGEST = 1 << 20;

    /** @param printed the end of what the task printed; may be empty */
    static FailureReport of(Throwable thrown, ValueCodec codec, String printed) {
        if (thrown instanceof TaskError error) {
            Throwable cause = error.getCause();
            String output = error.output().isEmpty() ? printed : error.output();
            return new FailureReport(
                    sentence(error.getMessage()),
                    cause == null ? error.exception() : serialize(cause, codec),
                    output,
                    error.retriable(),
                    error.endsGroup());
        }
        cutAll(thrown);
        String trace = trace(thrown);
        String stack = printed.isEmpty() ? trace : trace + "--- what the task printed last ---\n" + printed;
        return new FailureReport(message(thrown), serialize(thrown, codec), stack, isRetriable(thrown), false);
    }

    static FailureReport ofWords(String message, String printed, boolean retriable) {
        return new FailureReport(message, null, printed, retriable, false);
    }

    private static boolean isRetriable(Throwable thrown) {
        return !(thrown instanceof LinkageError
                || thrown instanceof UsageException
                || thrown instanceof UnserializableException
                || thrown instanceof DoNotRetryException
                || thrown.getCause() instanceof DoNotRetryException);
    }

    private static String message(Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) {
            return "the task ran out of memory (" + sentence(thrown.getMessage()) + "): this process' heap may grow to "
                    + io.colla.api.Memory.format(Runtime.getRuntime().maxMemory())
                    + "; give the task more memory, or run fewer at once";
        }
        if (thrown instanceof StackOverflowError) {
            return "the task's calls are nested too deeply (StackOverflowError): it recurses without end, or needs a larger stack";
        }
        if (thrown instanceof LinkageError) {
            return "a class that the task uses cannot be loaded on this node (" + describe(thrown)
                    + "): is it on the run's class path?";
        }
        return describe(thrown);
    }

    /** The exception in one line; just its message where that is meant for users. */
    static String describe(Throwable thrown) {
        String message = thrown.getMessage();
        if (thrown instanceof io.colla.api.CollaException
                || thrown instanceof TaskError
                || thrown.getClass() == IllegalStateException.class
                        && thrown.getStackTrace().length > 0
                        && thrown.getStackTrace()[0].getClassName().startsWith(RUNTIME)) {
            return sentence(message);
        }
        String type = thrown.getClass().getName();
        return message == null ? type : type + ": " + message;
    }

    private static String sentence(@Nullable String message) {
        return message == null ? "it does not say why" : message;
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.getBuffer().length() <= LONGEST
                ? text.toString()
                : text.toString().substring(0, LONGEST) + "...\n";
    }

    private static void cutAll(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> open = new ArrayList<>(List.of(thrown));
        while (!open.isEmpty()) {
            Throwable each = open.remove(open.size() - 1);
            if (seen.add(each)) {
                each.setStackTrace(cut(each.getStackTrace()));
                if (each.getCause() != null) {
                    open.add(each.getCause());
                }
                open.addAll(Arrays.asList(each.getSuppressed()));
            }
        }
    }

    /** Without the frames of the runtime at the bottom, and of what it uses to call a method. */
    static StackTraceElement[] cut(StackTraceElement[] stack) {
        int end = stack.length;
        while (end > 0 && !stack[end - 1].getClassName().equals(JavaTaskExecutor.class.getName())) {
            end--;
        }
        if (end == 0) {
            return stack;
        }
        while (end > 0 && isPlumbing(stack[end - 1].getClassName())) {
            end--;
        }
        return Arrays.copyOf(stack, end);
    }

    private static boolean isPlumbing(String type) {
        return type.equals(JavaTaskExecutor.class.getName())
                || type.equals(JavaFunction.class.getName())
                || type.startsWith("java.lang.invoke.")
                || type.startsWith("java.lang.reflect.")
                || type.startsWith("jdk.internal.reflect.");
    }

    private static byte @Nullable [] serialize(Throwable thrown, ValueCodec codec) {
        try {
            byte[] bytes = codec.toBytes(thrown);
            // Some can be written and not read again.
            codec.fromBytes(bytes);
            return bytes.length <= LONGEST ? bytes : codec.toBytes(remote(thrown, 0));
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            try {
                return codec.toBytes(remote(thrown, 0));
            } catch (RuntimeException | LinkageError again) {
                return null;
            }
        }
    }

    static RemoteException remote(Throwable thrown, int depth) {
        Throwable cause = thrown.getCause();
        String message;
        try {
            message = thrown.getMessage();
        } catch (RuntimeException e) {
            message = null;
        }
        return new RemoteException(
                thrown.getClass().getName(),
                message,
                thrown.getStackTrace(),
                cause == null || depth == DEEPEST ? null : remote(cause, depth + 1));
    }
}
