package io.colla.master;

/**
 * What all calls of one task came to.
 *
 * @param name the task's name
 * @param count calls that ended, well or not
 * @param failed calls among them that failed for good
 * @param totalSeconds time that their own code ran, in all attempts, added up
 * @param maxSeconds time that the longest one ran
 */
public record TaskSummary(String name, long count, long failed, double totalSeconds, double maxSeconds) {}
