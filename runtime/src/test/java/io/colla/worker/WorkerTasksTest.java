package io.colla.worker;

import static io.colla.worker.WorkerKit.ONE;
import static io.colla.worker.WorkerKit.result;
import static io.colla.worker.WorkerKit.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.RemoteException;
import io.colla.api.TaskFunction;
import io.colla.platform.TaskDefinition;
import io.colla.wire.Message;
import io.colla.wire.Message.Began;
import io.colla.wire.Message.Failed;
import io.colla.wire.Message.Finished;
import io.colla.wire.Message.Needs;
import io.colla.wire.Message.Run;
import io.colla.wire.Message.Stopped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTasksTest {
    /** Gates by number that tasks wait at; tasks say which they have reached. */
    static final Map<Integer, CountDownLatch> GATES = new ConcurrentHashMap<>();

    static final List<Integer> ORDER = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path folder;

    WorkerKit kit;

    @BeforeEach
    void start() {
        GATES.clear();
        ORDER.clear();
        kit = new WorkerKit(folder, WorkerKit.node(2, 1000, Map.of("gpu", 1)), null);
    }

    @AfterEach
    void stop() {
        GATES.values().forEach(CountDownLatch::countDown);
        kit.close();
    }

    static CountDownLatch gate(int number) {
        return GATES.computeIfAbsent(number, key -> new CountDownLatch(1));
    }

    static void pass(int number) throws InterruptedException {
        ORDER.add(number);
        if (!gate(number).await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody opened gate " + number);
        }
    }

    static void passDeaf(int number) {
        ORDER.add(number);
        boolean open = false;
        while (!open) {
            try {
                open = gate(number).await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // It is deaf.
            }
        }
    }

    private int passing() {
        return kit.define((TaskFunction.A1<Integer>) WorkerTasksTest::pass);
    }

    private static Run pass(int task, int definition, Needs needs, int priority) {
        return run(task, definition, needs, priority, 0, -1, List.of(new Message.Argument.Value(task)));
    }

    private void open(int gate) {
        gate(gate).countDown();
    }

    private void awaitBegun(Integer... tasks) {
        Awaitility.await("begun " + List.of(tasks)).until(() -> ORDER.containsAll(List.of(tasks)));
    }

    @Test
    void asManyTasksRunAsThereAreCoresAndThenByPriority() {
        int pass = passing();
        kit.accept(pass(1, pass, ONE, 0), pass(2, pass, ONE, 0));
        awaitBegun(1, 2);
        kit.accept(pass(3, pass, ONE, 0), pass(4, pass, ONE, 5), pass(5, pass, ONE, 0));
        open(1);
        awaitBegun(4);
        open(4);
        awaitBegun(3);
        assertThat(ORDER).doesNotContain(5);
        assertThat(kit.core.running()).isEqualTo(2);
        open(3);
        awaitBegun(5);
    }

    @Test
    void memoryAndResourcesAreNeverGivenTwice() {
        int pass = passing();
        Needs half = new Needs(1, 600, Map.of());
        Needs gpu = new Needs(1, 0, Map.of("gpu", 1));
        kit.accept(pass(1, pass, half, 0), pass(2, pass, half, 0), pass(3, pass, gpu, 0));
        awaitBegun(1, 3);
        assertThat(ORDER).doesNotContain(2);
        open(3);
        kit.link.await(Finished.class, 3);
        kit.accept(pass(4, pass, gpu, 0));
        awaitBegun(4);
        assertThat(ORDER).doesNotContain(2);
        open(4);
        open(1);
        awaitBegun(2);
    }

    @Test
    void aBigTaskIsPassedForAWhileOnly() {
        int pass = passing();
        kit.accept(pass(1, pass, ONE, 0));
        awaitBegun(1);
        kit.accept(pass(2, pass, new Needs(2, 0, Map.of()), 0));
        // Small tasks keep coming, each until the next one is there; the big one must get its turn all the same.
        int next = 10;
        open(1);
        for (; next < 10_000 && !ORDER.contains(2); next++) {
            kit.accept(pass(next, pass, ONE, 0));
            open(next);
            int last = next;
            Awaitility.await("a task begins")
                    .pollInterval(1, TimeUnit.MILLISECONDS)
                    .until(() -> ORDER.contains(last) || ORDER.contains(2));
        }
        assertThat(ORDER).contains(2);
    }

    @Test
    void needsBeyondTheNodeAreRefused() {
        int pass = passing();
        kit.accept(pass(1, pass, new Needs(3, 0, Map.of()), 0), pass(2, pass, new Needs(1, 0, Map.of("fpga", 1)), 0));
        assertThat(kit.link.await(Failed.class, 1).message()).contains("it needs 3 cores, and node here has 2");
        assertThat(kit.link.await(Failed.class, 2).message()).contains("it needs 1 of fpga, and node here has 0");
    }

    @Test
    void aTaskThatLastsIsAnnouncedAndCannotBeGivenBack() {
        int pass = passing();
        kit.accept(pass(1, pass, new Needs(2, 0, Map.of()), 0), pass(2, pass, ONE, 0));
        kit.link.await(Began.class, 1);
        kit.accept(new Message.GiveBack(1, 1), new Message.GiveBack(2, 1), new Message.GiveBack(99, 1));
        kit.link.await(Message.Returned.class, 2);
        open(1);
        kit.link.await(Finished.class, 1);
        assertThat(kit.link.all(Message.Returned.class)).hasSize(1);

        // What was given back may come again.
        open(2);
        kit.accept(pass(2, pass, ONE, 0));
        kit.link.await(Finished.class, 2);
    }

    @Test
    void stoppingEndsWaitingAndRunningTasksAndHarmsNothingElse() {
        int pass = passing();
        kit.accept(pass(1, pass, new Needs(2, 0, Map.of()), 0), pass(2, pass, ONE, 0), pass(1, pass, ONE, 0));
        awaitBegun(1);
        kit.accept(new Message.Stop(2, 1, "test"), new Message.Stop(77, 1, "test"), new Message.Stop(1, 9, "test"));
        assertThat(kit.link.await(Stopped.class, 2)).isEqualTo(new Stopped(2, 1, 0, false));
        kit.accept(new Message.Stop(1, 1, "test"), new Message.Stop(1, 1, "test"));
        kit.link.await(Stopped.class, 1);
        open(3);
        kit.accept(pass(3, pass, new Needs(2, 0, Map.of()), 0));
        kit.link.await(Finished.class, 3);
        kit.accept(new Message.Stop(1, 1, "test"));
        assertThat(kit.link.all(Stopped.class)).hasSize(2);
    }

    @Test
    void aTaskOverItsTimeFails() {
        int pass = passing();
        kit.accept(run(1, pass, ONE, 0, 50_000_000, -1, List.of(new Message.Argument.Value(1))));
        Failed failed = kit.link.await(Failed.class, 1);
        assertThat(failed.message()).isEqualTo("it exceeded its time limit of 0.05 s");
        assertThat(failed.stack()).contains("WorkerTasksTest.pass");
    }

    @Test
    void aTaskThatDoesNotReactIsGivenUpButKeepsItsCoreUntilItEnds() {
        int deaf = kit.define((TaskFunction.A1<Integer>) WorkerTasksTest::passDeaf);
        int pass = passing();
        kit.accept(pass(1, deaf, ONE, 0));
        awaitBegun(1);
        kit.accept(new Message.Stop(1, 1, "test"));
        kit.link.await(Stopped.class, 1);
        open(2);
        kit.accept(pass(2, pass, new Needs(2, 0, Map.of()), 0), pass(3, pass, ONE, 0));
        awaitBegun(3);
        assertThat(ORDER).doesNotContain(2);
        open(3);
        kit.link.await(Finished.class, 3);
        assertThat(ORDER).doesNotContain(2);
        open(1);
        kit.link.await(Finished.class, 2);
        assertThat(kit.link.ofTask(1).stream().filter(m -> !(m instanceof Began)))
                .hasSize(1);
    }

    @Test
    void aGangTaskHoldsBeginsAndReleases() {
        int pass = passing();
        Run gang = new Run(
                1,
                1,
                pass,
                0,
                0,
                new Needs(1, 0, Map.of()),
                List.of("here", "there"),
                0,
                List.of(new Message.Argument.Value(1)),
                List.of(),
                -1);
        kit.accept(gang, new Message.Hold(2, 1, 0, ONE));
        kit.link.await(Message.Holding.class, 1);
        kit.link.await(Message.Holding.class, 2);
        kit.accept(pass(3, pass, ONE, 0));
        assertThat(ORDER).isEmpty();

        kit.accept(new Message.Begin(1, 1));
        awaitBegun(1);
        assertThat(ORDER).doesNotContain(3);
        kit.accept(new Message.Release(2, 1), new Message.Release(2, 1), new Message.Begin(2, 1));
        awaitBegun(3);
        open(1);
        kit.link.await(Finished.class, 1);
    }

    @Test
    void aHoldingGangTaskThatIsStoppedFreesItsCores() {
        int pass = passing();
        Run gang = new Run(
                1,
                1,
                pass,
                0,
                0,
                new Needs(2, 0, Map.of()),
                List.of("here", "there"),
                0,
                List.of(new Message.Argument.Value(1)),
                List.of(),
                -1);
        kit.accept(gang);
        kit.link.await(Message.Holding.class, 1);
        kit.accept(pass(2, pass, ONE, 0), new Message.Stop(1, 1, "test"));
        awaitBegun(2);
        kit.accept(new Message.Begin(1, 1));
        assertThat(kit.link.await(Stopped.class, 1).touched()).isFalse();
        open(2);
        kit.link.await(Finished.class, 2);
        assertThat(ORDER).doesNotContain(1);
    }

    private Run pausing(int task, Needs needs) {
        return WorkerKit.run(task, 1000, needs, 0, 0, -1, List.of());
    }

    private List<Integer> turns(int task) {
        return kit.link.ofTask(task).stream()
                .filter(Message.Turned.class::isInstance)
                .map(m -> ((Message.Turned) m).turn())
                .toList();
    }

    @Test
    void aTaskThatPausesLeavesItsCoresToOthersAndTakesSomeAgain() {
        int pass = passing();
        kit.accept(new Message.Define(1000, PausingExecutor.definition()));
        Needs both = new Needs(2, 0, Map.of());
        kit.accept(pausing(1, both));
        kit.link.await(Message.Turned.class, 1);
        kit.accept(pass(2, pass, ONE, 0), pass(3, pass, ONE, 0), pass(4, pass, ONE, 0));
        awaitBegun(2, 3);
        PausingExecutor.goOn(1);
        open(4);
        open(2);
        kit.link.await(Finished.class, 2);
        assertThat(turns(1)).containsExactly(1);
        open(3);
        kit.link.await(Finished.class, 1);
        assertThat(turns(1)).containsExactly(1, 2);
        assertThat(PausingExecutor.CPUS.get(1)).hasSize(2);
        kit.link.await(Finished.class, 4);
    }

    @Test
    void aPausedTaskThatIsStoppedGivesBackNothingTwice() {
        kit.accept(new Message.Define(1000, PausingExecutor.definition()));
        Needs both = new Needs(2, 0, Map.of());
        kit.accept(pausing(11, both));
        kit.link.await(Message.Turned.class, 11);
        kit.accept(new Message.Stop(11, 1, "test"));
        kit.link.await(Stopped.class, 11);
        kit.accept(pausing(12, both), pausing(13, both));
        PausingExecutor.goOn(12);
        PausingExecutor.goOn(13);
        kit.link.await(Finished.class, 12);
        kit.link.await(Finished.class, 13);
        assertThat(PausingExecutor.CPUS.get(12)).containsExactlyInAnyOrder(10, 11);
    }

    static final class Custom extends Exception {
        final int code;

        Custom(int code, Throwable cause) {
            super("code " + code, cause);
            this.code = code;
        }
    }

    static final class Unserializable extends Exception {
        final transient int dummy = 0;
        final Object thread = Thread.currentThread();

        Unserializable() {
            super("held a thread");
        }
    }

    static void throwCustom() throws Custom {
        System.out.println("said before");
        throw new Custom(7, new IllegalStateException("inner"));
    }

    static void throwUnserializable() throws Unserializable {
        throw new Unserializable();
    }

    static void overflow() {
        overflow();
    }

    static void missingClass() {
        throw new NoClassDefFoundError("org/example/Missing");
    }

    static void outOfMemory() {
        throw new OutOfMemoryError("Java heap space");
    }

    private Failed failure(int task, TaskFunction function) {
        kit.accept(run(task, kit.define(function), -1, List.of()));
        return kit.link.await(Failed.class, task);
    }

    @Test
    void anExceptionTravelsWithItsFieldsCauseAndTheTasksOwnFrames() {
        Failed failed = failure(1, (TaskFunction.A0) WorkerTasksTest::throwCustom);

        Custom thrown = (Custom) kit.codec.fromBytes(failed.exception());
        assertThat(thrown.code).isEqualTo(7);
        assertThat(thrown.getCause()).hasMessage("inner");
        assertThat(thrown.getStackTrace()).hasSize(1);
        assertThat(thrown.getStackTrace()[0].getMethodName()).isEqualTo("throwCustom");
        assertThat(failed.message()).isEqualTo(Custom.class.getName() + ": code 7");
        assertThat(failed.stack()).contains("Caused by").contains("said before");
        assertThat(failed.retriable()).isTrue();
    }

    @Test
    void anExceptionThatCannotTravelIsStoodInFor() {
        Failed failed = failure(1, (TaskFunction.A0) WorkerTasksTest::throwUnserializable);

        RemoteException stand = (RemoteException) kit.codec.fromBytes(failed.exception());
        assertThat(stand.type()).isEqualTo(Unserializable.class.getName());
        assertThat(stand).hasMessageContaining("held a thread");
        assertThat(stand.getStackTrace()[0].getMethodName()).isEqualTo("throwUnserializable");
    }

    @Test
    void errorsOfATaskFailItAndTheWorkerGoesOn() {
        assertThat(failure(1, (TaskFunction.A0) WorkerTasksTest::overflow).message())
                .contains("nested too deeply");
        Failed missing = failure(2, (TaskFunction.A0) WorkerTasksTest::missingClass);
        assertThat(missing.message()).contains("org/example/Missing").contains("class path");
        assertThat(missing.retriable()).isFalse();
        assertThat(failure(3, (TaskFunction.A0) WorkerTasksTest::outOfMemory).message())
                .contains("ran out of memory");
        kit.accept(run(4, kit.define((TaskFunction.F0<Integer>) () -> 4), 0, List.of(), result(1)));
        kit.link.await(Finished.class, 4);
    }

    @Test
    void anUnknownKindOrDefinitionFailsTheTask() {
        kit.accept(
                new Message.Define(
                        50,
                        new TaskDefinition(
                                "odd", List.of(), List.of(new TaskDefinition.Implementation("fortran", "x")))),
                run(1, 50, -1, List.of()),
                run(2, 51, -1, List.of()));
        assertThat(kit.link.await(Failed.class, 1).message()).contains("cannot run tasks of kind \"fortran\"");
        assertThat(kit.link.await(Failed.class, 2).message()).contains("has not sent its definition 51");
    }

    @Test
    void pingIsAnsweredWhileAllCoresAreBusy() {
        int pass = passing();
        kit.accept(pass(1, pass, new Needs(2, 0, Map.of()), 0));
        awaitBegun(1);
        kit.accept(new Message.Ping(42));
        assertThat(kit.link.all(Message.Pong.class)).singleElement().satisfies(pong -> {
            assertThat(pong.sent()).isEqualTo(42);
            assertThat(pong.now()).isNotZero();
        });
    }

    @Test
    void manySmallTasksOfSeveralPrioritiesAllEnd() {
        int one = kit.define((TaskFunction.F0<Integer>) () -> 1);
        int count = 5_000;
        for (int from = 0; from < count; from += 100) {
            List<Message.ToWorker> batch = new ArrayList<>();
            for (int i = from; i < from + 100; i++) {
                Needs needs = i % 7 == 0 ? new Needs(2, 0, Map.of()) : i % 5 == 0 ? new Needs(1, 10, Map.of()) : ONE;
                batch.add(run(i, one, needs, i % 40, 0, 0, List.of(), result(i)));
            }
            kit.core.accept(batch);
        }
        Awaitility.await("all " + count + " tasks to end")
                .until(() -> kit.link.all(Finished.class).size() == count);
    }
}
