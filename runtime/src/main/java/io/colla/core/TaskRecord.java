package io.colla.core;

import io.colla.api.Direction;
import io.colla.scheduler.Schedulable;
import org.jspecify.annotations.Nullable;

/** One call of a task. Kept small: there may be millions. */
public final class TaskRecord extends Schedulable implements Waiter {
    final int id;
    final TaskTemplate template;
    final Object payload;
    /** One per access, shared between calls. */
    final Direction[] directions;

    final @Nullable Version[] in;
    final @Nullable Version[] out;
    final GroupRecord group;

    TaskState state = TaskState.WAITING;
    int attempt;
    int missing;
    short failures;
    short nodesLost;
    /** How often the attempt under way has paused and gone on, both counted. */
    short turns;
    /** Attempts that could not begin since an input could not be fetched. */
    short unfetched;

    int worker = -1;
    /** Output versions that somebody may still read. */
    int liveOutputs;
    /** Retained for its results' sake since it is done. */
    boolean retained;
    /** Holds the data that it updates commutatively. */
    boolean locked;
    /** The attempt is being stopped since one of its nodes was lost; another one follows. */
    boolean restarting;

    /** Contents that the attempt under way writes, per access; not in the tables before it has finished. */
    @Nullable
    Content @Nullable [] written;
    /** Contents that the attempt under way turns into its outputs, per access. */
    @Nullable
    Content @Nullable [] consumed;
    /** Workers that have not yet said that they hold, before -1 for each of the others. */
    int @Nullable [] awaitedHolds;

    /** Per access: the unordered updates that it belongs to. */
    @Nullable
    UpdateGroup @Nullable [] updates;

    @Nullable
    Failure failure;
    /** How the last node was lost that it was running on. */
    @Nullable
    String lastLoss;

    TaskRecord(int id, TaskTemplate template, Object payload, Direction[] directions, GroupRecord group) {
        this.id = id;
        this.template = template;
        this.payload = payload;
        this.directions = directions;
        this.in = new Version[directions.length];
        this.out = new Version[directions.length];
        this.group = group;
    }

    public int id() {
        return id;
    }

    public TaskTemplate template() {
        return template;
    }

    /** What the submitter gave for the worker; opaque to the engine. */
    public Object payload() {
        return payload;
    }

    @Override
    protected int kind() {
        return template.definition();
    }

    @Override
    protected long limit() {
        return template.timeout();
    }

    public int attempt() {
        return attempt;
    }

    public TaskState state() {
        return state;
    }

    /** The name and number, for people. */
    public String label() {
        return template.name() + " #" + id;
    }

    @Override
    public String toString() {
        return label();
    }

    @Nullable
    UpdateGroup groupOf(int access) {
        return updates == null ? null : updates[access];
    }

    boolean mayRetry() {
        return failures < template.retries();
    }
}
