package io.colla.worker;

import io.colla.wire.Message.Needs;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives resources to ready tasks and tasks to threads.
 *
 * <p>A thread that has one core keeps it from one narrow task to the next, without a lock, as long as no wide task waits. A wide task that does not fit lets others pass
 * for {@link #PATIENCE}; after that, nobody behind it gets any of what it lacks.
 */
final class Dispatcher {
    /** How long a task that does not fit lets others pass. */
    static final Duration PATIENCE = Duration.ofMillis(50);

    private static final Needs ONE_CORE = new Needs(1, 0, Map.of());

    private final ResourcePool pool;
    private final int cores;
    private final LongSupplier clock;
    private final TaskThread.Work work;
    private final Consumer<Job> holds;
    private final NarrowTasks narrow = new NarrowTasks();
    private final WideTasks wide = new WideTasks();
    private final Deque<TaskThread> idle = new ArrayDeque<>();
    private final List<TaskThread> threads = new ArrayList<>();
    private final ClassLoader application;
    /** Threads whose tasks go on as soon as there are cores for them, before anything begins. */
    private final Deque<TaskThread> resuming = new ArrayDeque<>();

    private int made;
    private boolean closed;
    /** Whether a wide task waits, so that a core must be given back after each task. */
    private volatile boolean contended;

    /** @param holds told, with no lock held, of jobs that have what they need and wait for the other nodes */
    Dispatcher(
            ResourcePool pool, LongSupplier clock, ClassLoader application, TaskThread.Work work, Consumer<Job> holds) {
        this.pool = pool;
        this.cores = Math.max(1, pool.freeCores());
        this.clock = clock;
        this.application = application;
        this.work = work;
        this.holds = holds;
    }

    /** Queues a ready job. To be followed by {@link #kick}. */
    void add(Job job) {
        if (job.isNarrow() && narrow.offer(job)) {
            return;
        }
        job.readyNanos = clock.getAsLong();
        synchronized (this) {
            wide.add(job);
            contended = true;
        }
    }

    /** Lets what was added begin, if there is room. */
    void kick() {
        if (!contended) {
            if (pool.freeCores() == 0 || (Thread.currentThread() instanceof TaskThread thread && takesAlone(thread))) {
                return;
            }
        }
        dispatch();
    }

    /** Whether the only ready task may be left to the calling thread, which looks for one as soon as it is back. */
    private boolean takesAlone(TaskThread thread) {
        return thread.work() == work && thread.current() == null && thread.keepsCore() && narrow.size() <= 1;
    }

    private void dispatch() {
        List<Job> holding;
        synchronized (this) {
            holding = assign(null);
        }
        holding.forEach(holds);
    }

    /** The next narrow task for a thread that has a core, without a lock; null if it must ask {@link #next}. */
    @Nullable
    Job nextNarrow() {
        return contended ? null : narrow.begin();
    }

    /** As {@link #nextNarrow()}, if that is a suitable one. */
    @Nullable
    Job nextNarrow(Predicate<Job> suitable) {
        return contended ? null : narrow.beginIf(suitable);
    }

    /** How many narrow tasks a thread may have that has so many, if all cores are to have about the same. */
    int fairShare(int has) {
        return has + (narrow.size() + cores - 1) / cores;
    }

    /** Whether a thread that has a core would find a task at once. */
    boolean hasNarrow() {
        return !narrow.isEmpty();
    }

    /**
     * Gives back what the thread has and waits for its next job.
     *
     * @return null when the worker ends
     */
    @Nullable
    Job next(TaskThread thread) {
        List<Job> holding;
        synchronized (this) {
            giveBack(thread);
            holding = assign(thread);
            if (thread.assigned() == null) {
                idle.push(thread);
            }
        }
        holding.forEach(holds);
        Job job = thread.assigned();
        while (job == null) {
            if (isClosed()) {
                return null;
            }
            LockSupport.park(this);
            Thread.interrupted();
            job = thread.assigned();
        }
        thread.assign(null);
        return job;
    }

    /** The calling thread's task waits for others: its cores are free until {@link #resume}. */
    void pause(TaskThread thread) {
        List<Job> holding;
        synchronized (this) {
            ResourcePool.Lease lease = thread.lease();
            if (lease == null) {
                return;
            }
            thread.lease(pool.giveCores(lease));
            holding = assign(null);
        }
        holding.forEach(holds);
    }

    /**
     * Waits until the calling thread's task has cores again, which may be others than before.
     *
     * @throws InterruptedException if the task is to end; it then has none
     */
    void resume(TaskThread thread) throws InterruptedException {
        synchronized (this) {
            resuming.add(thread);
            contended = true;
            serveResuming();
        }
        boolean waits = true;
        while (waits) {
            synchronized (this) {
                waits = resuming.contains(thread);
            }
            if (waits) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    forgetResuming(thread);
                    throw new InterruptedException("the task was ended while it waited for its cores");
                }
            }
        }
    }

    private void forgetResuming(TaskThread thread) {
        List<Job> holding;
        synchronized (this) {
            resuming.remove(thread);
            holding = assign(null);
        }
        holding.forEach(holds);
    }

    private void serveResuming() {
        TaskThread next = resuming.peek();
        while (next != null) {
            ResourcePool.Lease lease = next.lease();
            if (lease != null && lease.needs().cores() > pool.freeCores()) {
                return;
            }
            if (lease != null) {
                next.lease(pool.takeCores(lease.needs()));
            }
            resuming.remove();
            LockSupport.unpark(next);
            next = resuming.peek();
        }
    }

    /** The job that a new thread was made for. */
    @Nullable
    Job nextAssigned(TaskThread thread) {
        Job job = thread.assigned();
        thread.assign(null);
        return job;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** For a thread that ends: gives back what it has. */
    void retire(TaskThread thread) {
        List<Job> holding;
        synchronized (this) {
            threads.remove(thread);
            giveBack(thread);
            holding = assign(null);
        }
        holding.forEach(holds);
    }

    private void giveBack(TaskThread thread) {
        ResourcePool.Lease lease = thread.lease();
        if (lease != null) {
            pool.give(lease);
            thread.lease(null);
        }
    }

    /** Lets begin all that can; one of them by the given thread. Returns those that hold now. */
    private List<Job> assign(@Nullable TaskThread self) {
        List<Job> holding = List.of();
        boolean selfFree = self != null;
        serveResuming();
        for (Job job = pick(); job != null; job = pick()) {
            ResourcePool.Lease lease = pool.take(job.isNarrow() ? ONE_CORE : job.needs);
            if (job.state() == Job.RUNNING) {
                hand(job, lease, selfFree ? self : null);
                selfFree = false;
            } else {
                job.held = lease;
                holding = holding.isEmpty() ? new ArrayList<>() : holding;
                holding.add(job);
            }
        }
        contended = !wide.isEmpty() || !resuming.isEmpty();
        return holding;
    }

    private void hand(Job job, ResourcePool.Lease lease, @Nullable TaskThread self) {
        TaskThread thread = self != null ? self : idle.poll();
        if (thread != null) {
            thread.lease(lease);
            thread.assign(job);
            if (thread != self) {
                LockSupport.unpark(thread);
            }
            return;
        }
        TaskThread fresh = new TaskThread("colla-task-" + ++made, application, this, work);
        fresh.lease(lease);
        fresh.assign(job);
        threads.add(fresh);
        fresh.start();
    }

    /** The next job that can begin, which then runs or holds. */
    private @Nullable Job pick() {
        if (closed || !resuming.isEmpty()) {
            return null;
        }
        if (wide.isEmpty()) {
            return pool.fits(ONE_CORE) ? narrow.begin() : null;
        }
        List<Job> candidates = wide.heads();
        Job firstNarrow = narrow.peek();
        if (firstNarrow != null) {
            candidates.add(firstNarrow);
            candidates.sort(WideTasks.ORDER);
        }
        Set<String> reserved = new HashSet<>();
        for (Job candidate : candidates) {
            if (pool.fits(candidate.needs) && !ResourcePool.touches(candidate.needs, reserved)) {
                Job begun = candidate == firstNarrow ? narrow.begin() : begin(candidate);
                if (begun != null) {
                    return begun;
                }
            } else if (candidate != firstNarrow && clock.getAsLong() - candidate.readyNanos >= PATIENCE.toNanos()) {
                reserved.addAll(pool.lacking(candidate.needs));
            }
        }
        return null;
    }

    private @Nullable Job begin(Job candidate) {
        wide.remove(candidate);
        boolean gang = candidate.isGang();
        return candidate.move(Job.READY, gang ? Job.HOLDING : Job.RUNNING) ? candidate : null;
    }

    /** Lets a job that holds its resources run. */
    void beginHeld(Job job) {
        synchronized (this) {
            ResourcePool.Lease lease = job.held;
            if (lease == null || !job.move(Job.HOLDING, Job.RUNNING)) {
                return;
            }
            job.held = null;
            hand(job, lease, null);
        }
    }

    /** What a job holds that waits for the other nodes, or for good; null if it holds nothing. */
    synchronized ResourcePool.@Nullable Lease held(Job job) {
        return job.state() == Job.HOLDING ? job.held : null;
    }

    /** Gives back what a job held that has ended. */
    void release(Job job) {
        List<Job> holding;
        synchronized (this) {
            if (job.held != null) {
                pool.give(job.held);
                job.held = null;
            }
            holding = assign(null);
        }
        holding.forEach(holds);
    }

    /** The threads there are, busy or not. */
    synchronized List<TaskThread> threads() {
        return List.copyOf(threads);
    }

    synchronized boolean isIdle() {
        return idle.size() == threads.size();
    }

    /** Begins nothing any more; idle threads end. */
    void close() {
        List<TaskThread> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(threads);
        }
        all.forEach(LockSupport::unpark);
    }
}
