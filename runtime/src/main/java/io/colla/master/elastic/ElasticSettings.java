package io.colla.master.elastic;

import java.time.Duration;

/**
 * How a run may grow.
 *
 * @param site where jobs are submitted
 * @param most how many there may be at a time, 1 at least
 * @param idle how long the workers of one may be idle
 * @param shape of each
 */
public record ElasticSettings(JobSite site, int most, Duration idle, JobShape shape) {}
