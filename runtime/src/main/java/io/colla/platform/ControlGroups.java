package io.colla.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The limits that Linux control groups set for this process, in version 1 and 2, from its own group up to the mount's root (cgroups(7), the
 * kernel's "Control Group v2" and "CFS Bandwidth Control"). Files that are missing or unreadable limit nothing.
 */
final class ControlGroups {
    /** Version 1 writes "no limit" as the largest multiple of the page size. */
    private static final long UNLIMITED = 1L << 60;

    private final Path root;
    private final List<Mount> mounts;
    private final List<Group> groups;

    private record Mount(String type, List<String> options, String top, String point) {}

    private record Group(List<String> controllers, String path) {}

    /** @param root the folder that stands for / */
    ControlGroups(Path root) {
        this.root = root;
        this.mounts = lines("proc/self/mountinfo").stream()
                .map(ControlGroups::mount)
                .filter(mount -> mount != null && mount.type().startsWith("cgroup"))
                .toList();
        this.groups = lines("proc/self/cgroup").stream()
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .map(parts -> new Group(List.of(parts[1].split(",")), parts[2]))
                .toList();
    }

    /** Bytes. */
    OptionalLong memory() {
        List<Long> limits = new ArrayList<>();
        for (Path folder : folders("memory")) {
            add(limits, folder.resolve("memory.max"));
            add(limits, folder.resolve("memory.limit_in_bytes"));
        }
        return limits.stream()
                .filter(limit -> limit > 0 && limit < UNLIMITED)
                .mapToLong(Long::longValue)
                .min();
    }

    private void add(List<Long> limits, Path file) {
        number(first(file)).ifPresent(limits::add);
    }

    /** CPUs' worth of time, such as 2.5. */
    OptionalDouble cpus() {
        return folders("cpu").stream()
                .map(this::quota)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .min();
    }

    private OptionalDouble quota(Path folder) {
        String[] both = first(folder.resolve("cpu.max")).split("\\s+");
        String quota = both.length == 2 ? both[0] : first(folder.resolve("cpu.cfs_quota_us"));
        String period = both.length == 2 ? both[1] : first(folder.resolve("cpu.cfs_period_us"));
        OptionalLong time = number(quota);
        OptionalLong every = number(period);
        if (time.isEmpty() || every.isEmpty() || time.getAsLong() <= 0 || every.getAsLong() <= 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of((double) time.getAsLong() / every.getAsLong());
    }

    /** The folders of this process' groups that may limit what the controller controls, innermost first. */
    private List<Path> folders(String controller) {
        List<Path> folders = new ArrayList<>();
        for (Group group : groups) {
            boolean unified = group.controllers().equals(List.of(""));
            if (!unified && !group.controllers().contains(controller)) {
                continue;
            }
            mounts.stream()
                    .filter(mount -> unified
                            ? mount.type().equals("cgroup2")
                            : mount.type().equals("cgroup") && mount.options().contains(controller))
                    .findFirst()
                    .ifPresent(mount -> addUpwards(mount, group.path(), folders));
        }
        return folders;
    }

    /** In a container the mount's top may be the group itself, or lie beside what /proc says; then the mount point is all there is to see. */
    private void addUpwards(Mount mount, String path, List<Path> folders) {
        Path top = Path.of(mount.top()).normalize();
        Path group = Path.of(path).normalize();
        Path point = root.resolve(mount.point().substring(1));
        Path folder =
                group.startsWith(top) ? point.resolve(top.relativize(group)).normalize() : point;
        while (folder.startsWith(point)) {
            folders.add(folder);
            if (folder.equals(point) || folder.getParent() == null) {
                return;
            }
            folder = folder.getParent();
        }
    }

    /** proc_pid_mountinfo(5): id parent device top point options fields... - type source super-options. */
    private static @Nullable Mount mount(String line) {
        String[] words = line.split(" ");
        int dash = Arrays.asList(words).indexOf("-");
        if (dash < 5 || words.length < dash + 4 || !words[4].startsWith("/")) {
            return null;
        }
        return new Mount(words[dash + 1], List.of(words[dash + 3].split(",")), words[3], words[4]);
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(root.resolve(file));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String first(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
