package io.colla.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.core.Assignment.PlannedAccess;
import io.colla.scheduler.NodeCapacity;
import io.colla.scheduler.PlacementPolicy;
import io.colla.scheduler.Requirement;
import io.colla.scheduler.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose commands are written down and have to be expected, each of them, in order: {@link #expect} and {@link #close} fail on any other. Tasks are called
 * {@code t1, t2 …}, data {@code d1 …}, contents {@code c1 …}, all in the order in which they are made. After each event the engine is told to dispatch and its
 * invariants are checked.
 */
final class EngineKit implements Effects, AutoCloseable {
    final Engine engine;
    private final List<String> commands = new ArrayList<>();
    private final Map<Integer, TaskRecord> assigned = new HashMap<>();
    private final Map<Integer, Integer> placedOn = new HashMap<>();
    private final Map<Integer, List<PlannedAccess>> plans = new HashMap<>();
    private int nextContent = 1;
    private int nextDatum = 1;
    private int nextTask = 1;
    private long now;

    EngineKit() {
        this(EngineSettings.DEFAULTS);
    }

    EngineKit(EngineSettings settings) {
        engine = new Engine(settings, new Scheduler(PlacementPolicy.LOCALITY), this, () -> nextContent++);
    }

    /** What has been ordered since the last time; an empty list of expectations is one too. */
    void expect(String... expected) {
        assertThat(commands).containsExactly(expected);
        commands.clear();
    }

    /** Forgets what has been ordered, where the test is about what follows. */
    void skip() {
        commands.clear();
    }

    /** Checks that no command is left that the test has not expected. */
    @Override
    public void close() {
        assertThat(commands).as("commands that nobody expected").isEmpty();
    }

    // What happens

    void workers(int... ids) {
        for (int id : ids) {
            worker(id, 1);
        }
    }

    void worker(int id, int cores) {
        tell(() -> engine.workerJoined(id, new NodeCapacity(cores, 1000)));
    }

    void lose(int worker) {
        tell(() -> engine.workerLost(worker, "gone", now));
    }

    /** An object that the master has. */
    int object() {
        return datum(DatumKind.OBJECT);
    }

    /** A datum with a first content. */
    int datum(DatumKind kind) {
        int datum = nextDatum++;
        tell(() -> engine.newDatum(datum, kind, "d" + datum, nextContent++, 100_000));
        return datum;
    }

    int empty(DatumKind kind) {
        int datum = nextDatum++;
        tell(() -> engine.newDatum(datum, kind, "d" + datum));
        return datum;
    }

    void closeDatum(int datum) {
        tell(() -> engine.closeDatum(datum));
    }

    Call call() {
        return new Call();
    }

    void wait(int wait, int datum) {
        tell(() -> engine.await(wait, datum, now));
    }

    void taken(int wait) {
        tell(() -> engine.waitTaken(wait));
    }

    void finished(int task) {
        tell(() -> engine.finished(on(task), task, attempt(task), 1000, sizes(), now));
    }

    void failed(int task, boolean touched) {
        Engine.Outcome why = new Engine.Outcome(1000, "no luck", null, "", touched, true);
        tell(() -> engine.failed(on(task), "node", task, attempt(task), why, now));
    }

    void endedGroup(int task) {
        Engine.Outcome why = new Engine.Outcome(1000, "enough", null, "", false, false, true);
        tell(() -> engine.failed(on(task), "node", task, attempt(task), why, now));
    }

    void stopped(int task, boolean touched) {
        tell(() -> engine.stopped(on(task), task, attempt(task), 0, touched));
    }

    void returned(int task) {
        tell(() -> engine.returned(on(task), task, attempt(task), now));
    }

    void unfetched(int task, int content, int... asked) {
        tell(() -> engine.unfetched(on(task), task, attempt(task), content, asked, now));
    }

    void holding(int worker, int task) {
        tell(() -> engine.holding(worker, task, attempt(task)));
    }

    void fetched(int worker, int content) {
        tell(() -> engine.fetched(worker, content, now));
    }

    void tell(Runnable event) {
        now += 1000;
        event.run();
        engine.dispatch(now);
        engine.checkInvariants();
    }

    int on(int task) {
        return placedOn.get(task);
    }

    /** The workers that a task was told to fetch an input from. */
    int[] sources(int task, int access) {
        return plans.get(task).get(access).workers();
    }

    private int attempt(int task) {
        return assigned.get(task).attempt();
    }

    private static OutputSizes sizes() {
        return new OutputSizes() {
            @Override
            public long size(int output) {
                return 100_000;
            }

            @Override
            public boolean atMaster(int output) {
                return false;
            }
        };
    }

    /** A call that is put together. Its result, when it has one, is the last of its data. */
    final class Call {
        private final List<Integer> data = new ArrayList<>();
        private final List<Direction> directions = new ArrayList<>();
        private FailurePolicy policy = FailurePolicy.RETRY;
        private int retries = 2;
        private int nodes = 1;
        private Requirement.@Nullable Ranks ranks;
        private boolean result;
        private int group = Engine.ALL_TASKS;

        Call with(Direction direction, int datum) {
            data.add(datum);
            directions.add(direction);
            return this;
        }

        Call policy(FailurePolicy failurePolicy) {
            policy = failurePolicy;
            return this;
        }

        Call retries(int count) {
            retries = count;
            return this;
        }

        Call nodes(int count) {
            nodes = count;
            return this;
        }

        /** Of one core each, on as few nodes as can be. */
        Call ranks(int count) {
            ranks = new Requirement.Ranks(count, 0, false, false);
            return this;
        }

        Call result() {
            result = true;
            return with(Direction.OUT, nextDatum++);
        }

        Call group(int number) {
            group = number;
            return this;
        }

        /** Returns the number of the task. */
        int submit() {
            int task = nextTask++;
            TaskTemplate template = new TaskTemplate(
                    1, "t", List.of(new Requirement(1, 0, Map.of(), Map.of(), nodes, ranks)), 0, policy, retries, 0);
            tell(() -> engine.submit(
                    new Submission(
                            task,
                            template,
                            group,
                            data.stream().mapToInt(Integer::intValue).toArray(),
                            directions.toArray(Direction[]::new),
                            result ? data.size() - 1 : data.size(),
                            "payload"),
                    now));
            return task;
        }
    }

    // What is ordered

    @Override
    public void run(int worker, Assignment assignment) {
        int task = assignment.task().id();
        assigned.put(task, assignment.task());
        placedOn.put(task, worker);
        plans.put(task, assignment.accesses());
        StringBuilder line = new StringBuilder("run t" + task + " on " + worker);
        String separator = ": ";
        for (PlannedAccess access : assignment.accesses()) {
            line.append(separator).append(describe(access));
            separator = ", ";
        }
        commands.add(line.toString());
    }

    private static String describe(PlannedAccess access) {
        String input = access.input() < 0 ? "" : " c" + access.input() + place(access.inputPlace());
        String output = access.output() < 0
                ? ""
                : " > c" + access.output() + place(access.outputPlace())
                        + (access.input() < 0 ? "" : " " + access.mode());
        return access.direction() + input + output;
    }

    private static String place(Place place) {
        return place == Place.STORE ? "" : "@" + place;
    }

    @Override
    public void stop(int worker, int task, int attempt, String reason) {
        commands.add("stop t" + task + " on " + worker);
    }

    @Override
    public void giveBack(int worker, int task, int attempt) {
        commands.add("giveBack t" + task + " on " + worker);
    }

    @Override
    public void hold(int worker, int task, int attempt, Requirement need) {
        commands.add("hold t" + task + " on " + worker + (need.cores() == 1 ? "" : ": " + need));
    }

    @Override
    public void release(int worker, int task, int attempt) {
        commands.add("release t" + task + " on " + worker);
    }

    @Override
    public void begin(int worker, int task, int attempt) {
        commands.add("begin t" + task + " on " + worker);
    }

    @Override
    public void drop(int worker, int content) {
        commands.add("drop c" + content + " at " + worker);
    }

    @Override
    public void dropShared(int datum, int content, Place place) {
        commands.add("drop " + (content < 0 ? "d" + datum : "c" + content) + " at " + place);
    }

    @Override
    public void bring(int content, boolean file, String name, int[] workers) {
        commands.add("bring c" + content);
    }

    @Override
    public void publish(int wait, int datum, int content, Place place, boolean move) {
        commands.add((move ? "move" : "copy") + " c" + content + " to d" + datum);
    }

    @Override
    public void provideNothing(int datum, int content, Place place) {
        commands.add("nothing c" + content);
    }

    @Override
    public void waitDone(int wait, int content) {
        commands.add("wait " + wait + " done" + (content < 0 ? "" : " c" + content));
    }

    @Override
    public void waitFailed(int wait, Failure failure) {
        commands.add("wait " + wait + " failed " + failure.kind());
    }

    @Override
    public void ended(TaskRecord task, int worker, long runNanos, Failure failure) {
        commands.add("t" + task.id() + " " + task.state() + (failure == null ? "" : " " + failure.kind()));
    }

    @Override
    public void again(TaskRecord task) {
        commands.add("again t" + task.id());
    }

    @Override
    public void retried(TaskRecord task, int worker, long runNanos, Failure failure) {
        commands.add("retried t" + task.id());
    }

    @Override
    public void failed(Failure failure) {
        commands.add("all tasks end: " + failure.kind());
    }
}
