package io.colla.transport;

import org.jspecify.annotations.Nullable;

/** What a process can serve to others: contents by their numbers. Thread-safe. */
public interface Contents {
    /** The content for sending it, to be closed afterwards; null when it is not here. */
    @Nullable
    Outgoing open(int content);
}
