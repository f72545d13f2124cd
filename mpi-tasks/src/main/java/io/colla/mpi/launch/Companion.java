package io.colla.mpi.launch;

import io.colla.platform.ErrandListener;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One of the other nodes of a job, as the first node knows it. Thread-safe. */
final class Companion implements ErrandListener {

    private final String node;
    private final Runnable failed;
    private final CompletableFuture<Map<String, String>> variables = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile Map<Integer, String> errors = Map.of();
    private volatile @Nullable String failure;
    private volatile @Nullable Handle handle;

    /** @param failed called when its errand ended with an error */
    Companion(String node, Runnable failed) {
        this.node = node;
        this.failed = failed;
    }

    void started(Handle errand) {
        handle = errand;
    }

    @Override
    public void said(byte[] content) {
        Wire.Said said = Wire.said(content);
        if (said instanceof Wire.Said.Variables told) {
            variables.complete(told.variables());
        } else if (said instanceof Wire.Said.Errors told) {
            errors = told.byRank();
        }
    }

    @Override
    public void ended(@Nullable String error) {
        failure = error;
        end.complete(null);
        if (error != null) {
            variables.completeExceptionally(new IllegalStateException(error));
            failed.run();
        }
    }

    /** When its part of the job is over. */
    CompletableFuture<Void> end() {
        return end;
    }

    String node() {
        return node;
    }

    /** What its {@link NodeSite} tells ranks. */
    CompletableFuture<Map<String, String>> variables() {
        return variables;
    }

    /** Why its part of the job failed, in one sentence. */
    @Nullable
    String failure() {
        return failure;
    }

    /** What its ranks wrote to standard error last; known when it has ended. */
    Map<Integer, String> errors() {
        return errors;
    }

    /** Ends its part of the job, and tells when that is over; at once if it had none. */
    CompletableFuture<Void> finish() {
        Handle errand = handle;
        if (errand == null) {
            end.complete(null);
        } else {
            errand.end();
        }
        return end;
    }
}
