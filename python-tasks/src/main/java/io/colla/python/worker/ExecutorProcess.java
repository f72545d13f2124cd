package io.colla.python.worker;

import io.colla.python.FrameOutput;
import io.colla.worker.store.Blob;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One executor: a process that runs tasks one after the other. Used by the thread whose task it runs, but for what says otherwise. */
final class ExecutorProcess {
    static final int NONE = -1;

    private static final long ENDING_TOLD_MILLIS = 3_000;

    final Zygote zygote;
    final int id;
    /** What its tasks print. */
    final Path printed;

    /** Numbers of the functions that it knows. */
    final BitSet functions = new BitSet();
    /** Completed by whoever hears of it. */
    final CompletableFuture<ExecutorLink> connected = new CompletableFuture<>();

    final CompletableFuture<Ending> ended = new CompletableFuture<>();
    /** The cpus of its last task. */
    List<Integer> cpus = List.of();
    /** Of the last file that it has told of: its files are counted. Written by the thread whose task it runs. */
    private volatile long lastFile;

    /** When it was given back; guarded by {@link IdleExecutors}. */
    long idleSince;

    /** -1 before it is known. */
    volatile long pid = -1;

    private int sequence;
    /** The task that it runs. Guarded by this. */
    private int current = NONE;
    /** It is being killed. Guarded by this. */
    private boolean doomed;

    ExecutorProcess(Zygote zygote, int id, Path printed) {
        this.zygote = zygote;
        this.id = id;
        this.printed = printed;
    }

    /** Notes the file of an output, of which it has told now. */
    void told(Blob.Mapped output) {
        long number = SharedFiles.number(output.file(), pid);
        if (number > lastFile) {
            lastFile = number;
        }
    }

    long lastFile() {
        return lastFile;
    }

    /** Once it is connected. */
    ExecutorLink link() {
        return connected.join();
    }

    /** A number for the next task. */
    int number() {
        sequence = (sequence + 1) & Integer.MAX_VALUE;
        return sequence;
    }

    /** This task is the one that it runs now, or will next; {@link #NONE} if it has none. */
    synchronized void runs(int task) {
        current = task;
    }

    /** Tells a task that runs or waits here to end, by any thread; it then raises TaskCancelled, or is not begun. */
    void cancel(int task) {
        interrupt(out -> out.begin(ExecutorFrames.CANCEL).u32(task).end(), ExecutorFrames.SIGINT);
    }

    /** Asks for the tasks back that it has not begun, by any thread. */
    void recall() {
        interrupt(out -> out.begin(ExecutorFrames.RECALL).u32(0).end(), ExecutorFrames.SIGURG);
    }

    private void interrupt(Consumer<FrameOutput> frame, int signal) {
        if (link().trySend(frame)) {
            zygote.signal(id, signal);
        }
    }

    /** Ends the process if it still runs the task, by any thread. */
    synchronized void kill(int task) {
        if (current == task) {
            doomed = true;
            zygote.signal(id, ExecutorFrames.SIGKILL);
        }
    }

    synchronized boolean isDoomed() {
        return doomed;
    }

    /** How it ended, once its connection has. */
    Ending awaitEnding() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return ended.get(ENDING_TOLD_MILLIS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException | TimeoutException e) {
                    return Ending.UNKNOWN;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Lets it go: it ends when its connection does. By any thread. */
    void close() {
        @Nullable ExecutorLink link = connected.getNow(null);
        if (link != null) {
            link.close();
        }
    }
}
