package io.colla.master;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * The engine's mailbox. One thread at a time owns the engine: whoever posts an event while nobody owns it handles the events that are there, so that a task's end
 * leads to the next task's start without waking another thread. What a poster leaves after its share is taken over by a thread of the loop's own.
 */
final class EngineLoop implements AutoCloseable {
    private static final int SHARE = 512;
    private static final long IDLE_PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Handles events; called by one thread at a time. */
    interface Handler {
        void handle(Object event);

        /** All events that were there have been handled; called before the engine is given up. */
        void settled();

        /** An event or the engine failed; nothing more will be handled right. */
        void broken(Throwable error);
    }

    private final MpscUnboundedArrayQueue<Object> mailbox = new MpscUnboundedArrayQueue<>(4096);
    private final AtomicBoolean owned = new AtomicBoolean();
    private final Handler handler;
    private final Thread helper;
    private volatile boolean closed;
    private volatile boolean helperParked;

    EngineLoop(Handler handler) {
        this.handler = handler;
        this.helper = new Thread(this::help, "colla-engine");
        this.helper.setDaemon(true);
    }

    void start() {
        helper.start();
    }

    /** Hands an event over; the engine's own work on it may happen in this call. */
    void post(Object event) {
        mailbox.offer(event);
        work();
    }

    /** Hands an event over without working on it, for a caller that posts several and ends with {@link #work}. */
    void enqueue(Object event) {
        mailbox.offer(event);
    }

    /** Handles what is there unless another thread is at it. */
    void work() {
        if (owned.compareAndSet(false, true)) {
            boolean more = drainOwned();
            if (more || !mailbox.isEmpty()) {
                wakeHelper();
            }
        }
    }

    private boolean drainOwned() {
        int handled = 0;
        try {
            Object event = mailbox.poll();
            while (event != null) {
                handler.handle(event);
                event = ++handled < SHARE ? mailbox.poll() : null;
            }
            handler.settled();
        } catch (Throwable error) {
            handler.broken(error);
        } finally {
            owned.set(false);
        }
        return handled >= SHARE;
    }

    private void wakeHelper() {
        if (helperParked) {
            LockSupport.unpark(helper);
        }
    }

    private void help() {
        while (!closed) {
            if (!mailbox.isEmpty() && owned.compareAndSet(false, true)) {
                drainOwned();
                continue;
            }
            helperParked = true;
            if (mailbox.isEmpty() || owned.get()) {
                LockSupport.parkNanos(this, IDLE_PARK_NANOS);
            }
            helperParked = false;
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(helper);
    }
}
