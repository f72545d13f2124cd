package io.colla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.core.DatumKind;
import io.colla.core.Engine;
import io.colla.core.EngineSettings;
import io.colla.core.Submission;
import io.colla.core.TaskTemplate;
import io.colla.scheduler.NodeCapacity;
import io.colla.scheduler.PlacementPolicy;
import io.colla.scheduler.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A random program on a random cluster: calls made over time, some waits, cancellations and closed handles between, all data waited for at the end. */
final class Program {
    private static final DatumKind[] KINDS = {
        DatumKind.OBJECT,
        DatumKind.OBJECT,
        DatumKind.OBJECT,
        DatumKind.SHARED_FILE,
        DatumKind.LOCAL_FILE,
        DatumKind.SHARED_TEMPORARY,
        DatumKind.LOCAL_TEMPORARY
    };

    final Simulation world;
    final Replay replay = new Replay();
    private final Random random;
    /** Data that the application may still name. */
    private final Map<Integer, DatumKind> open = new TreeMap<>();

    private final Map<Integer, Integer> waits = new HashMap<>();
    private final Map<Integer, DatumKind> kinds = new HashMap<>();
    private final List<Integer> groups = new ArrayList<>();
    private final List<Integer> barriers = new ArrayList<>();
    private int nextDatum;
    private int nextTask = 1;
    private int nextWait;

    Program(long seed) {
        this.random = new Random(seed * 31 + 7);
        Simulation.Weather weather =
                switch (random.nextInt(6)) {
                    case 0, 1 -> Simulation.Weather.CALM;
                    case 2 -> Simulation.Weather.SLOW_LINKS;
                    default -> Simulation.Weather.ROUGH;
                };
        PlacementPolicy policy = PlacementPolicy.ALL.get(random.nextInt(PlacementPolicy.ALL.size()));
        int lineage = random.nextInt(5) == 0 ? 5 : 10_000;
        EngineSettings settings = new EngineSettings(lineage, random.nextInt(8) == 0 ? 1 : 20);
        this.world = new Simulation(seed, weather, policy, settings);
        world.whenWaitEnds = this::waitEnded;
        replay.mayLose = lineage < 10_000;
    }

    /** Runs it and checks all that can be checked. Returns whether every task was done. */
    boolean run() {
        int nodes = 1 + random.nextInt(4);
        for (int i = 0; i < nodes; i++) {
            world.addWorker(1 + random.nextInt(4), 500 + random.nextInt(1000));
        }
        // Nodes that can take everything, and are replaced when they die.
        world.addWorker(new NodeCapacity(4, 1000, Map.of("gpu", 2), Map.of("disk", "fast")));
        world.addWorker(new NodeCapacity(4, 1000, Map.of("gpu", 1), Map.of("disk", "fast")));
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
        if (world.weather.workerLoss() > 0 && random.nextInt(50) == 0) {
            world.after(random.nextInt((int) time + 1), this::endOfAllNodes);
        }
        world.after(time + 1, () -> List.copyOf(open.keySet()).forEach(this::await));
        world.run(200_000);
        replay.check(world);
        checkNothingIsLeft();
        return world.ends.values().stream().allMatch(end -> end.state == io.colla.core.TaskState.DONE);
    }

    private void endOfAllNodes() {
        world.noReplacement = true;
        replay.ended = true;
        List.copyOf(world.workers.keySet()).forEach(world::kill);
        world.after(world.weather.delay() * 50L, () -> world.tell(() -> world.engine.cancelAll(Simulation.NO_NODES)));
    }

    private void provide() {
        int datum = nextDatum++;
        DatumKind kind = KINDS[random.nextInt(KINDS.length)];
        boolean empty =
                kind == DatumKind.SHARED_TEMPORARY || kind == DatumKind.LOCAL_TEMPORARY || random.nextInt(10) == 0;
        kinds.put(datum, kind);
        open.put(datum, kind);
        if (kind == DatumKind.SHARED_FILE || kind == DatumKind.LOCAL_FILE) {
            replay.home(datum);
        }
        if (empty) {
            replay.create(datum);
            world.tell(() -> world.engine.newDatum(datum, kind, "d" + datum));
            write(datum);
            return;
        }
        long value = random.nextLong();
        int content = world.newContent();
        if (kind != DatumKind.SHARED_FILE) {
            world.master.put(content, value);
        }
        if (kind != DatumKind.OBJECT) {
            world.homes.put(datum, value);
        }
        replay.mayLose |= kind == DatumKind.SHARED_FILE;
        replay.provide(datum, value);
        world.tell(() -> world.engine.newDatum(datum, kind, "d" + datum, content, 50_000));
    }

    private void act() {
        int what = random.nextInt(200);
        if (what < 166) {
            call();
        } else if (what < 174) {
            await(pick());
        } else if (what < 182 && open.size() > 2) {
            close(pick());
        } else if (what < 186) {
            provide();
        } else if (what == 186 && random.nextInt(4) == 0) {
            replay.cancelled = true;
            world.tell(() -> world.engine.cancelDatum(pick()));
        } else if (what == 187 && !groups.isEmpty()) {
            replay.cancelled = true;
            int group = groups.get(random.nextInt(groups.size()));
            world.tell(() -> world.engine.cancelGroup(group));
        } else if (what == 188 && !groups.isEmpty()) {
            int group = groups.remove(random.nextInt(groups.size()));
            world.tell(() -> world.engine.closeGroup(group));
        } else if (what < 192) {
            int group = groups.size();
            groups.add(group);
            world.tell(() -> world.engine.newGroup(group));
        } else {
            int wait = nextWait++;
            barriers.add(wait);
            int group = groups.isEmpty() || random.nextBoolean() ? Engine.ALL_TASKS : groups.get(0);
            world.tell(() -> world.engine.barrier(wait, group));
        }
    }

    /** Any open datum; one that has just been made when there is none. */
    private int pick() {
        if (open.isEmpty()) {
            provide();
        }
        List<Integer> all = List.copyOf(open.keySet());
        return all.get(random.nextInt(all.size()));
    }

    private void close(int datum) {
        open.remove(datum);
        world.tell(() -> world.engine.closeDatum(datum));
    }

    /** A first task that writes a datum without content. */
    private void write(int datum) {
        submit(new int[] {datum, nextDatum++}, new Direction[] {Direction.OUT, Direction.OUT});
    }

    private void call() {
        int count = Math.min(open.size(), random.nextInt(4));
        Set<Integer> chosen = new LinkedHashSet<>();
        List<Integer> all = List.copyOf(open.keySet());
        while (chosen.size() < count) {
            chosen.add(all.get(random.nextInt(all.size())));
        }
        List<Integer> data = new ArrayList<>(chosen);
        List<Direction> directions = new ArrayList<>();
        data.forEach(datum -> directions.add(direction()));
        if (count > 0 && random.nextInt(10) == 0) {
            // The same datum once more, read only.
            data.add(data.get(0));
            directions.add(Direction.IN);
        }
        data.add(nextDatum++);
        directions.add(Direction.OUT);
        submit(data.stream().mapToInt(Integer::intValue).toArray(), directions.toArray(Direction[]::new));
    }

    private void submit(int[] data, Direction[] directions) {
        int task = nextTask++;
        int last = data.length - 1;
        kinds.put(data[last], DatumKind.OBJECT);
        open.put(data[last], DatumKind.OBJECT);
        replay.call(task, data, directions);
        int group = groups.isEmpty() || random.nextInt(3) > 0
                ? Engine.ALL_TASKS
                : groups.get(random.nextInt(groups.size()));
        Submission submission = new Submission(task, template(), group, data, directions, last, "payload");
        world.tell(() -> world.engine.submit(submission, world.now()));
        for (int j = 0; j < last; j++) {
            if (directions[j] == Direction.IN_DELETE) {
                replay.mayLose |= kinds.get(data[j]) == DatumKind.SHARED_FILE;
                open.remove(data[j]);
                int datum = data[j];
                world.after(random.nextInt(1_000_000), () -> world.tell(() -> world.engine.closeDatum(datum)));
            }
        }
    }

    private Direction direction() {
        int d = random.nextInt(40);
        if (d >= 36 && d < 39) {
            replay.mayLose = true;
            return Direction.CONCURRENT;
        }
        return d < 18
                ? Direction.IN
                : d < 26
                        ? Direction.INOUT
                        : d < 30 ? Direction.OUT : d < 36 ? Direction.COMMUTATIVE : Direction.IN_DELETE;
    }

    private TaskTemplate template() {
        List<Requirement> implementations = new ArrayList<>();
        int extent = random.nextInt(12);
        implementations.add(extent == 1 ? ranks() : requirement(extent == 0 ? 2 : 1));
        if (extent > 0 && random.nextInt(8) == 0) {
            implementations.add(extent == 1 ? ranks() : requirement(1));
        }
        FailurePolicy policy =
                random.nextInt(12) == 0 ? FailurePolicy.values()[random.nextInt(4)] : FailurePolicy.RETRY;
        return new TaskTemplate(
                implementations.size() > 1 ? random.nextInt(5) : 0,
                "t",
                implementations,
                random.nextInt(3),
                policy,
                policy == FailurePolicy.RETRY && random.nextInt(20) == 0 ? 0 : 8,
                0);
    }

    private Requirement requirement(int nodes) {
        int kind = random.nextInt(10);
        return new Requirement(
                1 + random.nextInt(2),
                kind == 0 ? 300 + random.nextInt(600) : 0,
                kind == 1 ? Map.of("gpu", 1) : Map.of(),
                kind == 2 ? Map.of("disk", "fast") : Map.of(),
                nodes);
    }

    /** Up to eight cores are always there again, on two nodes. */
    private Requirement ranks() {
        Requirement each = requirement(1);
        int most = each.memory() > 0 || !each.resources().isEmpty() ? 2 : 8 / each.cores();
        int count = 1 + random.nextInt(most);
        int perNode = random.nextInt(3) == 0 ? 1 + random.nextInt(each.memory() > 0 ? 1 : 2) : 0;
        boolean fits = perNode == 0 || count <= 2 * perNode;
        return new Requirement(
                each.cores(),
                each.memory(),
                each.resources(),
                each.properties(),
                1,
                new Requirement.Ranks(count, fits ? perNode : 0, random.nextBoolean(), random.nextInt(6) == 0));
    }

    private void await(int datum) {
        int wait = nextWait++;
        waits.put(wait, datum);
        replay.await(wait, datum);
        world.tell(() -> world.engine.await(wait, datum, world.now()));
    }

    /** Reads what was waited for, and lets it go a while later. */
    private void waitEnded(int wait) {
        Integer datum = waits.get(wait);
        Integer content = world.doneWaits.get(wait);
        if (datum == null || content == null) {
            return;
        }
        replay.read(wait, value(datum, content));
        boolean object = kinds.get(datum) == DatumKind.OBJECT;
        world.after(random.nextInt(500_000), () -> {
            if (object) {
                assertThat(world.master.get(content))
                        .as("wait " + wait + " until taken")
                        .isNotNull();
            }
            world.tell(() -> world.engine.waitTaken(wait));
        });
    }

    private Long value(int datum, int content) {
        return switch (kinds.get(datum)) {
            case OBJECT, LOCAL_TEMPORARY -> world.master.get(content);
            case SHARED_TEMPORARY -> world.shared.getOrDefault(content, world.master.get(content));
            case SHARED_FILE, LOCAL_FILE -> world.homes.get(datum);
        };
    }

    private void checkNothingIsLeft() {
        List.copyOf(open.keySet()).forEach(this::close);
        groups.forEach(group -> world.engine.closeGroup(group));
        world.run(200_000);
        for (int barrier : barriers) {
            assertThat(world.doneWaits.containsKey(barrier) ^ world.failedWaits.containsKey(barrier))
                    .as("barrier " + barrier + " ended once")
                    .isTrue();
        }
        assertThat(world.engine.remembered()).isEqualTo("tasks 0, contents 0, data 0, waits 0, retained 0");
        assertThat(world.shared).as("contents in the shared folder").isEmpty();
        assertThat(world.master).as("contents in the master's store").isEmpty();
        world.workers.values().forEach(worker -> {
            assertThat(worker.contents).as("contents of worker " + worker.id).isEmpty();
            assertThat(worker.isIdle()).as("%s has nothing to do", worker).isTrue();
        });
    }
}
