package io.colla.worker.store;

import io.colla.wire.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file systems that a process sees: those of {@code /proc/self/mountinfo} that are not covered by others. A mount of a part of a file system only (a
 * bind mount, a subvolume) has that part behind its source, as {@code findmnt} prints it: {@code /dev/sda1[/part]}. The format is that of proc(5).
 */
public final class Mounts {
    private static final Set<String> NETWORK = Set.of(
            "nfs",
            "nfs4",
            "lustre",
            "gpfs",
            "beegfs",
            "beegfs_nodev",
            "fhgfs",
            "ceph",
            "cifs",
            "smb3",
            "smbfs",
            "orangefs",
            "pvfs2",
            "panfs",
            "afs",
            "auristorfs",
            "9p",
            "virtiofs",
            "gfs2",
            "ocfs2",
            "wekafs",
            "dvs",
            "coda",
            "glusterfs",
            "moosefs",
            "daos",
            "quobyte");
    private static final Set<String> NETWORK_FUSE = Set.of(
            "sshfs",
            "glusterfs",
            "ceph",
            "ceph-fuse",
            "cephfs",
            "s3fs",
            "lizardfs",
            "mfs",
            "moosefs",
            "juicefs",
            "beegfs",
            "quobyte",
            "gcsfuse",
            "rclone",
            "dfuse",
            "unifyfs",
            "cvmfs2",
            "orangefs",
            "seaweedfs",
            "davfs",
            "gvfsd-fuse");

    /** @param root the part of the file system that is mounted */
    private record Line(int id, int parent, String root, String point, String type, String source) {}

    private Mounts() {}

    /**
     * What this process sees now; empty on a system without {@code /proc}.
     *
     * @throws IOException if it is there and cannot be read
     */
    public static List<Message.Mount> ofThisProcess() throws IOException {
        Path table = Path.of("/proc/self/mountinfo");
        return Files.exists(table) ? parse(Files.readString(table, StandardCharsets.ISO_8859_1)) : List.of();
    }

    /** Reads the text of a mountinfo file (bytes as ISO 8859-1); lines that are not understood are left out. */
    public static List<Message.Mount> parse(String mountinfo) {
        Map<Integer, Line> lines = new LinkedHashMap<>();
        mountinfo.lines().map(Mounts::parseLine).forEach(line -> {
            if (line != null) {
                lines.put(line.id, line);
            }
        });
        Map<Integer, List<Line>> children = new HashMap<>();
        Line top = null;
        for (Line line : lines.values()) {
            boolean isTop = line.parent == line.id || !lines.containsKey(line.parent);
            if (isTop && line.point.equals("/")) {
                top = line;
            } else {
                children.computeIfAbsent(line.parent, unused -> new ArrayList<>())
                        .add(line);
            }
        }
        List<Message.Mount> seen = new ArrayList<>();
        for (Line line : lines.values()) {
            if (top == null || reach(top, children, line.point) == line) {
                String part = line.root.equals("/") ? "" : "[" + line.root + "]";
                seen.add(new Message.Mount(line.point, line.type, line.source + part));
            }
        }
        return List.copyOf(seen);
    }

    /** The mount that the kernel ends up on when it walks the path from the root. */
    private static Line reach(Line top, Map<Integer, List<Line>> children, String path) {
        Line at = top;
        while (true) {
            Line deeper = null;
            for (Line child : children.getOrDefault(at.id, List.of())) {
                boolean nearer = deeper == null || child.point.length() <= deeper.point.length();
                if (isBelow(path, child.point) && nearer) {
                    deeper = child;
                }
            }
            if (deeper == null) {
                return at;
            }
            at = deeper;
        }
    }

    private static @Nullable Line parseLine(String line) {
        String[] fields = line.split(" ");
        int separator = 6;
        while (separator < fields.length && !fields[separator].equals("-")) {
            separator++;
        }
        if (separator + 2 >= fields.length) {
            return null;
        }
        try {
            return new Line(
                    Integer.parseInt(fields[0]),
                    Integer.parseInt(fields[1]),
                    unescape(fields[3]),
                    unescape(fields[4]),
                    fields[separator + 1],
                    unescape(fields[separator + 2]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Undoes {@code \040} and the like; the bytes are UTF-8. */
    private static String unescape(String field) {
        StringBuilder bytes = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\'
                    && i + 3 < field.length()
                    && field.substring(i + 1, i + 4).matches("[0-3][0-7]{2}")) {
                bytes.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                bytes.append(c);
            }
        }
        return new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The mount that has a path, which must be absolute and free of links; null if there is none. */
    public static Message.@Nullable Mount of(String path, List<Message.Mount> mounts) {
        Message.Mount longest = null;
        for (Message.Mount mount : mounts) {
            boolean longer =
                    longest == null || mount.point().length() >= longest.point().length();
            if (longer && isBelow(path, mount.point())) {
                longest = mount;
            }
        }
        return longest;
    }

    /** The mount that has a file of this process, which need not exist yet. */
    public static Message.@Nullable Mount of(Path path, List<Message.Mount> mounts) throws IOException {
        return of(resolve(path).toString(), mounts);
    }

    /** The path without links, as far as it exists. */
    public static Path resolve(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path existing = absolute;
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        Path rest = existing.relativize(absolute);
        Path real = Files.exists(existing) ? existing.toRealPath() : existing;
        return rest.toString().isEmpty() ? real : real.resolve(rest);
    }

    /** Whether a file system of this type is the same on all the nodes that mount it. */
    public static boolean isNetwork(String type) {
        return NETWORK.contains(type) || (type.startsWith("fuse.") && NETWORK_FUSE.contains(type.substring(5)));
    }

    static boolean isBelow(String path, String folder) {
        return folder.equals("/")
                || path.equals(folder)
                || (path.startsWith(folder) && path.charAt(folder.length()) == '/');
    }
}
