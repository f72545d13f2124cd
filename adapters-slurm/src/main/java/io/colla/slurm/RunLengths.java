package io.colla.slurm;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Slurm's per-node numbers: {@code 4(x3),2} is 4, 4, 4, 2. Source: sbatch(1), SLURM_JOB_CPUS_PER_NODE. */
final class RunLengths {
    private static final Pattern RUN = Pattern.compile("(\\d{1,9})(?:\\(x(\\d{1,7})\\))?");
    private static final int MOST = 1 << 20;

    private RunLengths() {}

    /** @throws IllegalArgumentException if the text is not such a list */
    static List<Integer> expand(String text) {
        List<Integer> numbers = new ArrayList<>();
        for (String run : text.strip().split(",", -1)) {
            Matcher matcher = RUN.matcher(run.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "'" + run + "' is not a number or a number with a count, as in 4(x3)");
            }
            int times = matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
            if (numbers.size() + (long) times > MOST) {
                throw new IllegalArgumentException("'" + text + "' counts more than " + MOST + " nodes");
            }
            for (int i = 0; i < times; i++) {
                numbers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        return numbers;
    }
}
