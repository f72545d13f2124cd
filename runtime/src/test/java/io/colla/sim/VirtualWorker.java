package io.colla.sim;

import io.colla.api.Direction;
import io.colla.core.Assignment;
import io.colla.core.Assignment.Mode;
import io.colla.core.Assignment.PlannedAccess;
import io.colla.core.Engine;
import io.colla.core.Place;
import io.colla.scheduler.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A worker as the engine knows it: it fetches, runs, holds, gives back, and dies. It never runs more than its cores. */
final class VirtualWorker {
    private static final class Job {
        final Assignment assignment;
        final int cores;
        boolean fetched;
        boolean running;
        boolean begun;
        boolean over;

        Job(Assignment assignment, int cores) {
            this.assignment = assignment;
            this.cores = cores;
        }
    }

    final Simulation world;
    final int id;
    final int cores;
    final long memory;
    final Map<Integer, Long> contents = new HashMap<>();
    boolean dead;
    private int free;
    private final List<Job> jobs = new ArrayList<>();
    private final Map<String, Integer> held = new HashMap<>();
    private final Map<String, Integer> wanted = new HashMap<>();
    private final Set<Integer> sharedHere = new HashSet<>();

    VirtualWorker(Simulation world, int id, int cores, long memory) {
        this.world = world;
        this.id = id;
        this.cores = cores;
        this.memory = memory;
        this.free = cores;
    }

    private void report(Runnable event) {
        boolean twice = world.chance(world.weather.repeat());
        world.deliver("from " + id, () -> {
            if (world.workers.get(id) == this) {
                world.tell(event);
                if (twice) {
                    world.tell(event);
                }
            }
        });
    }

    void run(Assignment assignment) {
        Requirement need = assignment.task().template().implementations().get(assignment.implementation());
        Job job = new Job(assignment, need.cores());
        jobs.add(job);
        world.after(world.random.nextInt(50_000), () -> fetch(job));
    }

    private void fetch(Job job) {
        if (dead || job.over) {
            return;
        }
        for (PlannedAccess access : job.assignment.accesses()) {
            boolean shared = access.inputPlace() != Place.STORE;
            if (access.input() < 0 || shared || contents.containsKey(access.input())) {
                continue;
            }
            Long value = fetch(access);
            if (value == null) {
                job.over = true;
                jobs.remove(job);
                int task = job.assignment.task().id();
                int[] asked = access.workers();
                report(() -> world.engine.unfetched(
                        id, task, job.assignment.attempt(), access.input(), asked, world.now()));
                return;
            }
            contents.put(access.input(), value);
            if (access.mode() == Mode.KEEP) {
                report(() -> world.engine.fetched(id, access.input(), world.now()));
            }
        }
        job.fetched = true;
        startReady();
    }

    private Long fetch(PlannedAccess access) {
        if (world.chance(world.weather.fetchFailure())) {
            return null;
        }
        for (int source : access.workers()) {
            if (source == 0 && world.master.containsKey(access.input())) {
                return world.master.get(access.input());
            }
            VirtualWorker other = world.workers.get(source);
            if (other != null && !other.dead && other.contents.containsKey(access.input())) {
                return other.contents.get(access.input());
            }
        }
        return null;
    }

    private void startReady() {
        for (Map.Entry<String, Integer> want : Map.copyOf(wanted).entrySet()) {
            if (want.getValue() <= free) {
                take(want.getValue());
                held.put(want.getKey(), want.getValue());
                wanted.remove(want.getKey());
                String[] key = want.getKey().split(" ");
                report(() -> world.engine.holding(id, Integer.parseInt(key[0]), Integer.parseInt(key[1])));
            }
        }
        for (Job job : List.copyOf(jobs)) {
            if (job.fetched && !job.running && job.cores <= free) {
                job.running = true;
                take(job.cores);
                if (job.assignment.gang().length > 1) {
                    report(() -> world.engine.holding(
                            id, job.assignment.task().id(), job.assignment.attempt()));
                } else {
                    execute(job);
                }
            }
        }
    }

    private void take(int count) {
        free -= count;
        if (free < 0) {
            throw new IllegalStateException("worker " + id + " is oversubscribed");
        }
    }

    private void execute(Job job) {
        job.begun = true;
        if (world.chance(world.weather.workerLoss())) {
            world.after(world.random.nextInt(1_000_000), () -> world.lose(id));
        }
        world.after(1 + world.random.nextInt(2_000_000), () -> end(job));
    }

    private void end(Job job) {
        if (dead || job.over) {
            return;
        }
        finishLocally(job);
        int task = job.assignment.task().id();
        int attempt = job.assignment.attempt();
        if (world.chance(world.weather.taskFailure())) {
            boolean touched = world.random.nextBoolean();
            for (PlannedAccess access : job.assignment.accesses()) {
                if (touched && access.mode() == Mode.CONSUME) {
                    contents.remove(access.input());
                    world.shared.remove(access.input());
                }
            }
            Engine.Outcome why = new Engine.Outcome(1000, "bad luck", null, "", touched, true);
            report(() -> world.engine.failed(id, "w" + id, task, attempt, why, world.now()));
        } else {
            boolean[] copies = write(job.assignment);
            long run = 1000 + world.random.nextInt(100_000);
            report(() -> world.engine.finished(id, task, attempt, run, world.sizes(copies), world.now()));
        }
        startReady();
    }

    private void finishLocally(Job job) {
        job.over = true;
        jobs.remove(job);
        if (job.running) {
            free += job.cores;
        }
    }

    private boolean[] write(Assignment assignment) {
        int task = assignment.task().id();
        List<PlannedAccess> accesses = assignment.accesses();
        long[] reads = new long[accesses.size()];
        long inputs = 0;
        for (int i = 0; i < reads.length; i++) {
            PlannedAccess access = accesses.get(i);
            if (access.input() >= 0) {
                reads[i] = read(access);
                if (access.direction() == Direction.IN || access.direction() == Direction.IN_DELETE) {
                    inputs = Simulation.mix(inputs, reads[i]);
                }
            }
        }
        List<Boolean> copies = new ArrayList<>();
        for (int i = 0; i < reads.length; i++) {
            PlannedAccess access = accesses.get(i);
            if (access.output() < 0) {
                continue;
            }
            long value = Simulation.output(access.direction(), task, reads[i], inputs);
            boolean copy = access.outputPlace() == Place.STORE
                    && access.direction() != Direction.CONCURRENT
                    && world.chance(world.weather.masterCopy());
            copies.add(copy);
            if (access.outputPlace() != Place.STORE) {
                world.writeShared(access, value);
            } else {
                contents.put(access.output(), value);
                if (access.mode() == Mode.CONSUME) {
                    contents.remove(access.input());
                }
                if (copy) {
                    world.master.put(access.output(), value);
                }
            }
        }
        boolean[] array = new boolean[copies.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = copies.get(i);
        }
        return array;
    }

    private long read(PlannedAccess access) {
        Long value;
        if (access.mode() == Mode.SHARE && access.outputPlace() == Place.STORE) {
            value = sharedHere.add(access.output()) ? contents.get(access.input()) : contents.get(access.output());
        } else {
            value = access.inputPlace() == Place.STORE ? contents.get(access.input()) : world.readShared(access);
        }
        if (value == null) {
            throw new IllegalStateException("worker " + id + " reads content " + access.input() + " that is not there");
        }
        return value;
    }

    void stop(int task, int attempt) {
        Job job = find(task, attempt);
        if (job == null) {
            return;
        }
        finishLocally(job);
        boolean touched = job.begun && world.random.nextBoolean();
        if (touched) {
            for (PlannedAccess access : job.assignment.accesses()) {
                if (access.mode() == Mode.CONSUME) {
                    contents.remove(access.input());
                }
            }
        }
        report(() -> world.engine.stopped(id, task, attempt, touched));
        startReady();
    }

    void giveBack(int task, int attempt) {
        Job job = find(task, attempt);
        if (job != null && !job.running) {
            finishLocally(job);
            report(() -> world.engine.returned(id, task, attempt, world.now()));
        }
    }

    void hold(int task, int attempt, int count) {
        wanted.put(task + " " + attempt, count);
        startReady();
    }

    void release(int task, int attempt) {
        wanted.remove(task + " " + attempt);
        Integer count = held.remove(task + " " + attempt);
        if (count != null) {
            free += count;
            startReady();
        }
    }

    void begin(int task, int attempt) {
        Job job = find(task, attempt);
        if (job != null && !job.begun) {
            execute(job);
        }
    }

    private Job find(int task, int attempt) {
        for (Job job : jobs) {
            if (job.assignment.task().id() == task && job.assignment.attempt() == attempt) {
                return job;
            }
        }
        return null;
    }
}
