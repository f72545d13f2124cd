package io.colla.binary.spawn;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.colla.binary.spawn.SpawnException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A child of this JVM. Only its own id is ever waited for, so that other children of the JVM are left alone. */
final class PosixChild implements Child {

    private static final int INFO_BYTES = 128;
    private static final int USAGE_BYTES = 144;

    private final PosixSpawner spawner;
    private final int pid;
    private final String mark;
    private final ReentrantLock waiting = new ReentrantLock();
    private volatile @Nullable ExitStatus status;

    PosixChild(PosixSpawner spawner, int pid, String mark) {
        this.spawner = spawner;
        this.pid = pid;
        this.mark = mark;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public ExitStatus await() throws SpawnException {
        waiting.lock();
        try {
            ExitStatus known = status;
            return known != null ? known : awaitAndReap();
        } finally {
            waiting.unlock();
        }
    }

    private ExitStatus awaitAndReap() throws SpawnException {
        try (Memory memory = new Memory(INFO_BYTES)) {
            while (LibC.waitid(LibC.P_PID, pid, Pointer.nativeValue(memory), LibC.WEXITED | LibC.WNOWAIT) != 0) {
                int errno = Native.getLastError();
                if (errno != Errno.EINTR) {
                    spawner.ended(this, mark);
                    throw new SpawnException(
                            Reason.LOST, errno, "process " + pid + " was reaped by other code in this JVM");
                }
            }
        }
        return reap();
    }

    /** Takes the ended program's status; kills its group first, while the unreaped program keeps the group's id taken. */
    private ExitStatus reap() {
        try (Memory memory = new Memory(USAGE_BYTES + 8)) {
            memory.clear();
            ExitStatus ended;
            synchronized (this) {
                LibC.kill(-pid, Signal.KILL.number());
                long start = Pointer.nativeValue(memory);
                LibC.wait4(pid, start + USAGE_BYTES, 0, start);
                ended = ExitStatus.ofWaitStatus(memory.getInt(USAGE_BYTES), usage(memory));
                status = ended;
            }
            spawner.ended(this, mark);
            return ended;
        }
    }

    /** Reads struct rusage: two timevals, then ru_maxrss. */
    private static Usage usage(Memory memory) {
        return Usage.ofMicros(
                memory.getLong(0) * 1_000_000 + memory.getLong(8),
                memory.getLong(16) * 1_000_000 + memory.getLong(24),
                memory.getLong(32));
    }

    @Override
    public Optional<ExitStatus> await(Duration atMost) throws SpawnException {
        long deadline = System.nanoTime() + Math.max(0, atMost.toNanos());
        if (!Locks.tryLock(waiting, atMost)) {
            return Optional.empty();
        }
        try {
            if (status == null && awaitEnd(deadline)) {
                reap();
            }
            return Optional.ofNullable(status);
        } finally {
            waiting.unlock();
        }
    }

    /** Waits on a pidfd (Linux 5.3). */
    private boolean awaitEnd(long deadline) throws SpawnException {
        int fd = (int) LibC.syscall(LibC.SYS_PIDFD_OPEN, pid, 0, 0);
        if (fd < 0) {
            throw new SpawnException(
                    Reason.UNAVAILABLE, Native.getLastError(), "this kernel has no pidfd_open: use another spawner");
        }
        try (Memory memory = new Memory(8)) {
            while (true) {
                memory.setInt(0, fd);
                memory.setShort(4, LibC.POLLIN);
                memory.setShort(6, (short) 0);
                long millis = TimeUnit.NANOSECONDS.toMillis(Math.max(0, deadline - System.nanoTime()) + 999_999);
                int ready = LibC.poll(Pointer.nativeValue(memory), 1, (int) Math.min(millis, Integer.MAX_VALUE));
                if (ready > 0) {
                    return true;
                }
                if (ready == 0 && System.nanoTime() - deadline >= 0) {
                    return false;
                }
            }
        } finally {
            LibC.close(fd);
        }
    }

    @Override
    public synchronized void kill(Signal signal, boolean group) {
        if (status == null) {
            LibC.kill(group ? -pid : pid, signal.number());
        }
    }

    @Override
    public void terminate(Duration grace) {
        kill(Signal.TERM, true);
        kill(Signal.CONT, true);
        CompletableFuture.runAsync(
                () -> kill(Signal.KILL, true),
                CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS));
    }
}
