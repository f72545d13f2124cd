package io.colla.sim;

import io.colla.api.Direction;
import io.colla.core.Assignment;
import io.colla.core.Assignment.Mode;
import io.colla.core.Assignment.PlannedAccess;
import io.colla.core.Effects;
import io.colla.core.Engine;
import io.colla.core.EngineSettings;
import io.colla.core.Failure;
import io.colla.core.OutputSizes;
import io.colla.core.Place;
import io.colla.core.TaskRecord;
import io.colla.core.TaskState;
import io.colla.scheduler.NodeCapacity;
import io.colla.scheduler.PlacementPolicy;
import io.colla.scheduler.Requirement;
import io.colla.scheduler.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Drives an engine with virtual workers in virtual time. Everything that can go wrong on a cluster is drawn from one seed: message delays, slow
 * and lost workers, failing tasks, refused transfers, repeated messages. Contents hold numbers, so that results can be compared with a
 * sequential run of the same calls.
 */
final class Simulation implements Effects {
    /** How rough the world is; probabilities per thousand. */
    record Weather(int taskFailure, int workerLoss, int fetchFailure, int repeat, int masterCopy) {
        static final Weather CALM = new Weather(0, 0, 0, 0, 300);
        static final Weather ROUGH = new Weather(40, 8, 20, 50, 300);
    }

    private record Event(long time, long order, Runnable action) {}

    private static final long DELAY = 100_000;

    final Random random;
    final Weather weather;
    final Engine engine;
    final Scheduler scheduler;
    final Map<Integer, VirtualWorker> workers = new HashMap<>();
    /** Contents that every node sees, and the master's store. */
    final Map<Integer, Long> shared = new HashMap<>();

    final Map<Integer, Long> homes = new HashMap<>();
    final Map<Integer, Long> master = new HashMap<>();
    final Map<Integer, Integer> doneWaits = new HashMap<>();
    final Map<Integer, Failure> failedWaits = new HashMap<>();
    final List<Failure> failures = new ArrayList<>();
    final Map<TaskState, Integer> ends = new HashMap<>();
    boolean check = true;
    /** A failure was ignored: values are no longer those of a sequential run. */
    boolean ignored;
    int maxLosses = Integer.MAX_VALUE;
    private final PriorityQueue<Event> events = new PriorityQueue<>((a, b) ->
            a.time != b.time ? Long.compare(a.time, b.time) : Long.compare(a.order, b.order));
    private final Map<String, Long> lastArrival = new HashMap<>();
    private long now;
    private long order;
    private int nextContent;
    private int nextWorker = 1;
    private int losses;

    Simulation(long seed, Weather weather, PlacementPolicy policy, EngineSettings settings) {
        this.random = new Random(seed);
        this.weather = weather;
        this.scheduler = new Scheduler(policy);
        this.engine = new Engine(settings, scheduler, this, () -> nextContent++);
    }

    long now() {
        return now;
    }

    int newContent() {
        return nextContent++;
    }

    int addWorker(int cores, long memory) {
        int id = nextWorker++;
        workers.put(id, new VirtualWorker(this, id, cores, memory));
        engine.workerJoined(id, new NodeCapacity(cores, memory));
        return id;
    }

    /** Something that happens after a while. */
    void after(long delay, Runnable action) {
        events.add(new Event(now + Math.max(0, delay), order++, action));
    }

    /** A message on a connection: late, but never before an earlier one of the same connection. */
    void deliver(String connection, Runnable action) {
        long arrival = Math.max(now + 1 + random.nextInt((int) DELAY), lastArrival.getOrDefault(connection, 0L));
        lastArrival.put(connection, arrival);
        events.add(new Event(arrival, order++, action));
    }

    /** Tells the engine something and lets it settle. */
    void tell(Runnable event) {
        event.run();
        if (check) {
            engine.checkInvariants();
        }
        engine.dispatch(now);
        if (check) {
            engine.checkInvariants();
        }
    }

    /**
     * Runs until nothing happens any more.
     *
     * @param mostEvents a bound, so that a livelock is an error
     */
    void run(int mostEvents) {
        int handled = 0;
        while (true) {
            Event event = events.poll();
            if (event == null) {
                if (engine.unfinished() == 0) {
                    return;
                }
                // Nothing happens: time itself may still matter to the scheduler.
                for (int i = 0; i < 50 && events.isEmpty(); i++) {
                    now += 200_000_000L;
                    tell(() -> {});
                }
                if (events.isEmpty()) {
                    throw new IllegalStateException("stuck with " + engine.unfinished() + " unfinished tasks: "
                            + engine.remembered() + " queued " + scheduler.queued());
                }
                continue;
            }
            if (++handled > mostEvents) {
                throw new IllegalStateException("no end after " + mostEvents + " events; unfinished "
                        + engine.unfinished());
            }
            now = event.time;
            event.action.run();
        }
    }

    boolean chance(int perThousand) {
        return perThousand > 0 && random.nextInt(1000) < perThousand;
    }

    /** A worker dies; another may come. */
    void lose(int worker) {
        VirtualWorker lost = workers.get(worker);
        if (lost == null || losses >= maxLosses) {
            return;
        }
        losses++;
        lost.dead = true;
        after(DELAY * 5, () -> tell(() -> {
            workers.remove(worker);
            engine.workerLost(worker, "worker " + worker + " died", now);
        }));
        after(DELAY * (1 + random.nextInt(40)), () -> tell(() -> addWorker(lost.cores, lost.memory)));
    }

    // What the engine wants

    @Override
    public void run(int worker, Assignment assignment) {
        to(worker, w -> w.run(assignment));
    }

    @Override
    public void stop(int worker, int task, int attempt, String reason) {
        to(worker, w -> w.stop(task, attempt));
    }

    @Override
    public void giveBack(int worker, int task, int attempt) {
        to(worker, w -> w.giveBack(task, attempt));
    }

    @Override
    public void hold(int worker, int task, int attempt, Requirement need) {
        to(worker, w -> w.hold(task, attempt, need.cores()));
    }

    @Override
    public void release(int worker, int task, int attempt) {
        to(worker, w -> w.release(task, attempt));
    }

    @Override
    public void begin(int worker, int task, int attempt) {
        to(worker, w -> w.begin(task, attempt));
    }

    @Override
    public void drop(int worker, int content) {
        if (worker == 0) {
            master.remove(content);
        } else {
            to(worker, w -> w.contents.remove(content));
        }
    }

    private void to(int worker, java.util.function.Consumer<VirtualWorker> action) {
        VirtualWorker target = workers.get(worker);
        if (target == null) {
            return;
        }
        deliver("to " + worker, () -> {
            if (!target.dead) {
                action.accept(target);
            }
        });
    }

    @Override
    public void dropShared(int datum, int content, Place place) {
        if (place == Place.SHARED) {
            shared.remove(content);
        } else if (content < 0) {
            homes.remove(datum);
        }
    }

    @Override
    public void bring(int content, boolean file, String name, int[] holders) {
        after(random.nextInt((int) DELAY), () -> {
            for (int holder : holders) {
                VirtualWorker source = workers.get(holder);
                if (source != null && !source.dead && source.contents.containsKey(content)
                        && !chance(weather.fetchFailure)) {
                    master.put(content, source.contents.get(content));
                    tell(() -> engine.fetched(0, content, now));
                    return;
                }
            }
            tell(() -> engine.unfetched(content, holders, now));
        });
    }

    @Override
    public void publish(int wait, int datum, int content, Place place, boolean move) {
        after(random.nextInt((int) DELAY), () -> {
            Long value = place == Place.SHARED ? shared.get(content) : master.get(content);
            if (value == null) {
                throw new IllegalStateException("content " + content + " to be published is not at " + place);
            }
            homes.put(datum, value);
            if (move) {
                shared.remove(content);
            }
            tell(() -> engine.published(wait, move, null));
        });
    }

    @Override
    public void provideNothing(int datum, int content, Place place) {
        (place == Place.STORE ? master : shared).put(content, 0L);
    }

    @Override
    public void waitDone(int wait, int content) {
        doneWaits.put(wait, content);
    }

    @Override
    public void waitFailed(int wait, Failure failure) {
        failedWaits.put(wait, failure);
    }

    @Override
    public void ended(TaskRecord task, int worker, long runNanos, Failure failure) {
        ends.merge(task.state(), 1, Integer::sum);
        ignored |= failure != null;
    }

    @Override
    public void again(TaskRecord task) {
        ends.merge(TaskState.DONE, -1, Integer::sum);
    }

    @Override
    public void retried(TaskRecord task, int worker, Failure failure) {}

    @Override
    public void failed(Failure failure) {
        failures.add(failure);
    }

    // The world

    static long mix(long a, long b) {
        long h = a * 0x9E3779B97F4A7C15L + b + 0x632BE59BD9B4E019L;
        h ^= h >>> 29;
        h *= 0xBF58476D1CE4E5B9L;
        return h ^ (h >>> 32);
    }

    /** What a task makes of an access, given what it read there and the mix of all that it only reads. */
    static long output(Direction direction, int task, long read, long inputs) {
        return switch (direction) {
            case COMMUTATIVE, CONCURRENT -> read + mix(task, inputs);
            case INOUT -> mix(mix(read, task), inputs);
            default -> mix(task, inputs);
        };
    }

    Long readShared(PlannedAccess access) {
        return access.inputPlace() == Place.HOME ? homes.get(access.datum()) : shared.get(access.input());
    }

    void writeShared(PlannedAccess access, long value) {
        if (access.outputPlace() == Place.HOME) {
            homes.put(access.datum(), value);
        } else {
            shared.put(access.output(), value);
            if (access.mode() == Mode.CONSUME) {
                shared.remove(access.input());
            }
        }
    }

    OutputSizes sizes(boolean[] copies) {
        return new OutputSizes() {
            @Override
            public long size(int output) {
                return 100_000;
            }

            @Override
            public boolean atMaster(int output) {
                return copies[output];
            }
        };
    }
}
