package io.colla.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.colla.api.BinaryTask;
import io.colla.binary.spawn.Spawners;
import io.colla.platform.TaskError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks that are ended, and what programs leave behind. */
@Tag("process")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndingTest {

    /** A tree: a child of the group, and a grandchild in a session of its own; both say their ids, both ignore SIGTERM. */
    private static final String TREE =
            """
            trap '' TERM
            sh -c 'echo $$ >&3; while :; do sleep 100; done' 3>>{{pids}} &
            setsid sh -c 'echo $$ >&3; sleep 100; sleep 100' 3>>{{pids}} &
            echo $$ >>{{pids}}
            """;

    private final BinaryExecutor executor = new BinaryExecutor();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        System.clearProperty(Spawners.PROPERTY);
        executor.close();
    }

    private Path pids() {
        return folder.resolve("pids");
    }

    private FakeContext tree(String rest) {
        return new FakeContext(folder, BinaryTask.of("sh", "-c", TREE + rest)).in("pids", pids().toString());
    }

    private List<Long> started() throws Exception {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(pids()) && Files.readAllLines(pids()).size() == 3);
        return Files.readAllLines(pids()).stream().map(Long::valueOf).toList();
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }

    private static Thread start(FutureTask<Integer> run) {
        Thread thread = new Thread(run, "task");
        thread.start();
        return thread;
    }

    private static Throwable failure(FutureTask<Integer> run) throws Exception {
        ExecutionException e = catchThrowableOfType(ExecutionException.class, () -> run.get(20, TimeUnit.SECONDS));
        assertThat(e).isNotNull();
        return e.getCause();
    }

    @ParameterizedTest
    @EnumSource(Spawners.Kind.class)
    void theEndOfATaskEndsItsWholeTree(Spawners.Kind kind) throws Exception {
        System.setProperty(Spawners.PROPERTY, kind.option());
        FakeContext context = tree("echo waiting >&2; while :; do sleep 100; done");
        FutureTask<Integer> run = new FutureTask<>(() -> executor.execute(context));
        Thread thread = start(run);
        List<Long> pids = started();
        await().until(context::canEnd);
        long start = System.nanoTime();
        context.end(thread);
        assertThat(failure(run))
                .hasMessage("sh was ended because its task was cancelled or its time was over")
                .isInstanceOfSatisfying(
                        TaskError.class, e -> assertThat(e.output()).isEqualTo("waiting"));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(took).isBetween(Duration.ofMillis(1900), Duration.ofSeconds(10)); // SIGTERM is ignored: the grace
        await().atMost(Duration.ofSeconds(5)).until(() -> pids.stream().noneMatch(EndingTest::alive));
    }

    @Test
    void aProgramThatHeedsTheRequestIsGoneAtOnce() throws Exception {
        FakeContext context = new FakeContext(folder, BinaryTask.of("sleep", "100"));
        FutureTask<Integer> run = new FutureTask<>(() -> executor.execute(context));
        Thread thread = start(run);
        await().atMost(Duration.ofSeconds(20)).until(context::canEnd);
        long start = System.nanoTime();
        context.end(thread);
        assertThat(failure(run)).isInstanceOf(TaskError.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
    }

    @Test
    void aTaskThatHasEndedBeforeStartsNothing() throws Exception {
        FakeContext context = tree("");
        context.end(new Thread());
        assertThat(catchThrowableOfType(TaskError.class, () -> executor.execute(context)))
                .hasMessageContaining("was ended because");
        assertThat(pids()).doesNotExist();
    }

    @Test
    void whatAProgramLeavesBehindIsEnded() throws Exception {
        FakeContext context = tree("while [ $(wc -l <{{pids}}) -lt 3 ]; do sleep 0.01; done; exit 0");
        assertThat(executor.execute(context)).isZero();
        assertThat(started()).noneMatch(EndingTest::alive);
    }

    @Test
    void closingEndsWhatRuns() throws Exception {
        FakeContext context = tree("while :; do sleep 100; done");
        FutureTask<Integer> run = new FutureTask<>(() -> executor.execute(context));
        start(run);
        List<Long> pids = started();
        executor.close();
        assertThat(failure(run)).isInstanceOf(TaskError.class);
        await().atMost(Duration.ofSeconds(5)).until(() -> pids.stream().noneMatch(EndingTest::alive));
    }
}
