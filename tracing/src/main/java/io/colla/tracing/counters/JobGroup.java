package io.colla.tracing.counters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The control groups, of version 1 or 2, that a batch system made for the job of this process. All that a job starts on the node is in them, whichever step it belongs to. */
final class JobGroup {
    /** Of Slurm, OpenPBS (also as PBS Pro) and Torque, up to the job, below which steps and tasks may have groups of their own. */
    private static final Pattern JOB = Pattern.compile("((?:/[^/]+)*?/"
            + "(?:job_[^/]+|(?:pbs_jobs|pbspro)(?:\\.service)?/(?:jobid/)?[^/]+|torque/[^/]+))(?:/.*)?");

    private JobGroup() {}

    /**
     * The folder of the job's group for a controller of version 1, or of its group in version 2.
     *
     * @param root the folder that stands for /
     * @param controller of version 1; empty: version 2
     * @return null if there is none
     */
    static @Nullable Path folder(Path root, String controller) {
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",")).contains(controller)) {
                Matcher job = JOB.matcher(parts[2]);
                return job.matches() ? mounted(root, controller, job.group(1)) : null;
            }
        }
        return null;
    }

    private static @Nullable Path mounted(Path root, String controller, String group) {
        for (String line : lines(root.resolve("proc/self/mountinfo"))) {
            // proc_pid_mountinfo(5): id parent device top point options fields... - type source super-options
            String[] words = line.split(" ");
            int dash = Arrays.asList(words).indexOf("-");
            if (dash < 5 || words.length < dash + 4) {
                continue;
            }
            boolean wanted = controller.isEmpty()
                    ? words[dash + 1].equals("cgroup2")
                    : words[dash + 1].equals("cgroup")
                            && List.of(words[dash + 3].split(",")).contains(controller);
            Path top = Path.of(words[3]);
            if (wanted && Path.of(group).startsWith(top)) {
                Path folder = root.resolve(words[4].substring(1))
                        .resolve(top.relativize(Path.of(group)).toString());
                return Files.isDirectory(folder) ? folder : null;
            }
        }
        return null;
    }

    /** Of a file of the kernel; none if it is not there. */
    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
