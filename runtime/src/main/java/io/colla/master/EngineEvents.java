package io.colla.master;

import org.jspecify.annotations.Nullable;

/** What jobs tell the engine when they are done; called by any thread. */
interface EngineEvents {
    void fetchedByMaster(int content);

    void notFetchedByMaster(int content, int[] workers);

    void published(int wait, boolean moved, @Nullable String error);
}
