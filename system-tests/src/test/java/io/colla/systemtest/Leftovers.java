package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What runs have left behind: processes anywhere, files and sockets in folders that must be as they were before, temporary files in run folders. A socket that
 * listens has a process, so that it needs no look of its own.
 */
final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** The torque plugin of Slurm's Debian packages leaves a list of nodes in /tmp for each srun. */
    private static final String OF_SLURM = "[A-Za-z0-9_-]{10}";

    private final Marked mark;
    private final List<Path> watched;
    private final Set<String> before;

    /**
     * @param watched folders to which nothing may be added
     */
    Leftovers(Marked mark, List<Path> watched) {
        this.mark = mark;
        this.watched = List.copyOf(watched);
        this.before = files();
    }

    /**
     * Fails if anything is left; what is just ending gets some seconds.
     *
     * @param killed whether the launcher was killed: nobody could then remove the empty file by which nodes know the run's folder, nor its data
     */
    void assertNone(Path workingFolder, boolean killed) throws IOException {
        await("the end of all processes of the run")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(mark.processes()).isEmpty());
        await("the removal of scratch files")
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(added()).isEmpty());
        if (!killed) {
            assertThat(temporary(workingFolder))
                    .as("temporary files in run folders")
                    .isEmpty();
        }
    }

    private Set<String> added() {
        Set<String> now = files();
        now.removeAll(before);
        return now;
    }

    private Set<String> files() {
        Set<String> files = new TreeSet<>();
        for (Path folder : watched) {
            try {
                Files.walkFileTree(folder, new Collector(folder, files));
            } catch (IOException e) {
                throw new IllegalStateException("cannot look into " + folder, e);
            }
        }
        return files;
    }

    private static List<Path> temporary(Path workingFolder) throws IOException {
        Path runs = workingFolder.resolve("colla-runs");
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(runs)) {
            try (var files = Files.walk(runs)) {
                files.filter(file -> file.getFileName().toString().startsWith(".") || file.endsWith("data"))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static final class Collector extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Set<String> files;

        Collector(Path root, Set<String> files) {
            this.root = root;
            this.files = files;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (folder.equals(root)) {
                return FileVisitResult.CONTINUE;
            }
            if (Files.exists(folder.resolve("colla-testcluster.shape"))) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            files.add(folder.toString());
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!file.getFileName().toString().matches(OF_SLURM)) {
                files.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // it has just been removed
        }
    }
}
