package io.colla.core;

import java.util.HashMap;
import java.util.Map;

/** What must hold between events. */
final class Invariants {
    private final Core core;

    Invariants(Core core) {
        this.core = core;
    }

    void check() {
        core.scheduler.checkInvariants();
        int[] unfinished = {0};
        int[] queued = {0};
        Map<Version, Integer> readers = new HashMap<>();
        Map<Version, Integer> lineage = new HashMap<>();
        core.tasks.forEach(task -> {
            checkTask(task, readers, lineage);
            unfinished[0] += task.state.isOver() ? 0 : 1;
            queued[0] += task.state == TaskState.READY ? 1 : 0;
        });
        require(unfinished[0] == core.all.unfinished, "unfinished is " + core.all.unfinished + ", not " + unfinished[0]);
        require(queued[0] == core.scheduler.queued(), "queued is " + core.scheduler.queued() + ", not " + queued[0]);
        core.data.forEach(datum -> {
            if (datum.handleOpen && datum.current != null && (datum.updates == null || datum.updates.concurrent)) {
                readers.merge(datum.newest(), 1, Integer::sum);
            }
        });
        core.waits.forEach(wait -> readers.merge(wait.version, 1, Integer::sum));
        readers.forEach((version, count) -> {
            // Groups of unordered updates hold references too.
            require(version.readers >= count, version + " has " + count + " readers");
            require(version.state != Version.State.DEAD, version + " is dead and read");
        });
        lineage.forEach((version, count) -> require(version.lineage == count, version + " has lineage " + count));
        core.contents.forEach(this::checkContent);
    }

    private static void checkTask(TaskRecord task, Map<Version, Integer> readers, Map<Version, Integer> lineage) {
        require(!task.state.isOver() || task.retained, task.label() + " is over and remembered");
        if (task.state == TaskState.WAITING) {
            require(task.missing > 0, task.label() + " waits for nothing");
        }
        for (Version input : task.in) {
            if (input != null) {
                (task.retained ? lineage : readers).merge(input, 1, Integer::sum);
            }
        }
        if (task.retained) {
            int live = 0;
            for (Version output : task.out) {
                live += output != null && output.producer == task ? 1 : 0;
            }
            require(live == task.liveOutputs && live > 0, task.label() + " has " + live + " live outputs");
        }
    }

    private void checkContent(Content content) {
        for (int worker : content.workers()) {
            require(worker == 0 || core.scheduler.knows(worker), content + " is at a lost worker");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
