package io.colla.sim;

import io.colla.api.Direction;
import io.colla.core.Assignment;
import io.colla.core.Assignment.Mode;
import io.colla.core.Assignment.PlannedAccess;
import io.colla.core.Engine;
import io.colla.core.Place;
import io.colla.scheduler.NodeCapacity;
import io.colla.scheduler.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A worker as the engine knows it: it fetches, runs, holds, gives back, and dies. It never runs more than it has cores, memory and resources for. */
final class VirtualWorker {
    private static final class Job {
        final Assignment assignment;
        final Requirement need;
        /** Inputs from the store, kept for the job from when they are there, by content. */
        final Map<Integer, Long> pinned = new HashMap<>();
        /** What was read at places that every node sees when the job began, per access. */
        final Map<Integer, Long> seen = new HashMap<>();

        boolean fetched;
        boolean running;
        boolean begun;
        boolean over;
        /** It has no cores at the moment. */
        boolean paused;
        /** It has been told to go on and waits for cores. */
        boolean resuming;

        int turns;

        Job(Assignment assignment, Requirement need) {
            this.assignment = assignment;
            this.need = need;
        }

        int task() {
            return assignment.task().id();
        }
    }

    private record Hold(int task, int attempt) {}

    final Simulation world;
    final int id;
    final NodeCapacity capacity;
    final Map<Integer, Long> contents = new HashMap<>();
    boolean dead;
    private int cores;
    private long memory;
    private final Map<String, Integer> resources;
    private final List<Job> jobs = new ArrayList<>();
    private final Map<Hold, Requirement> held = new LinkedHashMap<>();
    private final Map<Hold, Requirement> wanted = new LinkedHashMap<>();
    /** How many errands use what is held; it is free when they have ended, and the task is over. */
    private final Map<Hold, Integer> errands = new HashMap<>();

    private final Set<Hold> over = new HashSet<>();

    VirtualWorker(Simulation world, int id, NodeCapacity capacity) {
        this.world = world;
        this.id = id;
        this.capacity = capacity;
        this.cores = capacity.cores();
        this.memory = capacity.memory();
        this.resources = new HashMap<>(capacity.resources());
    }

    private void report(Runnable event) {
        boolean twice = world.chance(world.weather.repeat());
        Runnable telling = () -> {
            if (world.workers.get(id) == this) {
                world.tell(event);
            }
        };
        world.deliver(-id, telling);
        if (twice) {
            world.after(world.random.nextInt(2_000_000), telling);
        }
    }

    void run(Assignment assignment) {
        Requirement need = assignment.need();
        if (!fits(need)) {
            throw new IllegalStateException("worker " + id + " can never run " + need);
        }
        Job job = new Job(assignment, need);
        jobs.add(job);
        world.after(world.random.nextInt(50_000), () -> fetch(job));
    }

    private boolean fits(Requirement need) {
        boolean fits = need.cores() <= capacity.cores() && need.memory() <= capacity.memory();
        for (Map.Entry<String, Integer> resource : need.resources().entrySet()) {
            fits &= resource.getValue() <= capacity.resources().getOrDefault(resource.getKey(), 0);
        }
        return fits;
    }

    private void fetch(Job job) {
        if (dead || job.over) {
            return;
        }
        for (PlannedAccess access : job.assignment.accesses()) {
            int input = access.input();
            boolean made = access.mode() == Mode.SHARE && contents.containsKey(access.output());
            if (input < 0 || access.inputPlace() != Place.STORE || made) {
                continue;
            }
            Long value = contents.get(input);
            if (value == null) {
                value = fetch(access);
                if (value == null) {
                    unfetched(job, access);
                    return;
                }
                boolean insideMessage = world.chance(300);
                if (!insideMessage) {
                    contents.put(input, value);
                    report(() -> world.engine.fetched(id, input, world.now()));
                }
            }
            job.pinned.put(input, value);
        }
        job.fetched = true;
        startReady();
    }

    private void unfetched(Job job, PlannedAccess access) {
        job.over = true;
        jobs.remove(job);
        int[] asked = access.workers().clone();
        report(() ->
                world.engine.unfetched(id, job.task(), job.assignment.attempt(), access.input(), asked, world.now()));
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
        for (Job job : List.copyOf(jobs)) {
            if (job.resuming && job.need.cores() <= cores) {
                resume(job);
            }
        }
        for (Map.Entry<Hold, Requirement> want : List.copyOf(wanted.entrySet())) {
            if (take(want.getValue())) {
                held.put(want.getKey(), want.getValue());
                wanted.remove(want.getKey());
                Hold hold = want.getKey();
                report(() -> world.engine.holding(id, hold.task, hold.attempt));
            }
        }
        for (Job job : List.copyOf(jobs)) {
            if (job.fetched && !job.running && take(job.need)) {
                job.running = true;
                if (job.assignment.hasOtherNodes()) {
                    report(() -> world.engine.holding(id, job.task(), job.assignment.attempt()));
                } else {
                    execute(job);
                }
            }
        }
    }

    private boolean take(Requirement need) {
        boolean free = need.cores() <= cores && need.memory() <= memory;
        for (Map.Entry<String, Integer> resource : need.resources().entrySet()) {
            free &= resource.getValue() <= resources.getOrDefault(resource.getKey(), 0);
        }
        if (free) {
            change(need, -1);
        }
        return free;
    }

    private void change(Requirement need, int sign) {
        cores += sign * need.cores();
        memory += sign * need.memory();
        need.resources().forEach((name, amount) -> resources.merge(name, sign * amount, Integer::sum));
        if (cores > capacity.cores() || memory > capacity.memory() || cores < 0 || memory < 0) {
            throw new IllegalStateException("worker " + id + " has " + cores + " cores and " + memory + " bytes free");
        }
    }

    private void execute(Job job) {
        job.begun = true;
        world.begun++;
        if (world.chance(world.weather.workerLoss())) {
            world.after(world.random.nextInt(1_000_000), () -> world.lose(id));
        }
        List<PlannedAccess> accesses = job.assignment.accesses();
        for (int i = 0; i < accesses.size(); i++) {
            begin(job, i, accesses.get(i));
        }
        for (int node = 1;
                job.assignment.hasOtherNodes() && node < job.assignment.gang().size();
                node++) {
            sendErrand(job, node);
        }
        boolean pauses = job.assignment.gang() == null && world.chance(world.weather.pause());
        world.after(1 + world.random.nextInt(world.weather.longestRun()), () -> {
            if (pauses) {
                pause(job);
            } else {
                end(job);
            }
        });
    }

    /** As a task does that waits for others: gives its cores away until it is told to go on and has found some. */
    private void pause(Job job) {
        if (dead || job.over) {
            return;
        }
        job.paused = true;
        cores += job.need.cores();
        turn(job);
        startReady();
        world.after(1 + world.random.nextInt(world.weather.longestRun()), () -> {
            job.resuming = true;
            if (!dead && !job.over) {
                startReady();
            }
        });
    }

    private void resume(Job job) {
        job.paused = false;
        job.resuming = false;
        cores -= job.need.cores();
        turn(job);
        boolean again = world.chance(300);
        world.after(1 + world.random.nextInt(world.weather.longestRun()), () -> {
            if (again) {
                pause(job);
            } else {
                end(job);
            }
        });
    }

    private void turn(Job job) {
        int turn = ++job.turns;
        report(() -> world.engine.turned(id, job.task(), job.assignment.attempt(), turn));
    }

    private void begin(Job job, int index, PlannedAccess access) {
        if (access.mode() == Mode.SHARE) {
            if (access.outputPlace() == Place.STORE && !contents.containsKey(access.output())) {
                contents.put(access.output(), pinned(job, access));
            }
            return;
        }
        if (access.input() >= 0 && access.inputPlace() != Place.STORE) {
            job.seen.put(index, there(world.readShared(access), access));
        }
        if (access.output() >= 0 && access.outputPlace() == Place.SHARED) {
            world.shared.put(access.output(), Simulation.GARBAGE);
        } else if (access.output() >= 0 && access.outputPlace() == Place.HOME && access.mode() != Mode.CONSUME) {
            world.homes.put(access.datum(), Simulation.GARBAGE);
        }
    }

    private Long there(Long value, PlannedAccess access) {
        if (value == null || value == Simulation.GARBAGE) {
            throw new IllegalStateException("worker " + id + " reads content " + access.input() + " of datum "
                    + access.datum() + " that is not at " + access.inputPlace());
        }
        return value;
    }

    private long pinned(Job job, PlannedAccess access) {
        return there(job.pinned.get(access.input()), access);
    }

    private void end(Job job) {
        if (dead || job.over) {
            return;
        }
        int attempt = job.assignment.attempt();
        if (world.chance(world.weather.taskFailure())) {
            boolean touched = rollBack(job);
            finishLocally(job);
            boolean retriable = !world.chance(100);
            Engine.Outcome why = new Engine.Outcome(1000, "bad luck", null, "", touched, retriable);
            report(() -> world.engine.failed(id, "w" + id, job.task(), attempt, why, world.now()));
        } else {
            boolean[] copies = write(job);
            finishLocally(job);
            long run = 1000 + world.random.nextInt(100_000);
            report(() -> world.engine.finished(id, job.task(), attempt, run, world.sizes(copies), world.now()));
        }
        startReady();
    }

    /** Removes what the job has begun to write; returns whether it had touched what it was to change in place. */
    private boolean rollBack(Job job) {
        if (!job.begun) {
            return false;
        }
        boolean touched = world.random.nextBoolean();
        for (PlannedAccess access : job.assignment.accesses()) {
            if (access.output() >= 0 && access.outputPlace() == Place.SHARED && access.mode() != Mode.SHARE) {
                world.shared.remove(access.output());
            }
            if (touched && access.mode() == Mode.CONSUME) {
                spoil(access);
            }
        }
        return touched;
    }

    private void spoil(PlannedAccess access) {
        switch (access.inputPlace()) {
            case STORE -> contents.remove(access.input());
            case SHARED -> world.shared.remove(access.input());
            case HOME -> world.homes.put(access.datum(), Simulation.GARBAGE);
        }
    }

    private void finishLocally(Job job) {
        job.over = true;
        jobs.remove(job);
        if (job.running) {
            cores -= job.paused ? job.need.cores() : 0;
            change(job.need, 1);
        }
    }

    private boolean[] write(Job job) {
        List<PlannedAccess> accesses = job.assignment.accesses();
        long[] reads = new long[accesses.size()];
        long inputs = 0;
        for (int i = 0; i < reads.length; i++) {
            PlannedAccess access = accesses.get(i);
            reads[i] = read(job, i, access);
            if (access.direction() == Direction.IN || access.direction() == Direction.IN_DELETE) {
                inputs = Simulation.mix(inputs, reads[i]);
            }
        }
        boolean[] copies = new boolean[reads.length];
        int count = 0;
        for (int i = 0; i < reads.length; i++) {
            PlannedAccess access = accesses.get(i);
            if (access.output() >= 0) {
                long value = Simulation.output(access.direction(), job.task(), reads[i], inputs);
                copies[count++] = write(access, value);
            }
        }
        return copies;
    }

    private boolean write(PlannedAccess access, long value) {
        if (access.outputPlace() != Place.STORE) {
            world.writeShared(access, value);
            return false;
        }
        contents.put(access.output(), value);
        if (access.mode() == Mode.CONSUME) {
            contents.remove(access.input());
        }
        boolean copy = access.mode() != Mode.SHARE && world.chance(world.weather.masterCopy());
        if (copy) {
            world.master.put(access.output(), value);
        }
        return copy;
    }

    private long read(Job job, int index, PlannedAccess access) {
        if (access.mode() == Mode.SHARE) {
            return there(
                    access.outputPlace() == Place.STORE ? contents.get(access.output()) : world.readShared(access),
                    access);
        }
        if (access.input() < 0) {
            return 0;
        }
        if (access.inputPlace() == Place.STORE) {
            return pinned(job, access);
        }
        Long now = there(world.readShared(access), access);
        if (!now.equals(job.seen.get(index))) {
            throw new IllegalStateException(
                    "content " + access.input() + " at " + access.inputPlace() + " changed under its reader");
        }
        return now;
    }

    void stop(int task, int attempt) {
        Job job = find(task, attempt);
        if (job == null) {
            return;
        }
        boolean touched = rollBack(job);
        finishLocally(job);
        report(() -> world.engine.stopped(id, task, attempt, 0, touched));
        startReady();
    }

    void giveBack(int task, int attempt) {
        Job job = find(task, attempt);
        if (job != null && !job.running) {
            finishLocally(job);
            report(() -> world.engine.returned(id, task, attempt, world.now()));
        }
    }

    void hold(int task, int attempt, Requirement need) {
        wanted.put(new Hold(task, attempt), need);
        startReady();
    }

    /** Some tasks do something on their other nodes. */
    private void sendErrand(Job job, int node) {
        if (!world.chance(700)) {
            return;
        }
        int task = job.task();
        int attempt = job.assignment.attempt();
        world.deliver(-id, () -> {
            int other = world.workers.get(id) == this ? world.engine.otherNode(id, task, attempt, node) : -1;
            if (other >= 0 && other != job.assignment.gang().workers()[node]) {
                throw new IllegalStateException("an errand of task " + task + " goes to worker " + other);
            }
            if (other >= 0) {
                world.to(other, w -> w.doErrand(id, new Hold(task, attempt)));
            }
        });
    }

    private void doErrand(int first, Hold hold) {
        if (!held.containsKey(hold)) {
            // The task may be over, of which this worker has heard first.
            return;
        }
        errands.merge(hold, 1, Integer::sum);
        world.errands++;
        world.after(1 + world.random.nextInt(world.weather.longestRun()), () -> endErrand(first, hold));
    }

    private void endErrand(int first, Hold hold) {
        if (dead) {
            return;
        }
        world.deliver(-id, () -> {
            int told = world.workers.get(id) == this ? world.engine.firstNode(id, hold.task, hold.attempt) : -1;
            if (told >= 0 && told != first) {
                throw new IllegalStateException("worker " + told + " hears of an errand of worker " + first);
            }
        });
        errands.merge(hold, -1, Integer::sum);
        if (errands.get(hold) == 0) {
            errands.remove(hold);
            if (over.remove(hold)) {
                giveBack(hold);
            }
        }
    }

    void release(int task, int attempt) {
        Hold hold = new Hold(task, attempt);
        wanted.remove(hold);
        if (errands.containsKey(hold)) {
            over.add(hold);
        } else {
            giveBack(hold);
        }
    }

    private void giveBack(Hold hold) {
        Requirement need = held.remove(hold);
        if (need != null) {
            change(need, 1);
            startReady();
        }
    }

    void begin(int task, int attempt) {
        Job job = find(task, attempt);
        if (job == null || job.begun) {
            return;
        }
        for (int member : job.assignment.gang().workers()) {
            VirtualWorker other = world.workers.get(member);
            if (member != id && other != null && !other.held.containsKey(new Hold(task, attempt))) {
                throw new IllegalStateException("task " + task + " begins before worker " + member + " holds");
            }
        }
        execute(job);
    }

    private Job find(int task, int attempt) {
        for (Job job : jobs) {
            if (job.task() == task && job.assignment.attempt() == attempt) {
                return job;
            }
        }
        return null;
    }

    /** Whether nothing is left of any task. */
    boolean isIdle() {
        return jobs.isEmpty() && held.isEmpty() && wanted.isEmpty() && errands.isEmpty() && cores == capacity.cores();
    }

    @Override
    public String toString() {
        return "worker " + id + " jobs " + jobs.size() + " held " + held + " wanted " + wanted + " cores " + cores;
    }
}
