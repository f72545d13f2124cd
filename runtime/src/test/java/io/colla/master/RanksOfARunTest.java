package io.colla.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.colla.api.Direction;
import io.colla.api.Ranks;
import io.colla.api.TaskOptions;
import io.colla.api.UsageException;
import io.colla.core.EngineSettings;
import io.colla.core.Failure;
import io.colla.platform.Allocation;
import io.colla.platform.LocalLauncher;
import io.colla.platform.NodeShare;
import io.colla.scheduler.PlacementPolicy;
import io.colla.transport.PortRange;
import io.colla.worker.ErrandExecutor;
import io.colla.worker.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks with ranks in a run of three worker JVMs with two cores each, and what they do on their other nodes. */
@Tag("process")
@Timeout(120)
class RanksOfARunTest {
    private static final Direction[] RESULT = {Direction.OUT};

    @TempDir
    Path folder;

    private Master master;
    private ForeignSession session;

    /** In tests of this tag the worker of node c is not started before the file is there. */
    private static final String LATE = "late";

    @BeforeEach
    void start(TestInfo test) throws IOException {
        List<NodeShare> nodes = List.of(new NodeShare("a", 2, 0), new NodeShare("b", 2, 0), new NodeShare("c", 2, 0));
        String late = "while [ $COLLA_NODE = c ] && [ ! -e " + folder.resolve(LATE) + " ]; do sleep 0.02; done; ";
        List<String> worker = List.of(
                "sh",
                "-c",
                (test.getTags().contains(LATE) ? late : "") + "exec \"$@\"",
                "worker",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                WorkerProcess.class.getName());
        master = Master.start(new MasterSettings(
                new Allocation("local", null, nodes, null, List.of()),
                new MasterSettings.Workers(new LocalLauncher(System.getenv()), worker, Map.of(), null),
                Files.createDirectory(folder.resolve("run")),
                Files.createDirectory(folder.resolve("scratch")),
                List.of(),
                List.of(),
                getClass().getClassLoader(),
                PlacementPolicy.LOCALITY,
                EngineSettings.DEFAULTS,
                2,
                1000,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                PortRange.ANY,
                List.of()));
        session = master.foreignSession(new ForeignSession.Events() {
            @Override
            public void allTasksEnded(Failure failure) {}

            @Override
            public void settled() {}
        });
    }

    @AfterEach
    void end() {
        master.close();
        assertThat(folder.resolve("scratch")).isEmptyDirectory();
    }

    private CompletableFuture<Object> call(String request, Ranks ranks) {
        ForeignTask task = session.define(
                "errands",
                List.of(),
                List.of(new ForeignTask.Way(
                        ErrandExecutor.definition(request).implementations().get(0),
                        TaskOptions.options().ranks(ranks))),
                TaskOptions.defaults());
        int datum = session.lease(1).first();
        session.submitProgram(task, -1, new int[] {datum}, RESULT, 1, List.of());
        CompletableFuture<Object> result = new CompletableFuture<>();
        session.await(datum, new ForeignSession.Answer<>() {
            @Override
            public void done(HeldContent content) {
                Object value = content.value();
                session.release(content);
                result.complete(value);
            }

            @Override
            public void failed(Failure failure) {
                result.completeExceptionally(new IllegalStateException(failure.message()));
            }
        });
        session.work();
        return result;
    }

    private static Object of(CompletableFuture<Object> result) throws Exception {
        return result.get(60, TimeUnit.SECONDS);
    }

    /** The process that left a mark. */
    private ProcessHandle awaitMark(String name) throws Exception {
        Path mark = folder.resolve(name);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(mark)) {
            assertThat(System.nanoTime()).as("waiting for " + name).isLessThan(deadline);
            Thread.sleep(5);
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(mark))).orElseThrow();
    }

    private void awaitAllNodes() throws Exception {
        of(call("echo", Ranks.of(6)));
    }

    @Test
    void ranksArePlacedAsTheTaskSays() throws Exception {
        CompletableFuture<Object> packed = call("echo", Ranks.of(5));
        assertThat(of(packed)).asString().startsWith("[2, 2, 1] of 1").contains("1 said 2 cores", "2 said 1 cores");
        assertThat(of(call("echo", Ranks.of(2)))).isEqualTo("[2] of 1");
        assertThat(of(call("echo", Ranks.of(2).spread()))).asString().startsWith("[1, 1] of 1; 1 said 1 cores");
        assertThat(of(call("echo", Ranks.of(3).perNode(1)))).asString().startsWith("[1, 1, 1] of 1");
        assertThat(of(call("echo", Ranks.of(2).perNode(1).exclusive())))
                .asString()
                .startsWith("[1, 1] of 2; 1 said 2 cores");
    }

    @Test
    void theCoresOfAllRanksAreBusy() throws Exception {
        of(call("echo", Ranks.of(5)));
        assertThat(master.placements()).singleElement().satisfies(placed -> assertThat(placed.coreSeconds())
                .isPositive()
                .isCloseTo(5 * placed.seconds(), withinPercentage(0.1)));
    }

    @Test
    @Tag(LATE)
    void aTaskWaitsForNodesThatHaveNotJoinedYet() throws Exception {
        of(call("echo", Ranks.of(4))); // on the two that have
        CompletableFuture<Object> onAll = call("echo", Ranks.of(6));
        of(call("echo", Ranks.of(1)));
        assertThat(onAll).isNotDone();
        Files.createFile(folder.resolve(LATE));
        assertThat(of(onAll)).asString().startsWith("[2, 2, 2] of 1");
    }

    @Test
    void whatTheNodesCanNeverHoldIsRefusedAtTheCall() {
        assertThatThrownBy(() -> call("echo", Ranks.of(40)))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "task errands can never run: it needs 40 ranks of 1 core each at once, and there is room for 6 (6 cores on 3 nodes)");
        assertThatThrownBy(() -> call("echo", Ranks.of(5).perNode(3)))
                .hasMessageContaining("room for 3 ranks of 1 core on each node, and no node has room for more than 2");
        assertThatThrownBy(() -> call("echo", Ranks.of(4).perNode(1)))
                .hasMessageContaining("it needs 4 nodes with room for 1 ranks of 1 core each, and there are 3");
    }

    @Test
    void manyTasksWithRanksAndNarrowOnesAllRun() throws Exception {
        List<CompletableFuture<Object>> all = new java.util.ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(call("echo", i % 3 == 0 ? Ranks.of(1) : Ranks.of(2 + i % 5)));
        }
        for (CompletableFuture<Object> each : all) {
            assertThat(of(each)).asString().startsWith("[");
        }
    }

    @Test
    void aCancelledTaskEndsItsErrandsAndFreesTheirCores() throws Exception {
        CompletableFuture<Object> lasting = call("last " + folder, Ranks.of(6));
        awaitMark("errand-b.1");
        awaitMark("errand-c.1");
        session.cancelAll("enough");
        session.work();
        awaitMark("errand-b.1.over");
        awaitMark("errand-c.1.over");
        assertThat(lasting).failsWithin(Duration.ofSeconds(20));
        assertThat(of(call("echo", Ranks.of(6)))).asString().startsWith("[2, 2, 2] of 1");
    }

    @Test
    void aTaskWhoseOtherNodeDiesRunsAgainAndItsErrandsEnd() throws Exception {
        awaitAllNodes();
        CompletableFuture<Object> lasting = call("last " + folder, Ranks.of(3).perNode(1));
        awaitMark("errand-b.1");
        awaitMark("errand-c.1").destroyForcibly();
        awaitMark("errand-b.1.over");
        assertThat(lasting)
                .failsWithin(Duration.ofSeconds(40))
                .withThrowableThat()
                .withMessageContaining("no node that is left can run errands #2, which needs 3 ranks, 1 on each node");
        session.heardOfFailure();
        assertThat(of(call("echo", Ranks.of(4)))).asString().startsWith("[2, 2] of 1");
    }

    @Test
    void aTaskWhoseFirstNodeDiesRunsAgainOnTheOthers() throws Exception {
        awaitAllNodes();
        CompletableFuture<Object> lasting = call("last " + folder, Ranks.of(2).spread());
        awaitMark("errand-b.1");
        awaitMark("first.1").destroyForcibly();
        awaitMark("errand-b.1.over");
        assertThat(of(lasting)).asString().startsWith("[1, 1] of 1; 1 said begun; 1 ended");
    }
}
