package io.colla.python.gateway;

import io.colla.core.Failure;
import io.colla.python.FrameOutput;
import io.colla.python.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Words what is told to the program. Thread-safe; what is said goes out with the next {@link #flush}. */
final class Answers {
    private static final int USAGE = 0;
    private static final int INTERNAL = 4;
    /** In front of each packed object. */
    private static final byte[] PACKED = {'C', 'P', 'O', '1'};

    private final Sink out;
    private volatile @Nullable Failure unheard;

    Answers(Sink out) {
        this.out = out;
    }

    /**
     * Answers a GET.
     *
     * @throws IllegalArgumentException if Python has no form for the value; nothing has been said then
     */
    void value(int request, @Nullable Object value) {
        out.answer(request, FrameType.VALUE, frame -> frame.value(value));
    }

    void done(int request, Map<String, ?> result) {
        String json = Json.text(result);
        out.answer(request, FrameType.DONE, frame -> frame.string(json));
    }

    /** Answers a QUESTION. */
    void answer(int request, byte[] content) {
        out.answer(request, FrameType.ANSWER, frame -> frame.bytes(content));
    }

    void failed(int request, Failure failure) {
        if (failure == unheard) {
            unheard = null;
        }
        out.answer(request, FrameType.FAILED, frame -> write(failure, frame));
    }

    /** The program asked for something that cannot be. */
    void refused(int request, @Nullable String sentence) {
        out.answer(request, FrameType.FAILED, frame -> write(USAGE, sentence, frame));
    }

    /** Colla itself could not answer. */
    void broken(int request, String sentence) {
        out.answer(request, FrameType.FAILED, frame -> write(INTERNAL, sentence, frame));
    }

    /** A request begins, which will have one answer. */
    void expect(int request) {
        out.expect(request);
    }

    /** The failure that ended all tasks, if the program has not been answered by it; it may have been told without reading it yet. */
    @Nullable
    Failure unheard() {
        return unheard;
    }

    /** The program has raised it. */
    void heard() {
        unheard = null;
    }

    /** All tasks have been ended. */
    void allEnded(Failure failure) {
        unheard = failure;
        out.tell(FrameType.FAILURE, frame -> write(failure, frame));
    }

    /** What the program asked for without expecting an answer cannot be. */
    void refused(@Nullable String sentence) {
        out.tell(FrameType.FAILURE, frame -> write(USAGE, sentence, frame));
    }

    /** What the program says is no frame of the protocol, or Colla cannot go on. */
    void broken(String sentence) {
        out.tell(FrameType.FAILURE, frame -> write(INTERNAL, sentence, frame));
    }

    /** What a task has printed just now. */
    void printed(String task, String node, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.tell(FrameType.PRINTED, frame -> frame.string(task).string(node).bytes(bytes));
    }

    private static void write(Failure failure, FrameOutput frame) {
        frame.u8(code(failure.kind()))
                .string(failure.task())
                .string(failure.node())
                .string(failure.message())
                .string(failure.stack());
        byte[] exception = failure.exception();
        if (exception != null && isPacked(exception)) {
            frame.bytes(exception);
        }
    }

    /** An exception of a Java task means nothing to Python. */
    private static boolean isPacked(byte[] exception) {
        return exception.length > PACKED.length && Arrays.equals(exception, 0, PACKED.length, PACKED, 0, PACKED.length);
    }

    private static void write(int kind, @Nullable String sentence, FrameOutput frame) {
        frame.u8(kind).string("").string("").string(String.valueOf(sentence)).string("");
    }

    private static int code(Failure.Kind kind) {
        return switch (kind) {
            case TASK -> 1;
            case CANCELLED -> 2;
            case LOST -> 3;
            case INTERNAL -> INTERNAL;
            case NODES -> 5;
        };
    }

    void flush() {
        out.flush();
    }
}
