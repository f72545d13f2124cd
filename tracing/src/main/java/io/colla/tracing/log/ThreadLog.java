package io.colla.tracing.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one thread records: a ring of records that this thread alone writes and that the log's own thread empties into the file. Recording takes some tens of nanoseconds, most of which
 * are the clock's; no lock, no allocation. When the ring is full the thread waits for the log's, at most {@value #PATIENCE_MILLIS} ms; then records are dropped and counted, until there is room.
 */
public final class ThreadLog {
    private static final int LONGS = Block.RECORD / Long.BYTES;
    /** Records of a ring; a power of two. */
    static final int CAPACITY = 1 << 12;

    private static final int MASK = CAPACITY - 1;
    private static final long PATIENCE_MILLIS = 1000;
    private static final VarHandle WRITTEN;
    private static final VarHandle DRAINED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(ThreadLog.class, "written", long.class);
            DRAINED = lookup.findVarHandle(ThreadLog.class, "drained", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int number;
    private final TraceLog log;
    private final Mirror.@Nullable OfThread mirror;
    private final long[] ring = new long[CAPACITY * LONGS];
    /** The writer's own count, of which {@link #written} is what others may see. */
    private long next;
    /** The writer's last look at {@link #drained}. */
    private long room = CAPACITY;

    @SuppressWarnings("unused") // by its handle
    private long written;

    @SuppressWarnings("unused") // by its handle
    private long drained;

    /** It has waited in vain since there was room last, and does not again: a disk that hangs is not to stop the program at every event. */
    private boolean patient = true;

    private volatile @Nullable Thread waiting;
    private volatile long dropped;

    /** The thread's last block in the file, for {@link TraceLog} alone. */
    final Block.Open block = new Block.Open();

    ThreadLog(int number, TraceLog log, Mirror.@Nullable OfThread mirror) {
        this.number = number;
        this.log = log;
        this.mirror = mirror;
    }

    /** The thread's number in the log. */
    public int number() {
        return number;
    }

    /** Records something that happens now. */
    public void record(int type, int detail, long value) {
        record(System.nanoTime(), type, detail, value);
    }

    /** {@link #record(int, int, long)} without detail. */
    public void record(int type, long value) {
        record(System.nanoTime(), type, 0, value);
    }

    /**
     * Records something.
     *
     * @param time of {@link System#nanoTime}, not before that of the thread's last record
     */
    public void record(long time, int type, int detail, long value) {
        if (mirror != null) {
            mirror.record(type, detail, value);
        }
        long at = next;
        if (at == room && !hasRoom()) {
            return;
        }
        int index = (int) (at & MASK) * LONGS;
        ring[index] = time;
        ring[index + 1] = (type & 0xffff_ffffL) | (long) detail << 32;
        ring[index + 2] = value;
        next = at + 1;
        WRITTEN.setRelease(this, at + 1);
        if ((at & (CAPACITY / 2 - 1)) == 0 && at > 0) {
            log.wake();
        }
    }

    private boolean hasRoom() {
        if (looksFree()) {
            patient = true;
            return true;
        }
        if (!patient) {
            dropped++; // this thread alone writes it
            return false;
        }
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        waiting = Thread.currentThread();
        log.wake();
        while (!looksFree()) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || !log.isOpen()) {
                waiting = null;
                patient = false;
                dropped++;
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        waiting = null;
        return true;
    }

    private boolean looksFree() {
        room = (long) DRAINED.getAcquire(this) + CAPACITY;
        return next < room;
    }

    /** Records that found no room in time. */
    long dropped() {
        return dropped;
    }

    /**
     * Moves records into a buffer, by the log's thread.
     *
     * @param into empty, with room for {@link #CAPACITY} records
     * @return how many
     */
    int drain(ByteBuffer into) {
        long from = (long) DRAINED.getAcquire(this);
        long to = (long) WRITTEN.getAcquire(this);
        for (long at = from; at < to; at++) {
            int index = (int) (at & MASK) * LONGS;
            into.putLong(ring[index]).putLong(ring[index + 1]).putLong(ring[index + 2]);
        }
        if (from == to) {
            return 0;
        }
        DRAINED.setRelease(this, to);
        Thread sleeper = waiting;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
        return (int) (to - from);
    }
}
