package io.colla.worker;

import io.colla.wire.Message.Source;
import java.util.List;

/** Brings contents from other processes into this worker's store. Thread-safe; returns at once. Never called by a worker that shares its store with the master. */
public interface Fetcher {
    /**
     * Fetches a content; the sources are asked one after the other until one gives it.
     *
     * @param sources at least one
     * @param file whether the content is a file
     * @param listener told once, by any thread
     */
    void fetch(int content, List<Source> sources, boolean file, Listener listener);

    /** Told how a fetch ended. */
    interface Listener {
        /** The content is in the store. */
        void fetched(int content);

        /**
         * No source gave it.
         *
         * @param workers those that were asked
         * @param why one sentence
         */
        void failed(int content, int[] workers, String why);
    }
}
