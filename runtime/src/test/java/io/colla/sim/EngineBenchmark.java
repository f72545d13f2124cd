package io.colla.sim;

import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.core.Assignment;
import io.colla.core.DatumKind;
import io.colla.core.Effects;
import io.colla.core.Engine;
import io.colla.core.EngineSettings;
import io.colla.core.Failure;
import io.colla.core.OutputSizes;
import io.colla.core.Place;
import io.colla.core.Submission;
import io.colla.core.TaskRecord;
import io.colla.core.TaskTemplate;
import io.colla.scheduler.NodeCapacity;
import io.colla.scheduler.PlacementPolicy;
import io.colla.scheduler.Requirement;
import io.colla.scheduler.Scheduler;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The engine alone: 1,000 nodes of 48 cores, tasks that are over as soon as they are assigned, reported in batches as a network would. Prints one JSON
 * object per line: {@code work, tasks, seconds, tasksPerSecond}, or {@code bytesPerWaitingTask}.
 */
public final class EngineBenchmark {
    private static final int NODES = 1_000;
    private static final int CORES = 48;
    private static final int BATCH = 512;

    private static final Direction[] RESULT = {Direction.OUT};
    private static final Direction[] ONE_INPUT = {Direction.IN, Direction.OUT};
    private static final Direction[] TWO_INPUTS = {Direction.IN, Direction.IN, Direction.OUT};

    private EngineBenchmark() {}

    /** Remembers what has been assigned, to be reported as finished. */
    private static final class Sink implements Effects {
        final ArrayDeque<Assignment> running = new ArrayDeque<>();
        final ArrayDeque<Integer> workers = new ArrayDeque<>();
        long ended;

        @Override
        public void run(int worker, Assignment assignment) {
            running.add(assignment);
            workers.add(worker);
        }

        @Override
        public void stop(int worker, int task, int attempt, String reason) {}

        @Override
        public void giveBack(int worker, int task, int attempt) {}

        @Override
        public void hold(int worker, int task, int attempt, Requirement need) {}

        @Override
        public void release(int worker, int task, int attempt) {}

        @Override
        public void begin(int worker, int task, int attempt) {}

        @Override
        public void drop(int worker, int content) {}

        @Override
        public void dropShared(int datum, int content, Place place) {}

        @Override
        public void bring(int content, boolean file, String name, int[] workers) {}

        @Override
        public void publish(int wait, int datum, int content, Place place, boolean move) {}

        @Override
        public void provideNothing(int datum, int content, Place place) {}

        @Override
        public void waitDone(int wait, int content) {}

        @Override
        public void waitFailed(int wait, Failure failure) {
            throw new IllegalStateException(failure.message());
        }

        @Override
        public void ended(TaskRecord task, int worker, long runNanos, Failure failure) {
            ended++;
        }

        @Override
        public void again(TaskRecord task) {}

        @Override
        public void retried(TaskRecord task, int worker, long runNanos, Failure failure) {}

        @Override
        public void failed(Failure failure) {
            throw new IllegalStateException(failure.message());
        }
    }

    private static final OutputSizes SMALL = new OutputSizes() {
        @Override
        public long size(int output) {
            return 100;
        }

        @Override
        public boolean atMaster(int output) {
            return true;
        }
    };

    /** One run of an engine. */
    private static final class Run {
        final Sink sink = new Sink();
        final TaskTemplate noop =
                new TaskTemplate(0, "noop", List.of(Requirement.ONE_CORE), 0, FailurePolicy.RETRY, 2, 0);
        final Engine engine;
        private int nextContent;
        private int nextTask;
        private int nextDatum;

        Run(int nodes) {
            engine = new Engine(
                    EngineSettings.DEFAULTS, new Scheduler(PlacementPolicy.LOCALITY), sink, () -> nextContent++);
            for (int i = 1; i <= nodes; i++) {
                engine.workerJoined(i, new NodeCapacity(CORES, 1L << 37));
            }
        }

        int call(Direction[] directions, int... inputs) {
            int result = nextDatum++;
            int[] data = Arrays.copyOf(inputs, inputs.length + 1);
            data[inputs.length] = result;
            engine.submit(
                    new Submission(nextTask++, noop, Engine.ALL_TASKS, data, directions, inputs.length, ""),
                    System.nanoTime());
            if (nextTask % BATCH == 0) {
                engine.dispatch(System.nanoTime());
            }
            return result;
        }

        void close(int datum) {
            engine.closeDatum(datum);
        }

        /** Reports a batch of what runs, and lets the engine place what follows. */
        void step() {
            long now = System.nanoTime();
            for (int i = 0; i < BATCH && !sink.running.isEmpty(); i++) {
                Assignment done = sink.running.poll();
                engine.finished(sink.workers.poll(), done.task().id(), done.attempt(), 10_000, SMALL, now);
            }
            engine.dispatch(now);
        }

        void finish() {
            engine.dispatch(System.nanoTime());
            while (engine.unfinished() > 0) {
                if (sink.running.isEmpty()) {
                    throw new IllegalStateException("stuck: " + engine.remembered());
                }
                step();
            }
        }
    }

    /** All tasks are queued before the first one ends. */
    private static void independent(Run run, int tasks) {
        for (int i = 0; i < tasks; i++) {
            run.close(run.call(RESULT));
        }
        run.finish();
    }

    private static void chains(Run run, int tasks) {
        int width = 1_000;
        int[] last = new int[width];
        for (int i = 0; i < tasks; i++) {
            int chain = i % width;
            int next = i < width ? run.call(RESULT) : run.call(ONE_INPUT, last[chain]);
            if (i >= width) {
                run.close(last[chain]);
            }
            last[chain] = next;
        }
        run.finish();
    }

    private static void reduction(Run run, int tasks) {
        ArrayDeque<Integer> level = new ArrayDeque<>();
        int made = 0;
        for (; made < (tasks + 1) / 2; made++) {
            level.add(run.call(RESULT));
        }
        while (level.size() > 1) {
            int left = level.remove();
            int right = level.remove();
            level.add(run.call(TWO_INPUTS, left, right));
            run.close(left);
            run.close(right);
        }
        run.finish();
    }

    private interface Work {
        void run(Run run, int tasks);
    }

    private static void measure(String name, int tasks, int repetitions, Work work) {
        double[] seconds = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            Run run = new Run(NODES);
            long start = System.nanoTime();
            work.run(run, tasks);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        double median = seconds[repetitions / 2];
        System.out.printf(
                Locale.ROOT,
                "{\"work\": \"%s\", \"tasks\": %d, \"seconds\": %.4f, \"tasksPerSecond\": %.0f}%n",
                name,
                tasks,
                median,
                tasks / median);
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Tasks with two parameters that wait for one that has not run: everything that the engine keeps for them, not what the caller does. */
    private static void memory(int tasks) {
        Run run = new Run(0);
        int first = run.call(RESULT);
        int other = run.nextDatum++;
        run.engine.newDatum(other, DatumKind.OBJECT, "other", run.nextContent++, 100);
        long before = used();
        for (int i = 0; i < tasks; i++) {
            run.call(TWO_INPUTS, first, other);
        }
        long after = used();
        System.out.printf(
                Locale.ROOT,
                "{\"work\": \"waiting with two parameters and a result\", \"tasks\": %d, \"bytesPerWaitingTask\": %.0f}%n",
                tasks,
                (double) (after - before) / tasks);
        if (run.engine.unfinished() != tasks + 1) {
            throw new IllegalStateException("tasks have ended");
        }
    }

    /** @param args the largest number of tasks; 1,000,000 when there is none */
    public static void main(String[] args) {
        int most = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
        for (int i = 0; i < 4; i++) {
            independent(new Run(NODES), 100_000);
            chains(new Run(NODES), 100_000);
            reduction(new Run(NODES), 100_000);
        }
        for (int tasks = 10_000; tasks <= most; tasks *= 10) {
            int repetitions = tasks > 100_000 ? 3 : 9;
            measure("independent", tasks, repetitions, EngineBenchmark::independent);
            measure("1000 chains", tasks, repetitions, EngineBenchmark::chains);
            measure("tree reduction", tasks, repetitions, EngineBenchmark::reduction);
        }
        memory(Math.min(most, 1_000_000));
    }
}
