package io.colla.scheduler;

/**
 * Tasks that are ready and wait for a worker, all with the same requirements.
 *
 * @param need of the first implementation
 * @param cores that each takes, on all its nodes together
 * @param waiting how many
 * @param late those among them that some worker has no time for any more
 * @param meanNanos how long such tasks have run; 0 when none has
 * @param shortestLateNanos how long the shortest of the late ones that come first is expected to take; 0 when there is none, or it is not known
 * @param lateLimitNanos the time limit of that one; 0 for none
 * @param stalledNanos how long none of them was placed
 * @param helped whether nodes that may join later could run one, and would have time for it
 * @param placeable whether a worker that is there could ever run one, and has time for it
 */
public record Demand(
        Requirement need,
        long cores,
        int waiting,
        int late,
        long meanNanos,
        long shortestLateNanos,
        long lateLimitNanos,
        long stalledNanos,
        boolean helped,
        boolean placeable) {}
