package io.colla.core;

import static io.colla.api.Direction.COMMUTATIVE;
import static io.colla.api.Direction.INOUT;
import static io.colla.api.Direction.OUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.scheduler.NodeCapacity;
import io.colla.scheduler.PlacementPolicy;
import io.colla.scheduler.Requirement;
import io.colla.scheduler.Scheduler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long chains and large groups: no recursion as deep as the chain, no time that grows with its square. */
@Timeout(20)
class EngineScaleTest {
    private static final int MANY = 200_000;

    private final ArrayDeque<Assignment> running = new ArrayDeque<>();
    private final ArrayDeque<Integer> workers = new ArrayDeque<>();
    private int ended;
    private int again;
    private int nextContent;
    private final Effects effects = (Effects) Proxy.newProxyInstance(
            Effects.class.getClassLoader(), new Class<?>[] {Effects.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "run" -> {
                        workers.add((Integer) arguments[0]);
                        running.add((Assignment) arguments[1]);
                    }
                    case "ended" -> ended++;
                    case "again" -> again++;
                    default -> {}
                }
                return null;
            });
    private final Engine engine =
            new Engine(EngineSettings.DEFAULTS, new Scheduler(PlacementPolicy.LOCALITY), effects, () -> nextContent++);
    private final TaskTemplate template =
            new TaskTemplate(0, "t", List.of(Requirement.ONE_CORE), 0, FailurePolicy.RETRY, 0, 0);

    private void submit(int task, Direction direction) {
        engine.submit(new Submission(task, template, 0, new int[] {0}, new Direction[] {direction}, 1, ""), 0);
    }

    private void runAll() {
        engine.dispatch(0);
        while (!running.isEmpty()) {
            Assignment assignment = running.poll();
            engine.finished(
                    workers.poll(),
                    assignment.task().id(),
                    assignment.attempt(),
                    1,
                    new OutputSizes() {
                        @Override
                        public long size(int output) {
                            return 100;
                        }

                        @Override
                        public boolean atMaster(int output) {
                            return false;
                        }
                    },
                    0);
            engine.dispatch(0);
        }
    }

    @Test
    void aLongChainRunsAndIsForgotten() {
        engine.workerJoined(1, new NodeCapacity(1, 0));
        engine.newDatum(0, DatumKind.OBJECT, "d");
        submit(0, OUT);
        for (int i = 1; i < MANY; i++) {
            submit(i, INOUT);
        }
        runAll();
        assertThat(ended).isEqualTo(MANY);
        engine.closeDatum(0);
        assertThat(engine.remembered()).isEqualTo("tasks 0, contents 0, data 0, waits 0, retained 0");
    }

    @Test
    void aLongChainIsCancelledFromItsFirstTask() {
        engine.newDatum(0, DatumKind.OBJECT, "d");
        engine.newGroup(0);
        for (int i = 0; i < MANY; i++) {
            submit(i, i == 0 ? OUT : INOUT);
        }
        engine.cancelGroup(0);
        assertThat(ended).isEqualTo(MANY);
        assertThat(engine.unfinished()).isZero();
    }

    @Test
    void aLargeCommutativeGroupIsCancelled() {
        engine.newDatum(0, DatumKind.OBJECT, "d", nextContent++, 100);
        engine.newGroup(0);
        for (int i = 0; i < MANY; i++) {
            submit(i, COMMUTATIVE);
        }
        engine.cancelGroup(0);
        assertThat(ended).isEqualTo(MANY);
        engine.closeDatum(0);
        assertThat(engine.remembered()).isEqualTo("tasks 0, contents 0, data 0, waits 0, retained 0");
    }

    @Test
    void aLargeCommutativeGroupRuns() {
        engine.workerJoined(1, new NodeCapacity(4, 0));
        engine.newDatum(0, DatumKind.OBJECT, "d", nextContent++, 100);
        for (int i = 0; i < MANY; i++) {
            submit(i, COMMUTATIVE);
        }
        runAll();
        assertThat(ended).isEqualTo(MANY);
    }

    @Test
    void aLongChainIsComputedAgainAfterALoss() {
        int length = MANY / 2;
        engine.workerJoined(1, new NodeCapacity(1, 0));
        engine.newDatum(0, DatumKind.OBJECT, "d");
        submit(0, OUT);
        for (int i = 1; i < length; i++) {
            submit(i, INOUT);
        }
        runAll();
        engine.workerLost(1, "gone", 0);
        engine.workerJoined(2, new NodeCapacity(1, 0));
        engine.await(1, 0, 0);
        runAll();
        assertThat(again).isEqualTo(length);
        assertThat(ended).isEqualTo(2 * length);
    }
}
