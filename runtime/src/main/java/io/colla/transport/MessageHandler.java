package io.colla.transport;

import io.colla.wire.Message;
import java.util.List;

/** Told what comes in on one connection, by its reader thread: never at the same time, so what takes long delays what comes next. */
public interface MessageHandler {
    /** The messages of one frame, at least one, in the order in which they were sent. */
    void received(Connection connection, List<Message> frame);

    /**
     * The connection is gone, whoever closed it. Called exactly once, last.
     *
     * @param reason for people
     */
    void closed(Connection connection, String reason);
}
