package io.colla.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.wire.Message;
import io.colla.wire.Message.Finished;
import io.colla.wire.Message.Needs;
import io.colla.wire.Message.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker that is the first node of a task, or another one; what the master would pass on is passed on by the test. */
@Timeout(60)
class ErrandsTest {
    @TempDir
    Path folder;

    private WorkerKit kit;

    @BeforeEach
    void start() {
        kit = new WorkerKit(folder, WorkerKit.node(2, 0, Map.of()), null);
        ErrandExecutor.HEARD.clear();
        ErrandExecutor.mayReturn = new CountDownLatch(0);
    }

    @AfterEach
    void end() {
        ErrandExecutor.mayReturn.countDown();
        kit.close();
    }

    private void hold(int task) {
        kit.accept(new Message.Hold(task, 1, 0, new Needs(2, 0, Map.of())));
        kit.link.await(Message.Holding.class, task);
    }

    private void errand(int task, String request) {
        byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
        kit.accept(new Message.DoErrand(task, 1, 7, ErrandExecutor.KIND, bytes));
    }

    private static void awaitHeard(String what) throws InterruptedException {
        assertThat(ErrandExecutor.HEARD.poll(20, TimeUnit.SECONDS)).isEqualTo(what);
    }

    private Run narrow(int task) {
        kit.accept(new Message.Define(
                900,
                JavaFunctions.definition((io.colla.api.TaskFunction.A0) ErrandsTest::nothing)
                        .definition()));
        return WorkerKit.run(task, 900, -1, List.of());
    }

    static void nothing() {}

    @Test
    void anErrandHasTheCoresThatAreHeldAndItsWordsGoToTheFirstNode() {
        hold(1);
        errand(1, "echo");
        Message.ErrandSays says = kit.link.await(Message.ErrandSays.class, -1);
        assertThat(new String(says.content(), StandardCharsets.UTF_8)).isEqualTo("2 cores [10, 11]");
        assertThat(says.errand()).isEqualTo(7);
        assertThat(kit.link.await(Message.ErrandEnds.class, -1).error()).isNull();
    }

    @Test
    void anErrandThatFailsSaysWhy() {
        hold(1);
        errand(1, "fail");
        assertThat(kit.link.await(Message.ErrandEnds.class, -1).error()).isEqualTo("no luck here");
    }

    @Test
    void aKindThatHasNoErrandsSaysSo() {
        hold(1);
        kit.accept(new Message.DoErrand(1, 1, 7, PausingExecutor.KIND, new byte[0]));
        assertThat(kit.link.await(Message.ErrandEnds.class, -1).error())
                .isEqualTo("tasks of kind \"pausing\" do nothing on further nodes");
    }

    @Test
    void theCoresAreFreeOnlyWhenTheErrandHasReturned() throws Exception {
        ErrandExecutor.mayReturn = new CountDownLatch(1);
        hold(1);
        errand(1, "last");
        awaitHeard("begun");
        kit.accept(narrow(2), new Message.Release(1, 1));
        awaitHeard("told");
        assertThat(kit.link.ofTask(2)).isEmpty();
        ErrandExecutor.mayReturn.countDown();
        awaitHeard("returned");
        kit.link.await(Finished.class, 2);
    }

    @Test
    void anErrandIsEndedByTheFirstNodeWhileTheTaskGoesOn() throws Exception {
        hold(1);
        errand(1, "last");
        awaitHeard("begun");
        kit.accept(new Message.StopErrand(1, 1, 8), new Message.StopErrand(1, 1, 7));
        assertThat(kit.link.await(Message.ErrandEnds.class, -1).error()).isNull();
        kit.accept(narrow(2));
        errand(1, "echo");
        kit.link.await(Message.ErrandSays.class, -1);
        assertThat(kit.link.ofTask(2)).isEmpty();
        kit.accept(new Message.Release(1, 1));
        kit.link.await(Finished.class, 2);
    }

    @Test
    void anErrandForATaskThatHoldsNothingIsRefused() {
        errand(5, "echo");
        assertThat(kit.link.await(Message.ErrandEnds.class, -1).error())
                .isEqualTo("node here does not hold the task's resources any more");
    }

    @Test
    void theEndOfTheWorkerEndsItsErrands() throws Exception {
        hold(1);
        errand(1, "last");
        awaitHeard("begun");
        assertThat(kit.core.shutDown(Duration.ofSeconds(10))).isTrue();
        assertThat(ErrandExecutor.HEARD).containsExactlyInAnyOrder("told", "returned");
    }

    private void runFirst(String request) {
        kit.accept(new Message.Define(5, ErrandExecutor.definition(request)));
        kit.accept(
                new Run(
                        1,
                        1,
                        5,
                        0,
                        0,
                        new Needs(2, 0, Map.of()),
                        List.of("here", "there"),
                        List.of(2, 1),
                        1,
                        null,
                        0,
                        List.of(),
                        List.of(WorkerKit.result(50)),
                        0),
                new Message.Begin(1, 1));
        kit.link.await(Message.Holding.class, 1);
        kit.accept(new Message.Begin(1, 1));
    }

    @Test
    void theFirstNodeHearsOfItsErrandsInOrder() {
        runFirst("echo");
        Message.AskErrand asked = kit.link.await(Message.AskErrand.class, -1);
        assertThat(asked.node()).isEqualTo(1);
        assertThat(asked.kind()).isEqualTo(ErrandExecutor.KIND);
        int number = asked.errand();
        kit.accept(
                new Message.ErrandSaid(1, 1, number, "a".getBytes(StandardCharsets.UTF_8)),
                new Message.ErrandSaid(1, 1, number, "b".getBytes(StandardCharsets.UTF_8)),
                new Message.ErrandEnded(1, 1, number, "it broke"));
        kit.link.await(Finished.class, 1);
        assertThat(kit.store.value(50)).isEqualTo("[2, 1] of 1; 1 said a; 1 said b; 1 ended it broke");
    }

    @Test
    void whatComesAfterTheTaskIsNotHeard() {
        runFirst("echo");
        int number = kit.link.await(Message.AskErrand.class, -1).errand();
        kit.accept(new Message.Stop(1, 1, "test"));
        kit.link.await(Message.Stopped.class, 1);
        kit.accept(new Message.ErrandSaid(1, 1, number, new byte[0]), new Message.ErrandEnded(1, 1, number, null));
        kit.accept(narrow(2));
        kit.link.await(Finished.class, 2);
    }
}
