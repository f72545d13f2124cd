package io.colla.worker;

import io.colla.worker.store.ValueCodec;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Calls the body of a Java task in a process that is no worker, such as a rank of an MPI task. */
public final class FunctionCall {
    private FunctionCall() {}

    /**
     * What a function threw, as it travels.
     *
     * @param message one sentence
     * @param exception serialized; null if that cannot be done
     * @param stack for people
     * @param retriable whether another attempt could do better
     */
    public record Thrown(String message, byte @Nullable [] exception, String stack, boolean retriable) {}

    /**
     * Calls it with the classes of the thread's context class loader.
     *
     * @param function the body of a task of the kind {@link JavaTaskExecutor#KIND}
     * @throws Exception what the function throws
     */
    public static @Nullable Object call(Serializable function, @Nullable Object[] arguments) throws Exception {
        return JavaTaskExecutor.call((JavaFunction) function, arguments);
    }

    /** Whether its result is that of the task. */
    public static boolean returnsValue(Serializable function) {
        return ((JavaFunction) function).returnsValue;
    }

    /**
     * Describes what was thrown, without the frames of the runtime.
     *
     * @param own whether its class is known where it is read
     * @param longest bytes of the serialized exception; a longer one is replaced by one that only names it
     */
    public static Thrown describe(Throwable thrown, ValueCodec codec, boolean own, int longest) {
        FailureReport report = FailureReport.of(thrown, codec, "");
        byte[] exception = report.exception();
        if (!own || (exception != null && exception.length > longest)) {
            exception = codec.toBytes(FailureReport.remote(thrown, 0));
        }
        boolean fits = exception != null && exception.length <= longest;
        return new Thrown(report.message(), fits ? exception : null, report.stack(), report.retriable());
    }
}
