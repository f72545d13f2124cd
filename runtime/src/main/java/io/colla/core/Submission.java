package io.colla.core;

import io.colla.api.Direction;

/**
 * A call of a task as the engine takes it.
 *
 * @param task number of the task; counts up
 * @param group the group that it belongs to; {@link Engine#ALL_TASKS} for none
 * @param data the datum of each access; results are new data accessed OUT
 * @param directions one per access; shared between calls
 * @param created the first of the accesses whose data this call creates, up to the last one; the number of accesses for none
 * @param payload for whoever carries out {@link Effects#run}
 */
public record Submission(
        int task, TaskTemplate template, int group, int[] data, Direction[] directions, int created, Object payload) {}
