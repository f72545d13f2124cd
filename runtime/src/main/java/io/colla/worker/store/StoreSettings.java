package io.colla.worker.store;

/**
 * The limits of a store.
 *
 * @param memory bytes of objects kept in memory; above it, those not used for the longest time go to disk
 * @param smallestSpilled bytes from which on an object goes to disk at all
 * @param direct bytes from which on an object that arrives goes to disk without being in memory before
 */
public record StoreSettings(long memory, long smallestSpilled, long direct) {
    public StoreSettings {
        if (memory <= 0 || smallestSpilled < 0 || direct <= 0) {
            throw new IllegalArgumentException("a store's limits must be positive");
        }
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
