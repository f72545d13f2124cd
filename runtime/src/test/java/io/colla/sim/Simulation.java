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
import java.util.function.Consumer;

/**
 * Drives an engine with virtual workers in virtual time. Everything that can go wrong on a cluster is drawn from one seed: message delays, slow
 * and lost workers, failing tasks, refused transfers, repeated messages. Contents hold numbers, so that results can be compared with a
 * sequential run of the same calls.
 */
final class Simulation implements Effects {
    /**
     * How rough the world is.
     *
     * @param taskFailure per thousand attempts
     * @param workerLoss per thousand attempts
     * @param fetchFailure per thousand transfers
     * @param repeat per thousand messages
     * @param masterCopy per thousand outputs that the master gets with the news of them
     * @param pause per thousand times that an attempt could wait for others
     * @param delay most nanoseconds that a message takes
     * @param longestRun most nanoseconds that an attempt takes
     */
    record Weather(
            int taskFailure,
            int workerLoss,
            int fetchFailure,
            int repeat,
            int masterCopy,
            int pause,
            int delay,
            int longestRun) {
        static final Weather CALM = new Weather(0, 0, 0, 0, 300, 100, 100_000, 2_000_000);
        static final Weather ROUGH = new Weather(40, 8, 20, 50, 300, 100, 100_000, 2_000_000);
        /** The network is much slower than the tasks. */
        static final Weather SLOW_LINKS = new Weather(30, 10, 40, 80, 200, 100, 5_000_000, 500_000);
    }

    /** How a task ended, over all the times that it ran. */
    static final class End {
        TaskState state = TaskState.WAITING;
        Failure failure;
        int times;
        /** It ended in different ways, since it had to run again. */
        boolean changed;
    }

    private record Event(long time, long order, Runnable action) {}

    /** What is in a file that is being written. */
    static final long GARBAGE = 0xBADL;

    static final Failure NO_NODES = new Failure(Failure.Kind.NODES, "", "", "no node is left", null, "");

    final Random random;
    final Weather weather;
    final Engine engine;
    final Scheduler scheduler;
    final Map<Integer, VirtualWorker> workers = new HashMap<>();
    /** Contents that every node sees, by content; the user's files, by datum; the master's store. */
    final Map<Integer, Long> shared = new HashMap<>();

    final Map<Integer, Long> homes = new HashMap<>();
    final Map<Integer, Long> master = new HashMap<>();
    final Map<Integer, Integer> doneWaits = new HashMap<>();
    final Map<Integer, Failure> failedWaits = new HashMap<>();
    final List<Failure> failures = new ArrayList<>();
    final Map<Integer, End> ends = new HashMap<>();
    /** Called when a wait is over. */
    Consumer<Integer> whenWaitEnds = wait -> {};

    boolean check = true;
    /** Nobody replaces a lost worker. */
    boolean noReplacement;

    int begun;
    int losses;
    int errands;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.time != b.time ? Long.compare(a.time, b.time) : Long.compare(a.order, b.order));
    private final Map<Integer, Long> lastArrival = new HashMap<>();
    private long now;
    private long order;
    private long history;
    private int nextContent;
    private int nextWorker = 1;

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

    /** A number that stands for everything that has been ordered so far, and when. */
    long history() {
        return history;
    }

    private void note(int what, int a, int b, int c) {
        history = mix(mix(mix(history, now), ((long) what << 32) + a), ((long) b << 32) + c);
    }

    int addWorker(NodeCapacity capacity) {
        int id = nextWorker++;
        workers.put(id, new VirtualWorker(this, id, capacity));
        engine.workerJoined(id, capacity);
        return id;
    }

    int addWorker(int cores, long memory) {
        return addWorker(new NodeCapacity(cores, memory));
    }

    /** Something that happens after a while. */
    void after(long delay, Runnable action) {
        events.add(new Event(now + Math.max(0, delay), order++, action));
    }

    /** A message on a connection: late, but never before an earlier one of the same connection. */
    void deliver(int connection, Runnable action) {
        long arrival = Math.max(now + 1 + random.nextInt(weather.delay), lastArrival.getOrDefault(connection, 0L));
        lastArrival.put(connection, arrival);
        events.add(new Event(arrival, order++, action));
    }

    /** Tells the engine something and lets it settle. */
    void tell(Runnable event) {
        event.run();
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
                if (workers.isEmpty() && ++handled <= mostEvents) {
                    tell(() -> engine.cancelAll(NO_NODES));
                    continue;
                }
                for (int i = 0; i < 50 && events.isEmpty(); i++) {
                    now += 200_000_000L;
                    tell(() -> {});
                }
                if (events.isEmpty()) {
                    throw new IllegalStateException("stuck with " + engine.unfinished() + " unfinished tasks: "
                            + engine.remembered() + " queued " + scheduler.queued() + " " + workers.values());
                }
                continue;
            }
            if (++handled > mostEvents) {
                throw new IllegalStateException(
                        "no end after " + mostEvents + " events; unfinished " + engine.unfinished());
            }
            now = event.time;
            event.action.run();
        }
    }

    boolean chance(int perThousand) {
        return perThousand > 0 && random.nextInt(1000) < perThousand;
    }

    /** A worker dies, at times others with it; the engine hears of it later, and others may come. */
    void lose(int worker) {
        kill(worker);
        while (!workers.isEmpty() && chance(300)) {
            List<Integer> alive = new ArrayList<>(workers.keySet());
            kill(alive.get(random.nextInt(alive.size())));
        }
    }

    void kill(int worker) {
        VirtualWorker lost = workers.get(worker);
        if (lost == null || lost.dead) {
            return;
        }
        losses++;
        lost.dead = true;
        after(weather.delay * 5L, () -> {
            workers.remove(worker);
            tell(() -> engine.workerLost(worker, "worker " + worker + " died", now));
            if (chance(weather.repeat)) {
                tell(() -> engine.workerLost(worker, "worker " + worker + " died", now));
            }
        });
        if (!noReplacement) {
            after(weather.delay * (1L + random.nextInt(40)), () -> tell(() -> addWorker(lost.capacity)));
        }
    }

    // What the engine wants

    @Override
    public void run(int worker, Assignment assignment) {
        note(1, worker, assignment.task().id(), assignment.attempt());
        to(worker, w -> w.run(assignment));
    }

    @Override
    public void stop(int worker, int task, int attempt, String reason) {
        note(2, worker, task, attempt);
        to(worker, w -> w.stop(task, attempt));
    }

    @Override
    public void giveBack(int worker, int task, int attempt) {
        note(3, worker, task, attempt);
        to(worker, w -> w.giveBack(task, attempt));
    }

    @Override
    public void hold(int worker, int task, int attempt, Requirement need) {
        note(4, worker, task, attempt);
        to(worker, w -> w.hold(task, attempt, need));
    }

    @Override
    public void release(int worker, int task, int attempt) {
        note(5, worker, task, attempt);
        to(worker, w -> w.release(task, attempt));
    }

    @Override
    public void begin(int worker, int task, int attempt) {
        note(6, worker, task, attempt);
        to(worker, w -> w.begin(task, attempt));
    }

    @Override
    public void drop(int worker, int content) {
        note(7, worker, content, 0);
        if (worker == 0) {
            master.remove(content);
        } else {
            to(worker, w -> w.contents.remove(content));
        }
    }

    void to(int worker, Consumer<VirtualWorker> action) {
        VirtualWorker target = workers.get(worker);
        if (target == null) {
            if (!scheduler.knows(worker)) {
                throw new IllegalStateException("the engine talks to worker " + worker + ", which is lost");
            }
            return;
        }
        deliver(worker, () -> {
            if (!target.dead) {
                action.accept(target);
            }
        });
    }

    @Override
    public void dropShared(int datum, int content, Place place) {
        note(8, datum, content, place.ordinal());
        if (place == Place.SHARED) {
            shared.remove(content);
        } else if (content < 0) {
            homes.remove(datum);
        } else {
            throw new IllegalStateException("a user's file is to be deleted as a content");
        }
    }

    @Override
    public void bring(int content, boolean file, String name, int[] holders) {
        note(9, content, 0, 0);
        int[] asked = holders.clone();
        after(random.nextInt(weather.delay), () -> {
            for (int holder : asked) {
                VirtualWorker source = workers.get(holder);
                if (source != null
                        && !source.dead
                        && source.contents.containsKey(content)
                        && !chance(weather.fetchFailure)) {
                    master.put(content, source.contents.get(content));
                    tell(() -> engine.fetched(0, content, now));
                    if (chance(weather.repeat)) {
                        after(random.nextInt(weather.delay), () -> tell(() -> engine.fetched(0, content, now)));
                    }
                    return;
                }
            }
            tell(() -> engine.unfetched(content, asked, now));
        });
    }

    @Override
    public void publish(int wait, int datum, int content, Place place, boolean move) {
        note(10, wait, datum, content);
        after(random.nextInt(weather.delay), () -> {
            Long value = place == Place.SHARED ? shared.get(content) : master.get(content);
            if (value == null) {
                throw new IllegalStateException("content " + content + " to be published is not at " + place);
            }
            homes.put(datum, value);
            if (move) {
                shared.remove(content);
            }
            tell(() -> engine.published(wait, move, null));
            if (chance(weather.repeat)) {
                tell(() -> engine.published(wait, move, null));
            }
        });
    }

    @Override
    public void provideNothing(int datum, int content, Place place) {
        note(11, datum, content, place.ordinal());
        (place == Place.STORE ? master : shared).put(content, 0L);
    }

    @Override
    public void waitDone(int wait, int content) {
        note(12, wait, content, 0);
        if (doneWaits.put(wait, content) != null || failedWaits.containsKey(wait)) {
            throw new IllegalStateException("wait " + wait + " ends twice");
        }
        whenWaitEnds.accept(wait);
    }

    @Override
    public void waitFailed(int wait, Failure failure) {
        note(13, wait, 0, 0);
        if (failedWaits.put(wait, failure) != null || doneWaits.containsKey(wait)) {
            throw new IllegalStateException("wait " + wait + " ends twice");
        }
        whenWaitEnds.accept(wait);
    }

    @Override
    public void ended(TaskRecord task, int worker, long runNanos, Failure failure) {
        note(14, task.id(), worker, task.state().ordinal());
        End end = ends.computeIfAbsent(task.id(), id -> new End());
        end.changed |= end.state != TaskState.WAITING
                && (end.state != task.state() || (end.failure == null) != (failure == null));
        end.state = task.state();
        end.failure = failure;
        end.times++;
    }

    @Override
    public void again(TaskRecord task) {
        note(15, task.id(), 0, 0);
        ends.get(task.id()).times--;
    }

    @Override
    public void retried(TaskRecord task, int worker, long runNanos, Failure failure) {
        note(16, task.id(), worker, 0);
    }

    @Override
    public void failed(Failure failure) {
        note(17, 0, 0, 0);
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
