package io.colla.tracing.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the cores did in all, in nanoseconds of a core. The sum is that of all cores over the whole time.
 *
 * @param tasks in tasks' own code
 * @param around in what the runtime does around a task: fetching what it needs, storing what it made
 * @param idleReady idle while tasks were ready to run
 * @param idleTransfers idle, nothing ready, while data were on their way between nodes
 * @param idleMain idle, nothing ready, while the main program ran its own code
 * @param idleSubmitting the same while it was calling tasks
 * @param idleNothing idle, nothing ready, while the main program waited: tasks waited for others
 * @param start before the first task
 * @param end after the last
 */
public record CoreTime(
        long tasks,
        long around,
        long idleReady,
        long idleTransfers,
        long idleMain,
        long idleSubmitting,
        long idleNothing,
        long start,
        long end) {
    public long total() {
        return parts().values().stream().mapToLong(Long::longValue).sum();
    }

    /** All parts with their names for people, in their order. */
    Map<String, Long> parts() {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("in tasks", tasks);
        parts.put("around tasks", around);
        parts.put("idle: tasks ready", idleReady);
        parts.put("idle: transfers", idleTransfers);
        parts.put("idle: main program", idleMain);
        parts.put("idle: calling tasks", idleSubmitting);
        parts.put("idle: nothing ready", idleNothing);
        parts.put("before first task", start);
        parts.put("after last task", end);
        return parts;
    }

    /** Between the first and the last task. */
    public long idle() {
        return idleReady + idleTransfers + idleMain + idleSubmitting + idleNothing;
    }
}
