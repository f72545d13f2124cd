package io.colla.worker.store;

/**
 * The limits of a store.
 *
 * @param memory bytes of objects kept in memory; above it, those not used for the longest time go to disk
 * @param smallestSpilled bytes from which on an object goes to disk at all
 * @param direct bytes from which on an object that arrives goes to disk without being in memory before
 * @param shared most bytes of objects in the node's shared memory, besides half of what is free there; above it, they are on disk
 */
public record StoreSettings(long memory, long smallestSpilled, long direct, long shared) {
    public StoreSettings {
        if (memory <= 0 || smallestSpilled < 0 || direct <= 0 || shared < 0) {
            throw new IllegalArgumentException("a store's limits must be positive");
        }
    }

    /** Shared memory is limited only by what is free there. */
    StoreSettings(long memory, long smallestSpilled, long direct) {
        this(memory, smallestSpilled, direct, Long.MAX_VALUE);
    }

    /** For a budget of so many bytes. */
    public static StoreSettings ofMemory(long memory) {
        return new StoreSettings(memory, 4096, Math.max(1, memory / 8));
    }

    /** 60 % of the largest heap that this process may have. */
    public static StoreSettings defaults() {
        return ofMemory(Runtime.getRuntime().maxMemory() / 10 * 6);
    }
}
