package io.colla.tracing.counters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in use on this node: by the job, where the batch system gave it control groups, else by everybody; the network always by everybody, but for what the node says to itself. Sources:
 * proc(5), cgroups(7), the kernel's "Control Group v2". What cannot be read counts as nothing.
 */
final class NodeUse {
    /** Linux' USER_HZ, in which /proc/stat counts on all its architectures. */
    private static final long NANOS_OF_TICK = 10_000_000;

    private static final long MICROSECOND = 1_000;
    private static final long KIB = 1 << 10;
    /** Columns of /proc/stat: user, nice, system, then idle and waiting, then interrupts. */
    private static final int[] BUSY = {1, 2, 3, 6, 7};

    private final Path root;
    private final @Nullable Path one;
    private final @Nullable Path oneMemory;
    private final @Nullable Path two;

    /** @param root the folder that stands for / */
    NodeUse(Path root) {
        this.root = root;
        two = JobGroup.folder(root, "");
        one = JobGroup.folder(root, "cpuacct");
        oneMemory = JobGroup.folder(root, "memory");
    }

    /** Whether what it says of cores is the job's use of them. */
    boolean isOfJob() {
        return jobNanos() >= 0;
    }

    /** Nanoseconds of processor time used so far. */
    long cpuNanos() {
        long job = jobNanos();
        if (job >= 0) {
            return job;
        }
        long ticks = 0;
        for (String line : JobGroup.lines(root.resolve("proc/stat"))) {
            if (line.startsWith("cpu ")) {
                String[] words = line.split("\\s+");
                for (int column : BUSY) {
                    ticks += column < words.length ? number(words[column]) : 0;
                }
            }
        }
        return ticks * NANOS_OF_TICK;
    }

    /** Negative if there is no job's group that counts. */
    private long jobNanos() {
        long micros = two == null ? -1 : value(two.resolve("cpu.stat"), "usage_usec");
        if (micros >= 0) {
            return micros * MICROSECOND;
        }
        return one == null ? -1 : alone(one.resolve("cpuacct.usage"));
    }

    /** Bytes of memory in use, without files that are only kept for the next time. */
    long memory() {
        long used = two == null ? -1 : alone(two.resolve("memory.current"));
        if (two != null && used >= 0) {
            return Math.max(0, used - Math.max(0, value(two.resolve("memory.stat"), "inactive_file")));
        }
        used = oneMemory == null ? -1 : alone(oneMemory.resolve("memory.usage_in_bytes"));
        if (oneMemory != null && used >= 0) {
            return Math.max(0, used - Math.max(0, value(oneMemory.resolve("memory.stat"), "total_inactive_file")));
        }
        Path file = root.resolve("proc/meminfo");
        return Math.max(0, value(file, "MemTotal:") - value(file, "MemAvailable:")) * KIB;
    }

    /**
     * Bytes that came and went by the network so far. Counted on devices that are hardware, so that bonds and bridges do not count what passes them twice; where there are none, as in a
     * container, on all.
     *
     * @return received and sent
     */
    long[] network() {
        long[] hardware = new long[2];
        long[] all = new long[2];
        boolean any = false;
        for (String line : JobGroup.lines(root.resolve("proc/net/dev"))) {
            int colon = line.indexOf(':');
            String device = colon < 0 ? "" : line.substring(0, colon).strip();
            if (device.isEmpty() || device.equals("lo")) {
                continue;
            }
            String[] words = line.substring(colon + 1).strip().split("\\s+");
            boolean real = Files.exists(root.resolve("sys/class/net/" + device + "/device"));
            any |= real;
            for (int way = 0; way < 2 && words.length > 8; way++) {
                long bytes = number(words[8 * way]);
                all[way] += bytes;
                hardware[way] += real ? bytes : 0;
            }
        }
        return any ? hardware : all;
    }

    /** The number behind a word at a line's begin; negative if there is none. */
    private static long value(Path file, String word) {
        for (String line : JobGroup.lines(file)) {
            String[] words = line.split("\\s+");
            if (words.length > 1 && words[0].equals(word)) {
                return number(words[1]);
            }
        }
        return -1;
    }

    private static long alone(Path file) {
        List<String> lines = JobGroup.lines(file);
        return lines.size() == 1 ? number(lines.get(0).strip()) : -1;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
