package io.colla.worker;

import io.colla.wire.Message.Run;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks after running tasks from a thread of its own: announces those that last, ends those whose time is over, and gives up those that do not react. It sleeps for good
 * while nothing runs.
 */
final class Watch implements Runnable {
    /** What the watch finds. */
    interface Listener {
        /** The task has been running for {@link #LASTING}. */
        void lasts(Job job);

        /** The task's time is over. */
        void overdue(Job job);

        /** The task was told to end and has not for the whole grace. */
        void unresponsive(TaskThread thread, Job job, Run run);

        /** Another look was taken. */
        void looked();
    }

    static final Duration LASTING = Duration.ofMillis(20);

    private static final long LOOK = LASTING.toNanos();
    private static final int QUIET_LOOKS = 50;

    private final Dispatcher dispatcher;
    private final Listener listener;
    private final LongSupplier clock;
    private final Duration graceOfJava;
    private final Duration graceOfOthers;
    private volatile @Nullable Thread thread;
    private volatile boolean sleeping;
    private volatile boolean closed;

    Watch(Dispatcher dispatcher, Listener listener, LongSupplier clock, Duration graceOfJava, Duration graceOfOthers) {
        this.dispatcher = dispatcher;
        this.listener = listener;
        this.clock = clock;
        this.graceOfJava = graceOfJava;
        this.graceOfOthers = graceOfOthers;
    }

    /** Something begins to run. */
    void wake() {
        if (thread == null) {
            start();
        } else if (sleeping) {
            sleeping = false;
            LockSupport.unpark(thread);
        }
    }

    private synchronized void start() {
        if (thread == null && !closed) {
            Thread started = new Thread(this, "colla-watch");
            started.setDaemon(true);
            thread = started;
            started.start();
        }
    }

    synchronized void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        int quiet = 0;
        while (!closed) {
            boolean busy = look(clock.getAsLong());
            quiet = busy ? 0 : quiet + 1;
            if (quiet < QUIET_LOOKS) {
                LockSupport.parkNanos(this, LOOK);
            } else {
                sleeping = true;
                // Who begins to run looks at the flag after that, so one of both sides sees the other.
                if (!look(clock.getAsLong())) {
                    while (sleeping && !closed) {
                        LockSupport.park(this);
                    }
                }
                sleeping = false;
                quiet = 0;
            }
        }
    }

    /** Whether something runs. */
    private boolean look(long now) {
        boolean busy = false;
        List<TaskThread> threads = dispatcher.threads();
        for (TaskThread each : threads) {
            Job job = each.current();
            if (job != null) {
                long began = each.began();
                if (each.current() == job) {
                    busy = true;
                    look(each, job, now - began, now);
                }
            }
        }
        listener.looked();
        return busy;
    }

    private void look(TaskThread thread, Job job, long running, long now) {
        Run run = job.run();
        if (run == null) {
            return;
        }
        if (job.state() == Job.STOPPING) {
            Job.StopCause cause = job.cause;
            if (cause != null && now - cause.sinceNanos() >= grace(job, run).toNanos() && job.giveUp()) {
                listener.unresponsive(thread, job, run);
            }
            return;
        }
        if (running >= LASTING.toNanos() && thread.announced != job) {
            thread.announced = job;
            listener.lasts(job);
        }
        if (run.timeout() > 0 && running >= run.timeout()) {
            listener.overdue(job);
        }
    }

    private Duration grace(Job job, Run run) {
        Job.Definition definition = job.definition;
        boolean java = definition != null
                && definition
                        .content
                        .implementations()
                        .get(run.implementation())
                        .kind()
                        .equals(JavaTaskExecutor.KIND);
        return java ? graceOfJava : graceOfOthers;
    }
}
