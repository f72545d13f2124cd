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
    /** Members for cancelling; null for the group of all tasks. */
    final @Nullable Set<TaskRecord> members;

    GroupRecord(int id, boolean listed) {
        this.id = id;
        this.members = listed ? new HashSet<>() : null;
    }
}
