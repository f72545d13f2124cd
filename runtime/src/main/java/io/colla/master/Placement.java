package io.colla.master;

/**
 * What one kind of task did on one node.
 *
 * @param node empty for tasks that never got to a node
 * @param done calls that ended well
 * @param failed calls that failed for good
 * @param retried attempts that were followed by another
 * @param seconds time that their own code ran, in all attempts that the workers told of, added up
 * @param longest seconds of the longest one
 * @param coreSeconds seconds times the cores that they held
 */
public record Placement(
        String task,
        String node,
        long done,
        long failed,
        long cancelled,
        long retried,
        double seconds,
        double longest,
        double coreSeconds) {}
