package io.colla.api.spi;

import org.jspecify.annotations.Nullable;

/** The place of this process where applications' events go. */
public final class TraceSinks {
    private static volatile @Nullable TraceSink current;

    private TraceSinks() {}

    /** Null if they are not recorded. */
    public static @Nullable TraceSink current() {
        return current;
    }

    /** To be called by the runtime when a run begins, and with null when it ends. */
    public static void use(@Nullable TraceSink sink) {
        current = sink;
    }
}
