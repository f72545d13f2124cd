package io.colla.core;

/**
 * @param lineage how many finished tasks are remembered at most, so that their results can be computed again
 * @param nodeLosses after how many lost nodes a task that ran on them is given up
 */
public record EngineSettings(int lineage, int nodeLosses) {
    public static final EngineSettings DEFAULTS = new EngineSettings(200_000, 3);
}
