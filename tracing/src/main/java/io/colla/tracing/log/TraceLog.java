package io.colla.tracing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trace log of this process. What threads record is in the file {@value #PERIOD_MILLIS} ms later, so that a process that is killed loses no more. Memory: 96 KiB for each thread. Thread-safe.
 *
 * <p>If the file cannot be written any more (a full disk), that is logged once, and what is recorded from then on is lost; nobody waits for it.
 */
public final class TraceLog implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(TraceLog.class);
    private static final long PERIOD_MILLIS = 250;

    private final Path file;
    private final FileChannel channel;
    private final List<ThreadLog> threads = new CopyOnWriteArrayList<>();
    private final ByteBuffer buffer;
    private final ByteBuffer small =
            ByteBuffer.allocateDirect(Block.HEAD + Block.EVENTS_HEAD).order(ByteOrder.LITTLE_ENDIAN);
    /** Bytes of the file that are taken. */
    private long end;

    private final Thread writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private boolean awake;
    private volatile boolean open = true;
    private final @Nullable Mirror mirror;
    private @Nullable IOException broken;

    private TraceLog(Path file, FileChannel channel, @Nullable Mirror mirror) {
        this.file = file;
        this.channel = channel;
        this.mirror = mirror;
        this.buffer =
                ByteBuffer.allocateDirect(ThreadLog.CAPACITY * Block.RECORD).order(ByteOrder.LITTLE_ENDIAN);
        this.writer = new Thread(this::write, "colla-trace");
        writer.setDaemon(true);
    }

    /**
     * Begins a log.
     *
     * @param file that does not exist
     * @param process what readers are to know of this process, such as {@code role} and {@code node}
     * @throws IOException if it cannot be made
     */
    public static TraceLog open(Path file, Map<String, String> process) throws IOException {
        return open(file, process, null);
    }

    /**
     * As the other.
     *
     * @param mirror is told all that is recorded, and closed with the log; null: none
     */
    public static TraceLog open(Path file, Map<String, String> process, @Nullable Mirror mirror) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        TraceLog log = new TraceLog(file, channel, mirror);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("boot", kernel("random/boot_id"));
        values.put("host", kernel("hostname"));
        values.putAll(process);
        values.put("pid", Long.toString(ProcessHandle.current().pid()));
        values.put("nanos", Long.toString(System.nanoTime()));
        Instant now = Instant.now();
        values.put("wall", Long.toString(now.getEpochSecond() * 1_000_000_000 + now.getNano()));
        log.describe("process", values);
        log.writer.start();
        return log;
    }

    /** What the kernel says: the boot tells machines apart, as processes of one have one clock; the host is what other programs call it. */
    private static String kernel(String what) {
        try {
            return Files.readString(Path.of("/proc/sys/kernel", what)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Makes the log of a thread, which that thread alone is to use.
     *
     * @param kind what the thread is, such as {@code executor}
     * @param index its number among those of the kind, from 1
     */
    public ThreadLog thread(String kind, int index) {
        return thread(kind, index, -1);
    }

    /**
     * As {@link #thread(String, int)}, for a thread of a worker that lives in the master's process.
     *
     * @param worker its worker's number; negative: the process' own
     */
    public ThreadLog thread(String kind, int index, int worker) {
        ThreadLog thread;
        lock.lock();
        try {
            thread = new ThreadLog(threads.size(), this, mirror == null ? null : mirror.thread(kind, index));
            threads.add(thread);
        } finally {
            lock.unlock();
        }
        Map<String, String> values = new LinkedHashMap<>();
        values.put("number", Integer.toString(thread.number()));
        values.put("kind", kind);
        values.put("index", Integer.toString(index));
        if (worker >= 0) {
            values.put("worker", Integer.toString(worker));
        }
        describe("thread", values);
        return thread;
    }

    /** Writes a description at once; readers find it wherever it stands. */
    public void describe(String what, Map<String, String> values) {
        if (mirror != null) {
            mirror.described(what, values);
        }
        append(Block.text(what, values));
    }

    boolean isOpen() {
        return open;
    }

    /** Has the rings emptied soon. Does not block for long. */
    void wake() {
        lock.lock();
        try {
            awake = true;
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        boolean last;
        do {
            last = !pause();
            drain();
        } while (!last);
    }

    /** @return whether the log goes on */
    private boolean pause() {
        lock.lock();
        try {
            long nanos = PERIOD_MILLIS * 1_000_000;
            while (!awake && open && nanos > 0) {
                nanos = wanted.awaitNanos(nanos);
            }
            awake = false;
            return open;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void drain() {
        for (ThreadLog thread : threads) {
            buffer.clear();
            if (thread.drain(buffer) > 0) {
                append(thread, buffer.flip());
            }
        }
    }

    private synchronized void append(ByteBuffer block) {
        if (isWritable()) {
            long at = end;
            end += block.remaining();
            write(block, at);
        }
    }

    /**
     * Adds records to the thread's block, and to a further one when that is full. A block is larger than what is there at a time, so that a long run's few records do not make many
     * blocks, each of which costs who reads the log some memory. Records are there before their number says so.
     */
    private synchronized void append(ThreadLog thread, ByteBuffer records) {
        Block.Open block = thread.block;
        while (records.hasRemaining() && isWritable()) {
            if (block.left() == 0) {
                long at = end;
                end += block.begin(at);
                block.head(thread.number(), small.clear());
                write(small.flip(), at);
            }
            int count = Math.min(block.left(), records.remaining() / Block.RECORD);
            ByteBuffer part = records.slice(records.position(), count * Block.RECORD);
            records.position(records.position() + count * Block.RECORD);
            write(part, block.end());
            block.add(count);
            write(small.clear().putInt(block.count()).flip(), block.counter());
        }
    }

    private boolean isWritable() {
        return broken == null && channel.isOpen();
    }

    private void write(ByteBuffer bytes, long position) {
        try {
            long at = position;
            while (bytes.hasRemaining() && isWritable()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            broken = e;
            LOG.warn("The trace ends here, as {} cannot be written: {}", file, e.getMessage());
        }
    }

    /** Writes what is left. Threads that record meanwhile may lose it. */
    @Override
    public void close() throws IOException {
        if (mirror != null) {
            mirror.close();
        }
        open = false;
        wake();
        boolean interrupted = join();
        long dropped = threads.stream().mapToLong(ThreadLog::dropped).sum();
        describe("end", Map.of("nanos", Long.toString(System.nanoTime()), "dropped", Long.toString(dropped)));
        synchronized (this) {
            channel.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean join() {
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }
}
