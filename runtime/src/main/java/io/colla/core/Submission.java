package io.colla.core;

import io.colla.api.Direction;

/**
 * A call of a task as the engine takes it.
 *
 * @param task number of the task; counts up
 * @param group the group that it belongs to; {@link Engine#ALL_TASKS} for none
 * @param data the datum of each access; the result, if any, is a new datum accessed OUT
 * @param directions one per access; shared between calls
 * @param result the access whose datum this call creates; -1 for none
 * @param payload for whoever carries out {@link Effects#run}
 */
public record Submission(
        int task, TaskTemplate template, int group, int[] data, Direction[] directions, int result, Object payload) {}
