package io.colla.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Direction;
import io.colla.api.TaskFunction;
import io.colla.wire.Message;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.Finished;
import io.colla.wire.Message.Mode;
import io.colla.wire.Message.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of tasks on several nodes that are in one node's store. */
@Timeout(60)
class StagedFilesTest {
    private static final ConcurrentLinkedQueue<Path> SEEN = new ConcurrentLinkedQueue<>();

    @TempDir
    Path folder;

    private WorkerKit kit;
    private Path seenByAll;

    @BeforeEach
    void start() throws IOException {
        SEEN.clear();
        seenByAll = folder.resolve("run/data/task-1.1");
        kit = new WorkerKit(folder, 2);
        Path input = Files.writeString(folder.resolve("data.txt"), "some words");
        kit.store.putFile(1, input, false);
    }

    @AfterEach
    void end() {
        kit.close();
    }

    static void copy(Path from, Path to, Path changed) throws IOException {
        SEEN.addAll(List.of(from, to, changed));
        Files.writeString(to, Files.readString(from) + ", again");
        Files.writeString(changed, Files.readString(changed) + ", changed");
    }

    static void fail(Path from, Path to, Path changed) throws IOException {
        copy(from, to, changed);
        throw new IOException("on purpose");
    }

    private void run(TaskFunction.A3<Path, Path, Path> function, @Nullable Path shared) {
        Access[] accesses = {
            WorkerKit.file(Direction.IN, 1, -1, Mode.KEEP, null, null),
            WorkerKit.file(Direction.OUT, -1, 2, Mode.KEEP, null, null),
            WorkerKit.file(Direction.INOUT, 1, 3, Mode.COPY, null, null)
        };
        int definition = kit.define(function);
        kit.accept(new Run(
                1,
                1,
                definition,
                0,
                0,
                WorkerKit.ONE,
                List.of("here", "there"),
                List.of(1, 1),
                1,
                shared == null ? null : shared.toString(),
                0,
                WorkerKit.each(0, 1, 2),
                List.of(accesses),
                -1));
        kit.link.await(Message.Holding.class, 1);
        kit.accept(new Message.Begin(1, 1));
    }

    @Test
    void theTaskFindsThemInAFolderThatAllItsNodesSee() throws IOException {
        run(StagedFilesTest::copy, seenByAll);
        kit.link.await(Finished.class, 1);
        assertThat(SEEN).hasSize(3).allMatch(path -> path.startsWith(seenByAll) && path.endsWith("data.txt"));
        assertThat(kit.store.file(1)).hasContent("some words");
        assertThat(kit.store.file(2)).hasContent("some words, again");
        assertThat(kit.store.file(3)).hasContent("some words, changed");
        assertThat(seenByAll).doesNotExist();
    }

    @Test
    void nothingStaysThereOfATaskThatFails() {
        run(StagedFilesTest::fail, seenByAll);
        assertThat(kit.link.await(Message.Failed.class, 1).message()).contains("on purpose");
        assertThat(SEEN).hasSize(3);
        assertThat(seenByAll).doesNotExist();
        assertThat(kit.store.has(2)).isFalse();
        assertThat(kit.store.has(3)).isFalse();
    }

    @Test
    void whereTheNodesSeeNoSuchFolderTheTaskSaysWhatToDo() {
        run(StagedFilesTest::copy, null);
        assertThat(kit.link.await(Message.Failed.class, 1).message())
                .contains(
                        "is on node here only",
                        "the task's other nodes (there)",
                        "on a file system that all nodes share");
        assertThat(SEEN).isEmpty();
    }
}
