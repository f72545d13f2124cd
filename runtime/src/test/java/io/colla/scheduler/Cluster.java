package io.colla.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Workers that run what a scheduler places, in virtual time, without a network or faults. */
final class Cluster implements Scheduler.Sink {
    /** A task that takes a known time. */
    static final class Job extends Schedulable {
        final String name;
        final Requirement need;
        final long nanos;
        int urgency;
        long startedAt = -1;
        long endedAt = -1;
        int worker = -1;
        int kind = -1;
        long limit;

        Job(String name, Requirement need, long nanos) {
            this.name = name;
            this.need = need;
            this.nanos = nanos;
        }

        Job kind(int number) {
            kind = number;
            return this;
        }

        @Override
        protected int kind() {
            return kind;
        }

        @Override
        protected long limit() {
            return limit;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record End(long time, long order, Job job) {}

    final Scheduler scheduler;
    final List<Job> begun = new ArrayList<>();
    int recalled;
    /** Whether the books are checked after each event, which takes time for each task that waits. */
    boolean checked = true;

    private final Map<Integer, List<Job>> ahead = new HashMap<>();
    private final PriorityQueue<End> ends = new PriorityQueue<>(
            (a, b) -> a.time != b.time ? Long.compare(a.time, b.time) : Long.compare(a.order, b.order));
    private final List<Job> givenBack = new ArrayList<>();
    private long order;
    private long now;

    Cluster(PlacementPolicy policy) {
        scheduler = new Scheduler(policy);
    }

    long now() {
        return now;
    }

    void addWorkers(int first, int count, int cores) {
        for (int id = first; id < first + count; id++) {
            scheduler.addWorker(id, new NodeCapacity(cores, 0));
            ahead.put(id, new ArrayList<>());
        }
    }

    /** One that is to be empty at that time. */
    void addWorker(int id, int cores, long end) {
        scheduler.addWorker(id, new NodeCapacity(cores, 0), end);
        ahead.put(id, new ArrayList<>());
    }

    void offer(Job job) {
        scheduler.offer(job, scheduler.classFor(List.of(job.need), 0), job.urgency, now);
    }

    void dispatch() {
        scheduler.dispatch(now, this);
        while (!givenBack.isEmpty()) {
            List<Job> back = List.copyOf(givenBack);
            givenBack.clear();
            for (Job job : back) {
                ahead.get(job.worker).remove(job);
                scheduler.left(job, job.worker);
                offer(job);
            }
            scheduler.dispatch(now, this);
        }
        if (checked) {
            scheduler.checkInvariants();
        }
    }

    /** Runs until nothing is left to do, or until a time; returns the time. */
    long run(long until) {
        dispatch();
        while (!ends.isEmpty() && ends.peek().time <= until) {
            End end = ends.poll();
            now = end.time;
            Job job = end.job;
            job.endedAt = now;
            scheduler.ran(job, job.nanos);
            Gang gang = job.gang;
            scheduler.left(job, job.worker);
            beginPromoted(job.worker);
            for (int i = 1; gang != null && i < gang.size(); i++) {
                beginPromoted(gang.workers()[i]);
            }
            whenEnded(job);
            dispatch();
        }
        return now;
    }

    /** Called after each end. */
    void whenEnded(Job job) {
        Runnable then = afterEach;
        if (then != null) {
            then.run();
        }
    }

    @Nullable
    Runnable afterEach;

    private void beginPromoted(int worker) {
        for (Job job : List.copyOf(ahead.get(worker))) {
            if (job.placement == Schedulable.RUNNING) {
                ahead.get(worker).remove(job);
                begin(job);
            }
        }
    }

    private void begin(Job job) {
        job.startedAt = now;
        begun.add(job);
        ends.add(new End(now + job.nanos, order++, job));
    }

    @Override
    public void place(Schedulable task, int worker, @Nullable Gang gang, boolean isAhead) {
        Job job = (Job) task;
        job.worker = worker;
        if (isAhead) {
            ahead.get(worker).add(job);
        } else {
            begin(job);
        }
    }

    @Override
    public void recall(Schedulable task, int worker) {
        recalled++;
        givenBack.add((Job) task);
    }
}
