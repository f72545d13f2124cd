package io.colla.python.gateway;

import io.colla.python.FrameOutput;
import java.util.function.Consumer;

/** Takes the frames that answer a program or a task. Thread-safe; nobody waits. */
interface Sink {
    /** A request begins, which will have one answer. */
    void expect(int request);

    /**
     * The answer to a request. What {@code body} throws leaves no trace of it.
     *
     * @param body writes all but the request's number, which comes first
     */
    void answer(int request, int type, Consumer<FrameOutput> body);

    /** A frame that answers nothing. */
    void tell(int type, Consumer<FrameOutput> body);

    /** Lets go out what has gathered. */
    void flush();
}
