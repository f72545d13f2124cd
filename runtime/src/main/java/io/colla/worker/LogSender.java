package io.colla.worker;

import io.colla.tracing.log.LogFollower;
import io.colla.wire.Message;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the logs of this node's processes to the master while they grow, on a node that does not see the run's folder. What is in a log is on its way {@value #PERIOD_MILLIS} ms later. Memory: no
 * more than {@value #WINDOW} pieces are on their way at a time. Thread-safe.
 */
final class LogSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogSender.class);
    private static final long PERIOD_MILLIS = 250;
    /** Pieces of {@link LogFollower#PIECE} bytes that the master has not answered yet. */
    private static final int WINDOW = 8;

    private final Path folder;
    private final Consumer<Message.ToMaster> master;
    private final Map<Path, LogFollower> logs = new HashMap<>();
    private final Set<Path> unreadable = new HashSet<>();
    private final Semaphore room = new Semaphore(WINDOW);
    private final Thread thread = new Thread(this::work, "colla-trace-sender");
    private final Object lock = new Object();
    /** Until when the last pieces may take; guarded by the lock. */
    private long deadline;

    private boolean ending;
    private volatile boolean gone;

    /**
     * @param folder of the logs
     * @param master takes messages to the master
     */
    LogSender(Path folder, Consumer<Message.ToMaster> master) {
        this.folder = folder;
        this.master = master;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The master has a piece. */
    void taken() {
        room.release();
    }

    /** Nobody takes pieces any more. */
    void abandon() {
        gone = true;
        thread.interrupt();
    }

    /**
     * Sends what is left, when the logs are complete, and waits until the master has it.
     *
     * @return whether it has all
     */
    boolean finish(Duration limit) {
        synchronized (lock) {
            deadline = System.nanoTime() + limit.toNanos();
            ending = true;
            lock.notifyAll();
        }
        boolean interrupted = false;
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        boolean all = !thread.isAlive() && room.availablePermits() >= WINDOW;
        abandon();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return all;
    }

    private void work() {
        try {
            boolean last = false;
            while (!last && !gone) {
                last = pause();
                look(last);
            }
            if (room.tryAcquire(WINDOW, left(), TimeUnit.NANOSECONDS)) {
                room.release(WINDOW);
            }
        } catch (IOException e) {
            LOG.warn("the trace lacks what is recorded here from now on: {}", e.getMessage());
        } catch (InterruptedException e) {
            // There is nobody to send anything to.
            LOG.debug("the trace's sender ends");
        } finally {
            logs.values().forEach(LogSender::close);
        }
    }

    private static void close(LogFollower log) {
        try {
            log.close();
        } catch (IOException e) {
            LOG.debug("a log that was read: {}", e.getMessage());
        }
    }

    /** @return whether the logs are complete */
    private boolean pause() throws InterruptedException {
        synchronized (lock) {
            long until = System.nanoTime() + PERIOD_MILLIS * 1_000_000;
            for (long left = until - System.nanoTime(); !ending && left > 0; left = until - System.nanoTime()) {
                lock.wait(left / 1_000_000 + 1);
            }
            return ending;
        }
    }

    private void look(boolean complete) throws IOException, InterruptedException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.ctl")) {
            for (Path file : files) {
                try {
                    look(file, complete);
                } catch (IOException e) {
                    if (unreadable.add(file)) {
                        LOG.warn("the trace lacks what is in {} from now on: {}", file, e.getMessage());
                    }
                }
            }
        }
    }

    private void look(Path file, boolean complete) throws IOException, InterruptedException {
        LogFollower log = logs.get(file);
        if (log == null) {
            log = LogFollower.open(file);
            logs.put(file, log);
        }
        String name = file.getFileName().toString();
        log.follow((position, bytes) -> send(name, position, bytes), complete);
    }

    private void send(String name, long position, byte[] bytes) throws InterruptedException {
        while (!room.tryAcquire(Math.min(left(), PERIOD_MILLIS * 1_000_000), TimeUnit.NANOSECONDS)) {
            if (left() <= 0) {
                throw new InterruptedException("the time for the last pieces is over");
            }
        }
        master.accept(new Message.LogPiece(name, position, bytes));
    }

    /** Nanoseconds; many as long as the logs are not complete. */
    private long left() {
        synchronized (lock) {
            return ending ? deadline - System.nanoTime() : Long.MAX_VALUE;
        }
    }

    @Override
    public void close() {
        abandon();
    }
}
