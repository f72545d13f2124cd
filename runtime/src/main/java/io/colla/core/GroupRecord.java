package io.colla.core;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tasks that are waited for together: a group of the application, or all of its tasks. */
final class GroupRecord {
    final int id;
    int unfinished;
    final List<Integer> barriers = new ArrayList<>();

    @Nullable
    Failure failure;
    /** The task that ended the group, by which its other tasks are cancelled until the application has heard of it; null: none. */
    @Nullable
    String endedBy;
    /** Members for cancelling; null for the group of all tasks. */
    final @Nullable Set<TaskRecord> members;

    GroupRecord(int id, boolean listed) {
        this.id = id;
        this.members = listed ? new HashSet<>() : null;
    }

    /** Why a task of a group that was ended does not run. */
    Failure cancelled(TaskRecord task) {
        return Failure.cancelled(task.label(), task.label() + " was cancelled, as " + endedBy + " ended its group");
    }
}
