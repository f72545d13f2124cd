package io.colla.worker.store;

import io.colla.api.CollaException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder (mode 0700) that belongs to this process alone and goes with it. Its file {@code owner} says whose it is (host, boot, process namespace, process,
 * start time), and is locked as long as the process lives, so that another process can remove what a killed one left behind.
 */
public final class ScratchFolder implements AutoCloseable {
    private static final String PREFIX = "colla-scratch-";
    private static final String UNFINISHED = ".colla-new-";
    private static final String OWNER = "owner";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Logger LOG = LoggerFactory.getLogger(ScratchFolder.class);
    private static final Duration UNFINISHED_FOR_SURE = Duration.ofDays(1);
    /** Folders of this very process: opening and closing their owner file would release its lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel owner;
    private @Nullable ScratchJanitor janitor;
    private @Nullable ScratchFolder twin;

    private ScratchFolder(Path path, FileChannel owner) {
        this.path = path;
        this.owner = owner;
    }

    /**
     * Makes a new folder below the parent, which is made too if it is missing.
     *
     * @throws CollaException if that cannot be
     */
    public static ScratchFolder create(Path parent) {
        String name = ProcessHandle.current().pid() + "-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        return create(parent, name);
    }

    private static ScratchFolder create(Path parent, String name) {
        try {
            Path base = Files.createDirectories(parent.toAbsolutePath()).toRealPath();
            Path fresh = Files.createDirectory(
                    base.resolve(UNFINISHED + name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path path = base.resolve(PREFIX + name);
            OWN.add(path);
            Files.writeString(fresh.resolve(OWNER), Owner.self().format());
            // Sweepers look at finished names only, so that they never see a folder without its owner.
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            return new ScratchFolder(path, lock(path.resolve(OWNER)));
        } catch (IOException e) {
            throw new CollaException(
                    "cannot make a scratch folder below " + parent + ": " + e + "; choose another place for it", e);
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        try {
            channel.tryLock();
        } catch (IOException e) {
            // A file system without locks: the process' number and start time must do.
            return channel;
        }
        return channel;
    }

    public Path path() {
        return path;
    }

    /** Has the folder removed at once, by a process of its own, if this one is killed; else the next {@link #sweep} would find it. */
    public synchronized void removeWhenKilled() throws IOException {
        if (janitor == null && Files.exists(path)) {
            janitor = ScratchJanitor.start(List.of(path, twinPath()));
        }
    }

    private Path twinPath() {
        return SHARED_MEMORY.resolve(path.getFileName());
    }

    /**
     * A folder like this in the node's shared memory, which goes with this one. Made when it is asked for first, after what killed processes left there is
     * removed; null if there is no such file system, or it cannot be used.
     */
    synchronized @Nullable Path inMemory() {
        if (twin == null) {
            try {
                if (!Files.getFileStore(SHARED_MEMORY).type().equals("tmpfs")
                        || !Files.isWritable(SHARED_MEMORY)
                        || !Files.exists(path)) {
                    return null;
                }
                sweep(SHARED_MEMORY);
                String name = String.valueOf(path.getFileName()).substring(PREFIX.length());
                twin = create(SHARED_MEMORY, name);
            } catch (IOException | CollaException e) {
                LOG.info("Shared memory is not used: {}", String.valueOf(e.getMessage()));
                return null;
            }
        }
        return twin.path;
    }

    /** Removes the folder and all that is in it. */
    @Override
    public synchronized void close() {
        if (twin != null) {
            twin.close();
        }
        remove(path);
        if (janitor != null) {
            janitor.close();
        }
        try {
            owner.close();
        } catch (IOException e) {
            // Only the lock of a file that is gone hangs on it.
            return;
        } finally {
            OWN.remove(path);
        }
    }

    /**
     * Removes the folders below the parent that this user's processes left behind when they were killed. Folders of living processes, and of processes
     * of which it cannot be known, stay.
     *
     * @return what was removed
     */
    public static List<Path> sweep(Path parent) {
        List<Path> removed = new ArrayList<>();
        if (!Files.isDirectory(parent)) {
            return removed;
        }
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(parent.toRealPath(), "{" + PREFIX + "," + UNFINISHED + "}*")) {
            Owner self = Owner.self();
            for (Path entry : entries) {
                if (!OWN.contains(entry) && isLeftOver(entry, self)) {
                    remove(entry);
                    removed.add(entry);
                }
            }
        } catch (IOException e) {
            // Leftovers cost space only; the next run tries again.
            return removed;
        }
        return removed;
    }

    private static boolean isLeftOver(Path folder, Owner self) {
        try {
            if (!Files.isDirectory(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(folder).equals(Files.getOwner(Path.of("/proc/self")))) {
                return false;
            }
            Owner owner = Owner.parse(Files.readString(folder.resolve(OWNER), StandardCharsets.UTF_8));
            return owner != null ? owner.isGone(self) && isUnlocked(folder.resolve(OWNER)) : isOld(folder);
        } catch (IOException e) {
            return isOld(folder);
        }
    }

    private static boolean isUnlocked(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException e) {
            return !Files.exists(file) || !String.valueOf(e.getMessage()).contains("temporarily unavailable");
        }
    }

    private static boolean isOld(Path folder) {
        try {
            return Files.getLastModifiedTime(folder)
                    .toInstant()
                    .isBefore(Instant.now().minus(UNFINISHED_FOR_SURE));
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes a file or a folder with all that is in it; what cannot be removed stays. Links are not followed. */
    static void remove(Path root) {
        if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(root, new Remover());
        } catch (IOException e) {
            // The visitor goes on after errors; this is one of the root itself.
            return;
        }
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return delete(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException error) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) {
            return delete(folder);
        }

        private static FileVisitResult delete(Path path) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
        }
    }

    /**
     * Which process a folder belongs to.
     *
     * @param boot the kernel's number of this start of the machine
     * @param namespace in which the process' number counts
     * @param start when the process started, in the kernel's ticks since boot
     */
    record Owner(String host, String boot, String namespace, long pid, long start) {
        static Owner self() {
            long pid = ProcessHandle.current().pid();
            return new Owner(hostName(), bootId(), pidNamespace(), pid, startOf(pid));
        }

        String format() {
            return String.join("\n", host, boot, namespace, Long.toString(pid), Long.toString(start), "");
        }

        static @Nullable Owner parse(String text) {
            List<String> lines = text.lines().toList();
            if (lines.size() != 5) {
                return null;
            }
            try {
                return new Owner(
                        lines.get(0),
                        lines.get(1),
                        lines.get(2),
                        Long.parseLong(lines.get(3)),
                        Long.parseLong(lines.get(4)));
            } catch (NumberFormatException e) {
                return null;
            }
        }

        /** Whether the process is surely gone, as seen by the given one. */
        boolean isGone(Owner observer) {
            if (boot.equals(observer.boot)) {
                return namespace.equals(observer.namespace) && startOf(pid) != start;
            }
            // The same machine was started again since; a name that many machines have proves nothing.
            return host.equals(observer.host) && !host.isEmpty() && !host.startsWith("localhost");
        }

        private static String hostName() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            } catch (IOException e) {
                try {
                    return InetAddress.getLocalHost().getHostName();
                } catch (UnknownHostException unknown) {
                    return "localhost";
                }
            }
        }

        private static String bootId() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip();
            } catch (IOException e) {
                return "unknown";
            }
        }

        private static String pidNamespace() {
            try {
                return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            } catch (IOException e) {
                return "unknown";
            }
        }

        /** -1 when there is no such process. */
        private static long startOf(long pid) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
                // Fields are counted behind the name, which may itself have spaces and parentheses; the start is the
                // 22nd of all.
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                return Long.parseLong(fields[19]);
            } catch (IOException | RuntimeException e) {
                return -1;
            }
        }
    }
}
