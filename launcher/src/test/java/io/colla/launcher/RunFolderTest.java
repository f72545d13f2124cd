package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    Path directory;

    @Test
    void takesTheNumberAfterTheHighestAndPointsLatestToIt() throws IOException {
        Files.createDirectories(directory.resolve("colla-runs/app-7"));
        Files.createDirectories(directory.resolve("colla-runs/app-x"));
        Files.createDirectories(directory.resolve("colla-runs/app-two-9"));
        RunFolder first = RunFolder.numbered(directory.resolve("colla-runs"), "app");
        RunFolder second = RunFolder.numbered(directory.resolve("colla-runs"), "app");
        assertThat(first.path()).isEqualTo(directory.resolve("colla-runs/app-8"));
        assertThat(second.path()).isEqualTo(directory.resolve("colla-runs/app-9"));
        assertThat(Files.readSymbolicLink(directory.resolve("colla-runs/latest")))
                .hasToString("app-9");
        assertThat(first.tasks()).isEmptyDirectory();
        assertThat(directory.resolve("colla-runs")).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void neverGivesTwoRunsTheSameFolder() throws Exception {
        int runs = 16;
        ExecutorService threads = Executors.newFixedThreadPool(runs);
        CyclicBarrier together = new CyclicBarrier(runs);
        List<Future<Path>> folders = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            folders.add(threads.submit(() -> {
                together.await(10, TimeUnit.SECONDS);
                return RunFolder.numbered(directory.resolve("colla-runs"), "app")
                        .path();
            }));
        }
        HashSet<Path> different = new HashSet<>();
        for (Future<Path> folder : folders) {
            different.add(folder.get(10, TimeUnit.SECONDS));
        }
        threads.shutdownNow();
        assertThat(different).hasSize(runs);
        assertThat(directory.resolve("colla-runs/latest")).isDirectory();
    }

    @Test
    void makesANameThatIsOneVisibleFile() {
        assertThat(RunFolder.fileName("a b/c")).isEqualTo("a-b-c");
        assertThat(RunFolder.fileName("..")).isEqualTo("run..");
        assertThat(RunFolder.fileName("-x")).isEqualTo("run-x");
        assertThat(RunFolder.fileName("")).isEqualTo("run");
        assertThat(RunFolder.fileName("x".repeat(300))).hasSize(100);
    }

    @Test
    void refusesAFolderWithAnEarlierRun() throws IOException {
        RunFolder folder = RunFolder.named(directory.resolve("mine"));
        Files.createFile(folder.log());
        assertThatThrownBy(() -> RunFolder.named(directory.resolve("mine")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("holds an earlier run");
    }

    @Test
    void saysWhenTheFolderCannotBeMade() throws IOException {
        Files.createFile(directory.resolve("colla-runs"));
        assertThatThrownBy(() -> RunFolder.numbered(directory.resolve("colla-runs"), "app"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("colla-runs")
                .hasMessageContaining("not a folder")
                .hasMessageContaining("--run-dir");
        assertThatThrownBy(() -> RunFolder.named(Path.of("/proc/nothing/here")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("/proc/nothing/here");
    }
}
