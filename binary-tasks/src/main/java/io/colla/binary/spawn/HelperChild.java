package io.colla.binary.spawn;

import io.colla.binary.spawn.SpawnException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A program under a {@link Helper}, which is this child's alone until its end has been read. */
final class HelperChild implements Child {

    private final HelperSpawner spawner;
    private final Helper helper;
    private final String task;
    private final long pid;
    private final String program;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable ExitStatus status;
    private volatile boolean lost;

    HelperChild(HelperSpawner spawner, Helper helper, String task, long pid, String program) {
        this.spawner = spawner;
        this.helper = helper;
        this.task = task;
        this.pid = pid;
        this.program = program;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public ExitStatus await() throws SpawnException {
        reading.lock();
        try {
            while (true) {
                ExitStatus known = status;
                if (known != null) {
                    return known;
                }
                read();
            }
        } finally {
            reading.unlock();
        }
    }

    @Override
    public Optional<ExitStatus> await(Duration atMost) throws SpawnException {
        long deadline = System.nanoTime() + Math.max(0, atMost.toNanos());
        if (!Locks.tryLock(reading, atMost)) {
            return Optional.empty();
        }
        try {
            if (status == null) {
                long left = Math.max(0, deadline - System.nanoTime());
                send("W", Long.toString(TimeUnit.NANOSECONDS.toMillis(left + 999_999)));
                read();
            }
            return Optional.ofNullable(status);
        } finally {
            reading.unlock();
        }
    }

    /** Reads one reply: the end of the program, or that a wait is over. */
    private void read() throws SpawnException {
        if (lost) {
            throw gone();
        }
        Helper.Reply reply;
        try {
            reply = helper.read();
        } catch (IOException e) {
            reply = new Helper.Reply(Helper.DEAD, 0, 0, 0, 0, 0);
        }
        if (reply.kind() == Helper.EXIT) {
            Usage usage = Usage.ofMicros(reply.b(), reply.c(), reply.d());
            status = ExitStatus.ofWaitStatus(reply.a(), usage);
            spawner.release(helper);
        } else if (reply.kind() == Helper.DEAD) {
            lost = true;
            GroupKiller.killSession(pid);
            spawner.discard(helper);
            throw gone();
        }
    }

    private SpawnException gone() {
        return new SpawnException(
                Reason.LOST,
                0,
                "the spawn helper of '" + program + "' (process " + pid
                        + ") was killed or closed: the program was ended, its" + " exit code is lost");
    }

    @Override
    public void kill(Signal signal, boolean group) {
        send("K", Integer.toString(signal.number()), group ? "1" : "0");
    }

    @Override
    public void terminate(Duration grace) {
        send("T", Long.toString(grace.toMillis()));
    }

    private void send(String operation, String... fields) {
        if (status != null || lost) {
            return;
        }
        HelperSpawner.Frame frame = new HelperSpawner.Frame().add(operation).add(task);
        for (String field : fields) {
            frame.add(field);
        }
        try {
            helper.send(frame.bytes());
        } catch (IOException e) {
            // The helper is gone, and its programs with it; await() says so.
        }
    }
}
