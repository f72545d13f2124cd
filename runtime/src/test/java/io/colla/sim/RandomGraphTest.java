package io.colla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.core.DatumKind;
import io.colla.core.Engine;
import io.colla.core.EngineSettings;
import io.colla.core.Submission;
import io.colla.core.TaskState;
import io.colla.core.TaskTemplate;
import io.colla.scheduler.PlacementPolicy;
import io.colla.scheduler.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random programs on random clusters give the results of a sequential run, or end with a failure that was drawn; never anything else. */
class RandomGraphTest {
    private static final int GRAPHS = Integer.getInteger("colla.sim.graphs", 12_000);
    private static final long FIRST_SEED = Long.getLong("colla.sim.seed", 1L);

    @Test
    void randomGraphsWithFaultsEndRight() {
        long[][] taken = new long[TaskState.values().length][TaskState.values().length];
        int failed = 0;
        for (int i = 0; i < GRAPHS; i++) {
            long seed = FIRST_SEED + i;
            try {
                Program program = new Program(seed);
                failed += program.run() ? 0 : 1;
                long[][] transitions = program.world.engine.transitions();
                for (int a = 0; a < taken.length; a++) {
                    for (int b = 0; b < taken.length; b++) {
                        taken[a][b] += transitions[a][b];
                    }
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " (run again with -Dcolla.sim.seed=" + seed
                        + " -Dcolla.sim.graphs=1)", e);
            }
        }
        assertThat(failed).as("most programs survive their faults").isLessThan(GRAPHS / 2);
        if (GRAPHS >= 10_000) {
            for (TaskState from : TaskState.values()) {
                for (TaskState to : from.successors()) {
                    assertThat(taken[from.ordinal()][to.ordinal()]).as(from + " to " + to).isPositive();
                }
            }
        }
    }

    /** One program: calls made over time, some waits between, all data waited for at the end. */
    static final class Program {
        final Random random;
        final Simulation world;
        final Map<Integer, Long> sequential = new HashMap<>();
        final Map<Integer, DatumKind> kinds = new HashMap<>();
        final Set<Integer> closed = new HashSet<>();
        final Map<Integer, Integer> waitedDatum = new HashMap<>();
        final Map<Integer, Long> expected = new HashMap<>();
        final List<Integer> results = new ArrayList<>();
        boolean cancelled;
        int nextDatum;
        int nextTask = 1;
        int nextWait;

        Program(long seed) {
            this.random = new Random(seed * 31 + 7);
            Simulation.Weather weather = random.nextInt(3) == 0 ? Simulation.Weather.CALM : Simulation.Weather.ROUGH;
            PlacementPolicy policy = PlacementPolicy.ALL.get(random.nextInt(PlacementPolicy.ALL.size()));
            EngineSettings settings = new EngineSettings(random.nextInt(5) == 0 ? 5 : 10_000, 20);
            this.world = new Simulation(seed, weather, policy, settings);
        }

        boolean run() {
            int nodes = 1 + random.nextInt(4);
            for (int i = 0; i < nodes; i++) {
                world.addWorker(1 + random.nextInt(4), 1000);
            }
            // One node that can take everything, and is replaced when it dies.
            world.addWorker(4, 1000);
            world.addWorker(4, 1000);
            int data = 1 + random.nextInt(6);
            for (int i = 0; i < data; i++) {
                provide();
            }
            int calls = 1 + random.nextInt(60);
            long time = 0;
            for (int i = 0; i < calls; i++) {
                time += random.nextInt(300_000);
                world.after(time, this::act);
            }
            world.after(time + 1, this::waitForAll);
            world.run(200_000);
            return judge();
        }

        private void provide() {
            int datum = nextDatum++;
            DatumKind[] all = {DatumKind.OBJECT, DatumKind.OBJECT, DatumKind.SHARED_FILE, DatumKind.LOCAL_FILE};
            DatumKind kind = all[random.nextInt(all.length)];
            long value = random.nextLong();
            int content = world.newContent();
            if (kind == DatumKind.SHARED_FILE) {
                world.homes.put(datum, value);
            } else {
                world.master.put(content, value);
                world.homes.put(datum, value);
            }
            kinds.put(datum, kind);
            sequential.put(datum, value);
            world.tell(() -> world.engine.newDatum(datum, kind, "d" + datum, content, 50_000));
        }

        private void act() {
            int what = random.nextInt(100);
            if (what < 85) {
                call();
            } else if (what < 90) {
                await(pick());
            } else if (what < 93 && open().size() > 2) {
                int datum = pick();
                if (kinds.get(datum) != DatumKind.SHARED_FILE && kinds.get(datum) != DatumKind.LOCAL_FILE) {
                    closed.add(datum);
                    world.tell(() -> world.engine.closeDatum(datum));
                }
            } else if (what < 95) {
                provide();
            } else if (what == 95 && random.nextInt(8) == 0) {
                cancelled = true;
                world.tell(() -> world.engine.cancelDatum(pick()));
            } else {
                int wait = nextWait++;
                world.tell(() -> world.engine.barrier(wait, Engine.ALL_TASKS));
            }
        }

        private List<Integer> open() {
            List<Integer> open = new ArrayList<>(sequential.keySet());
            open.removeAll(closed);
            open.sort(null);
            return open;
        }

        private int pick() {
            List<Integer> open = open();
            return open.get(random.nextInt(open.size()));
        }

        private void call() {
            List<Integer> open = open();
            int count = Math.min(open.size(), random.nextInt(4));
            Set<Integer> chosen = new java.util.LinkedHashSet<>();
            while (chosen.size() < count) {
                chosen.add(open.get(random.nextInt(open.size())));
            }
            int[] data = new int[count + 1];
            Direction[] directions = new Direction[count + 1];
            int i = 0;
            for (int datum : chosen) {
                data[i] = datum;
                directions[i++] = direction();
            }
            int result = nextDatum++;
            kinds.put(result, DatumKind.OBJECT);
            data[count] = result;
            directions[count] = Direction.OUT;
            int task = nextTask++;
            sequentially(task, data, directions);
            TaskTemplate template = template();
            world.tell(() -> world.engine.submit(
                    new Submission(task, template, Engine.ALL_TASKS, data, directions, count, "payload"), world.now()));
            for (int j = 0; j < count; j++) {
                if (directions[j] == Direction.IN_DELETE) {
                    closed.add(data[j]);
                    int datum = data[j];
                    world.tell(() -> world.engine.closeDatum(datum));
                }
            }
        }

        private Direction direction() {
            int d = random.nextInt(20);
            return d < 9
                    ? Direction.IN
                    : d < 13
                            ? Direction.INOUT
                            : d < 15 ? Direction.OUT : d < 18 ? Direction.COMMUTATIVE : Direction.CONCURRENT;
        }

        private TaskTemplate template() {
            int cores = 1 + random.nextInt(2);
            int nodes = random.nextInt(12) == 0 ? 2 : 1;
            FailurePolicy policy = random.nextInt(12) == 0
                    ? FailurePolicy.values()[random.nextInt(4)]
                    : FailurePolicy.RETRY;
            return new TaskTemplate(
                    0,
                    "t",
                    List.of(new Requirement(cores, 0, Map.of(), Map.of(), nodes)),
                    random.nextInt(3),
                    policy,
                    8,
                    0);
        }

        private void sequentially(int task, int[] data, Direction[] directions) {
            long inputs = 0;
            for (int i = 0; i < data.length; i++) {
                if (directions[i] == Direction.IN || directions[i] == Direction.IN_DELETE) {
                    inputs = Simulation.mix(inputs, sequential.get(data[i]));
                }
            }
            for (int i = 0; i < data.length; i++) {
                if (directions[i].writes()) {
                    long read = sequential.getOrDefault(data[i], 0L);
                    sequential.put(data[i], Simulation.output(directions[i], task, read, inputs));
                }
            }
        }

        private void await(int datum) {
            int wait = nextWait++;
            waitedDatum.put(wait, datum);
            expected.put(wait, sequential.get(datum));
            world.tell(() -> world.engine.await(wait, datum, world.now()));
            check(wait);
        }

        /** Reads what was waited for as soon as it is there, as an application does. */
        private void check(int wait) {
            if (world.doneWaits.containsKey(wait)) {
                int content = world.doneWaits.get(wait);
                int datum = waitedDatum.get(wait);
                Long value = kinds.get(datum) == DatumKind.OBJECT ? world.master.get(content) : world.homes.get(datum);
                if (clean()) {
                    assertThat(value).as("datum " + datum + " after wait " + wait).isEqualTo(expected.get(wait));
                } else {
                    assertThat(value).isNotNull();
                }
                world.tell(() -> world.engine.waitTaken(wait));
            } else if (!world.failedWaits.containsKey(wait)) {
                world.after(50_000, () -> check(wait));
            }
        }

        private boolean clean() {
            return !cancelled
                    && world.failures.isEmpty()
                    && !world.ends.containsKey(TaskState.FAILED)
                    && !world.ends.containsKey(TaskState.CANCELLED)
                    && !world.ignored;
        }

        private void waitForAll() {
            for (int datum : open()) {
                await(datum);
            }
        }

        private boolean judge() {
            int tasks = world.ends.values().stream().mapToInt(Integer::intValue).sum();
            assertThat(tasks).as("every task ended once").isEqualTo(nextTask - 1);
            waitedDatum.keySet().forEach(wait -> assertThat(
                            world.doneWaits.containsKey(wait) ^ world.failedWaits.containsKey(wait))
                    .as("wait " + wait + " ended once")
                    .isTrue());
            if (clean()) {
                assertThat(world.failedWaits).isEmpty();
            }
            return clean();
        }
    }
}
