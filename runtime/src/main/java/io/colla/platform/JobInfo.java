package io.colla.platform;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch job as its batch system tells it.
 *
 * @param id as the batch system writes it
 * @param name empty when not said
 * @param status the whole job's
 * @param exitCode of the job's script, 128 + S when signal S ended it; null when it has not ended by itself or nobody says
 * @param queue empty when not said
 * @param nodes that it has or asks for; 0 when not said
 * @param end when its time limit ends it; null when it is not running or has no limit
 * @param parts of an array or a heterogeneous job, when there are several
 */
public record JobInfo(
        String id,
        String name,
        JobStatus status,
        @Nullable Integer exitCode,
        String queue,
        int nodes,
        @Nullable Instant end,
        List<JobInfo> parts) {
    public JobInfo {
        parts = List.copyOf(parts);
    }

    /** One of which nobody knows anything. */
    public static JobInfo unknown(String id, String reason) {
        return new JobInfo(id, "", new JobStatus(JobState.UNKNOWN, "", reason), null, "", 0, null, List.of());
    }

    public JobState state() {
        return status.state();
    }

    /** A job of these parts; the part that speaks for all gives its state, the first its name. */
    public static JobInfo ofParts(String id, List<JobInfo> parts) {
        if (parts.isEmpty()) {
            return unknown(id, "");
        }
        JobInfo first = parts.get(0);
        if (parts.size() == 1) {
            return first;
        }
        JobStatus status =
                JobStatus.ofParts(parts.stream().map(JobInfo::status).toList()).orElseThrow();
        Integer code = status.state().ended() ? worst(parts) : null;
        Instant end = parts.stream()
                .map(JobInfo::end)
                .filter(each -> each != null)
                .min(Instant::compareTo)
                .orElse(null);
        int nodes = parts.stream().mapToInt(JobInfo::nodes).sum();
        return new JobInfo(id, first.name, status, code, first.queue, nodes, end, parts);
    }

    /** The first exit code that is not 0; null when some part has none. */
    private static @Nullable Integer worst(List<JobInfo> parts) {
        Integer worst = 0;
        for (JobInfo part : parts) {
            Integer code = part.exitCode;
            if (code != null && code != 0) {
                return code;
            }
            worst = code == null ? null : worst;
        }
        return worst;
    }
}
