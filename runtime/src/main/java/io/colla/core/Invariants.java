package io.colla.core;

import io.colla.core.Version.State;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What must hold between events; for tests, O(everything). */
final class Invariants {
    private static final class Counts {
        int readers;
        int lineage;
        int members;
        int active;
    }

    private final Core core;
    private final Map<Version, Counts> counts = new IdentityHashMap<>();
    private final Map<UpdateGroup, Counts> groups = new IdentityHashMap<>();
    /** How many versions each waiting task will hear of. */
    private final Map<Integer, Integer> arrivals = new HashMap<>();

    private int unfinished;
    private int queued;
    private int retained;

    Invariants(Core core) {
        this.core = core;
    }

    void check() {
        core.scheduler.checkInvariants();
        core.tasks.forEach(this::checkTask);
        require(unfinished == core.all.unfinished, "unfinished is ", core.all.unfinished, ", not ", unfinished);
        require(queued == core.scheduler.queued(), "queued is ", core.scheduler.queued(), ", not ", queued);
        int kept = core.versions.retainedTasks();
        require(retained == kept, "retained is ", kept, ", not ", retained);
        core.data.forEach(this::checkDatum);
        groups.forEach(this::checkGroup);
        core.waits.forEach(wait -> of(wait.version).readers++);
        core.contents.forEach(this::checkContent);
        counts.forEach(this::checkVersion);
        counts.keySet().forEach(version -> version.forEachWaiter(waiter -> checkWaiter(version, waiter)));
        core.tasks.forEach(task -> require(
                task.state != TaskState.WAITING || arrivals.getOrDefault(task.id, 0) == task.missing,
                task,
                " counts ",
                task.missing,
                " missing inputs, not ",
                arrivals.getOrDefault(task.id, 0)));
    }

    private Counts of(Version version) {
        return counts.computeIfAbsent(version, v -> new Counts());
    }

    private Counts of(UpdateGroup group) {
        return groups.computeIfAbsent(group, g -> new Counts());
    }

    private void checkTask(TaskRecord task) {
        require(!task.state.isOver() || task.retained, task, " is over and remembered");
        unfinished += task.state.isOver() ? 0 : 1;
        queued += task.state == TaskState.READY ? 1 : 0;
        retained += task.retained ? 1 : 0;
        if (task.state == TaskState.WAITING) {
            require(task.missing > 0, task, " waits for nothing");
        }
        boolean placed = task.state == TaskState.ASSIGNED || task.state == TaskState.STOPPING;
        require(!placed || core.scheduler.knows(task.worker), task, " is on a lost worker");
        require(placed || (task.written == null && task.consumed == null), task, " holds contents of no attempt");
        for (Version input : task.in) {
            if (input != null && task.retained) {
                of(input).lineage++;
            } else if (input != null) {
                of(input).readers++;
            }
        }
        int live = 0;
        for (Version output : task.out) {
            live += output != null && output.producer == task ? 1 : 0;
            if (output != null) {
                of(output);
            }
        }
        require(live == task.liveOutputs && (live > 0 || !task.retained), task, " has ", live, " live outputs");
        UpdateGroup[] updates = task.updates;
        for (int i = 0; updates != null && i < updates.length; i++) {
            UpdateGroup group = updates[i];
            if (group != null) {
                Counts count = of(group);
                count.members += group.concurrent || task.in[i] == null ? 1 : 0;
                count.active += placed ? 1 : 0;
            }
        }
    }

    private void checkDatum(Datum datum) {
        UpdateGroup group = datum.updates;
        if (group != null) {
            of(group);
        }
        Version current = datum.current;
        if (current != null && datum.isReferredTo(current)) {
            of(current).readers++;
        }
    }

    private void checkGroup(UpdateGroup group, Counts count) {
        String name = "the group of updates of ";
        Datum datum = group.last.datum;
        require(
                count.members == group.remaining,
                name,
                datum.name,
                " counts ",
                group.remaining,
                " members, not ",
                count.members);
        require(
                !group.concurrent || count.active == group.active,
                name,
                datum.name,
                " counts ",
                group.active,
                " active, not ",
                count.active);
        boolean ended = group.closed && group.remaining == 0;
        if (!ended) {
            of(group.last).readers++;
        }
    }

    private void checkWaiter(Version version, Waiter waiter) {
        if (waiter instanceof TaskRecord task && task.state == TaskState.WAITING) {
            require(version.state == State.PENDING || version.state == State.MOVING, task, " waits for ", version);
            arrivals.merge(task.id, 1, Integer::sum);
        }
    }

    private void checkVersion(Version version, Counts count) {
        require(version.readers == count.readers, version, " should have ", count.readers, " readers");
        require(version.lineage == count.lineage, version, " should have lineage ", count.lineage);
        require(
                version.state != State.DEAD || (count.readers == 0 && count.lineage == 0),
                version,
                " is dead and read");
        boolean has = version.state == State.AVAILABLE || version.state == State.MOVING;
        require(has == (version.content != null), version, " and its content");
        Content content = version.content;
        if (content != null) {
            require(core.contents.get(content.id) == content, content, " is not in the table");
            require(content.versions().contains(version), content, " does not know ", version);
        }
        boolean kept = count.readers > 0 || version.lineage > 0 && version.producer == null;
        require(!has || kept || content == null || content.place == Place.HOME, version, " is kept for nobody");
    }

    private void checkContent(Content content) {
        require(content.isSomewhere(), content, " is nowhere");
        for (int worker : content.workers()) {
            require(worker == 0 || core.scheduler.knows(worker), content, " is at a lost worker");
        }
    }

    private static void require(boolean holds, Object... what) {
        if (!holds) {
            throw new IllegalStateException(
                    Arrays.stream(what).map(String::valueOf).collect(Collectors.joining()));
        }
    }
}
