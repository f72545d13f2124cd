package io.colla.launcher.jobs;

import io.colla.platform.BatchScript;
import io.colla.platform.JobInfo;
import io.colla.platform.JobState;
import io.colla.platform.JobStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a job has left in its folder: the exit codes that its script wrote, which no batch system makes it lose, and whether it was told to end. A batch system that knows the job
 * weighs more.
 */
final class JobTraces {
    private static final int TERMINATED = 143;
    private static final int MOST_INDICES = 100_000;
    private static final Pattern RANGE = Pattern.compile("(\\d+)(?:-(\\d+)(?::(\\d+))?)?");
    private static final Pattern INDEX = Pattern.compile("_(\\d+)$|\\[(\\d+)\\]");

    private JobTraces() {}

    static JobInfo complete(JobRecord record, JobInfo told) {
        if (record.isArray()) {
            return array(record, told);
        }
        return plain(record, told, "");
    }

    private static JobInfo plain(JobRecord record, JobInfo told, String index) {
        Integer left = exitCode(record, index);
        JobInfo info = told;
        if (told.state() == JobState.UNKNOWN && left != null) {
            JobState state = left == 0 ? JobState.SUCCEEDED : JobState.FAILED;
            info = with(told, new JobStatus(state, "", "by the exit code in its folder"), left);
        } else if (told.state().ended() && told.exitCode() == null && left != null) {
            info = with(told, told.status(), left);
        }
        Integer code = info.exitCode();
        boolean obeyed = info.state() == JobState.FAILED && code != null && code == TERMINATED;
        return obeyed && JobOrders.wasTold(Path.of(record.folder()))
                ? with(info, new JobStatus(JobState.CANCELLED, info.status().word(), "ended by colla cancel"), code)
                : info;
    }

    private static JobInfo array(JobRecord record, JobInfo told) {
        List<JobInfo> parts = new ArrayList<>();
        if (told.state() == JobState.UNKNOWN && told.parts().isEmpty()) {
            List<Integer> indices = indices(record.array());
            if (indices.stream().noneMatch(index -> exitCode(record, Integer.toString(index)) != null)) {
                return told;
            }
            indices.forEach(index -> parts.add(plain(
                    record,
                    JobInfo.unknown(record.id() + "_" + index, told.status().reason()),
                    Integer.toString(index))));
        } else {
            List<JobInfo> given = told.parts().isEmpty() ? List.of(told) : told.parts();
            given.forEach(part -> parts.add(plain(record, part, indexOf(part.id()))));
        }
        return JobInfo.ofParts(record.id(), parts);
    }

    /** {@code 3} of {@code 12_3} and {@code 12[3].server}; empty when the id names no single part. */
    static String indexOf(String id) {
        Matcher matcher = INDEX.matcher(id);
        if (!matcher.find()) {
            return "";
        }
        String slurm = matcher.group(1);
        return slurm != null ? slurm : matcher.group(2);
    }

    /** The indices that {@code 1-9:2,11%3} stands for. */
    static List<Integer> indices(String array) {
        List<Integer> indices = new ArrayList<>();
        for (String term : array.split("%")[0].split(",")) {
            Matcher range = RANGE.matcher(term);
            if (range.matches()) {
                int first = Integer.parseInt(range.group(1));
                int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
                int step = range.group(3) == null ? 1 : Integer.parseInt(range.group(3));
                for (int i = first; i <= last && indices.size() < MOST_INDICES; i += step) {
                    indices.add(i);
                }
            }
        }
        return indices;
    }

    /** Null when the job has left none, or not yet. */
    static @Nullable Integer exitCode(JobRecord record, String index) {
        try {
            String text = Files.readString(BatchScript.exitCodeFile(Path.of(record.folder()), index))
                    .strip();
            return text.matches("\\d{1,3}") ? Integer.valueOf(text) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static JobInfo with(JobInfo info, JobStatus status, @Nullable Integer code) {
        return new JobInfo(info.id(), info.name(), status, code, info.queue(), info.nodes(), info.end(), info.parts());
    }
}
