package io.colla.worker;

import io.colla.platform.TaskPipeline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A thread that runs tasks, one after the other. */
final class TaskThread extends Thread {
    /** What a thread does with a job. */
    interface Work {
        /** Runs it to its end and answers; never throws. */
        void run(TaskThread thread, Job job);

        /** There is nothing more to run at the moment. */
        void idle(TaskThread thread);

        /** A row of the trace for a thread; null if nothing is recorded. */
        default NodeTrace.@Nullable Executor row() {
            return null;
        }
    }

    private static final VarHandle CURRENT;

    static {
        try {
            CURRENT = MethodHandles.lookup().findVarHandle(TaskThread.class, "current", Job.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Dispatcher dispatcher;
    private final Work work;
    private volatile @Nullable Job assigned;
    /** Written by this thread and the dispatcher in turns, under its lock. */
    private ResourcePool.@Nullable Lease lease;

    private @Nullable Job current;
    /** When the current job began; written before {@link #current}. */
    private long began;
    /** Where its tasks are sent ahead; null when they are not. */
    volatile @Nullable TaskPipeline pipeline;
    /** For the watch alone: the job that it has announced. */
    @Nullable
    Job announced;
    /** Messages sent since the last flush. */
    int unflushed;
    /** No task of this thread reacted when it was told to end: the thread ends with it. */
    private volatile boolean abandoned;

    final TaskOutput output = new TaskOutput();
    /** What it records of its tasks; this thread's alone. */
    NodeTrace.@Nullable Executor trace;
    /** Of its tasks; this thread's alone. */
    @Nullable
    TaskFolder folder;

    TaskThread(String name, ClassLoader application, Dispatcher dispatcher, Work work) {
        super(null, null, name, 0, false);
        this.dispatcher = dispatcher;
        this.work = work;
        setDaemon(true);
        setContextClassLoader(application);
    }

    @Override
    public void run() {
        Job job = dispatcher.nextAssigned(this);
        while (job != null) {
            work.run(this, job);
            if (abandoned) {
                break;
            }
            job = keepsCore() ? dispatcher.nextNarrow() : null;
            if (job == null) {
                // May bring the next one, when the master is in this process.
                work.idle(this);
                job = keepsCore() ? dispatcher.nextNarrow() : null;
            }
            if (job == null) {
                job = dispatcher.next(this);
            }
        }
        if (folder != null) {
            folder.remove();
        }
        if (trace != null) {
            trace.over();
        }
        dispatcher.retire(this);
    }

    /** Whether it has just the one core that a narrow task needs. */
    boolean keepsCore() {
        ResourcePool.Lease has = lease;
        return has != null
                && has.slots().length == 1
                && has.needs().memory() == 0
                && has.needs().resources().isEmpty();
    }

    Work work() {
        return work;
    }

    /** Where the thread records, by the thread itself; null: nowhere. */
    NodeTrace.@Nullable Executor row() {
        NodeTrace.Executor known = trace;
        if (known == null) {
            known = work.row();
            trace = known;
        }
        return known;
    }

    @Nullable
    Job assigned() {
        return assigned;
    }

    void assign(@Nullable Job job) {
        assigned = job;
    }

    ResourcePool.@Nullable Lease lease() {
        return lease;
    }

    void lease(ResourcePool.@Nullable Lease given) {
        lease = given;
    }

    void begin(Job job, long now) {
        began = now;
        CURRENT.setRelease(this, job);
    }

    void end() {
        CURRENT.setRelease(this, null);
    }

    /** What it runs; null when nothing. */
    @Nullable
    Job current() {
        return (Job) CURRENT.getAcquire(this);
    }

    /** When {@link #current} began, if it is still the same. */
    long began() {
        return began;
    }

    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }
}
