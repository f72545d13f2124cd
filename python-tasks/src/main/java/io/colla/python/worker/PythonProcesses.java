package io.colla.python.worker;

import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskError;
import io.colla.python.Json;
import io.colla.python.JsonObject;
import io.colla.python.PythonFunction;
import io.colla.python.PythonSetup;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Python processes of a worker: zygotes, one for each setup (there is one, as a rule), and executors. Thread-safe. */
final class PythonProcesses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PythonProcesses.class);
    private static final long HELLO_MILLIS = 10_000;
    /** A process is forked as soon as the zygote has imported what the functions need, which may take minutes on a busy file system. */
    private static final long READY_SECONDS = 300;
    /** What a task that is told to end has for its own end. */
    private static final long GRACE_MILLIS = 1000;

    private final ExecutorHost host;
    private final Path folder;
    private final ProcessSocket socket;
    private final IdleExecutors idle = new IdleExecutors();
    private final ScheduledThreadPoolExecutor timer;
    /** Those that have not ended. Guarded by this. */
    private final List<Zygote> zygotes = new ArrayList<>();

    private int zygotesMade;
    private int executorsMade;
    private boolean closed;

    private PythonProcesses(ExecutorHost host, Path folder) throws IOException {
        this.host = host;
        this.folder = folder;
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "colla-python-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(1, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        socket = ProcessSocket.listen(List.of(folder, host.sharedMemory()), "python.sock", this::accepted);
        long period = IdleExecutors.KEPT.toSeconds() / 2;
        timer.scheduleWithFixedDelay(this::retire, period, period, TimeUnit.SECONDS);
    }

    static PythonProcesses open(ExecutorHost host) throws TaskError {
        try {
            Path folder = Files.createDirectories(host.scratch().resolve("python"));
            return new PythonProcesses(host, folder);
        } catch (IOException e) {
            throw new TaskError("Python tasks cannot run on node " + host.node() + ": " + e.getMessage(), "", false, e);
        }
    }

    ExecutorHost host() {
        return host;
    }

    /** Starts a zygote of the interpreter if there is none. */
    synchronized void warmUp(String interpreter) throws TaskError {
        if (zygotes.isEmpty() && !closed) {
            start(interpreter);
        }
    }

    private Zygote start(String interpreter) throws TaskError {
        Zygote zygote = Zygote.start(host, interpreter, socket.path(), folder, ++zygotesMade);
        zygotes.add(zygote);
        return zygote;
    }

    private synchronized Zygote zygote(PythonFunction function) throws TaskError {
        if (closed) {
            throw new TaskError("no Python task can begin: the worker is ending", "", true, null);
        }
        PythonSetup wanted = function.setup();
        zygotes.removeIf(zygote -> zygote.hasEnded() && zygote.failure() == null);
        Zygote found = null;
        for (Zygote each : zygotes) {
            PythonSetup has = each.setup();
            if (has == null ? each.isOf(wanted.interpreter()) : has.equals(wanted)) {
                found = each;
            }
        }
        if (found == null) {
            found = start(wanted.interpreter());
        }
        found.prepare(wanted, function.preload());
        return found;
    }

    /**
     * An executor for the calling thread's task. Waits until there is one.
     *
     * @param cpus to which it will be bound
     * @throws TaskError if there cannot be one
     */
    ExecutorProcess take(PythonFunction function, List<Integer> cpus) throws TaskError {
        Zygote zygote = zygote(function);
        ExecutorProcess waiting = idle.take(zygote, cpus);
        if (waiting != null) {
            return waiting;
        }
        ExecutorProcess fresh;
        synchronized (this) {
            fresh = zygote.fork(++executorsMade);
        }
        try {
            fresh.connected.get(READY_SECONDS, TimeUnit.SECONDS);
            return fresh;
        } catch (ExecutionException e) {
            throw failed(zygote, fresh);
        } catch (TimeoutException e) {
            drop(fresh);
            throw new TaskError(
                    "a Python process for the task was not ready within " + READY_SECONDS + " s: the modules "
                            + function.preload() + " take too long to be imported",
                    "",
                    true,
                    null);
        } catch (InterruptedException e) {
            drop(fresh);
            Thread.currentThread().interrupt();
            throw new TaskError("the task was ended before it began", "", true, null);
        }
    }

    private TaskError failed(Zygote zygote, ExecutorProcess fresh) {
        TaskError failure = zygote.failure();
        if (failure != null) {
            synchronized (this) {
                // The next task tries again: the interpreter may have been mended.
                zygotes.remove(zygote);
            }
            return failure;
        }
        return new TaskError(
                "the Python process for the task " + fresh.awaitEnding().sentence(), "", true, null);
    }

    /** Lets go of one that nobody waits for any more, now or when it connects. */
    private void drop(ExecutorProcess unwanted) {
        unwanted.connected.whenComplete((link, error) -> giveBack(unwanted, link != null));
    }

    /** @param reusable whether it can run another task */
    void giveBack(ExecutorProcess executor, boolean reusable) {
        if (!reusable || !idle.add(executor, System.nanoTime())) {
            dispose(executor);
        }
    }

    private static void dispose(ExecutorProcess executor) {
        executor.close();
        executor.ended.thenRun(() -> {
            executor.printed.toFile().delete();
            executor.zygote.removeFiles(executor);
        });
    }

    private void retire() {
        idle.retire(System.nanoTime()).forEach(PythonProcesses::dispose);
    }

    /** Ends a task, politely first, by any thread. */
    void cancel(ExecutorProcess executor, int sequence) {
        executor.cancel(sequence);
        timer.schedule(() -> executor.kill(sequence), GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A process has connected: it says who it is. */
    private void accepted(SocketChannel channel) {
        ExecutorLink link = null;
        try {
            link = new ExecutorLink(channel);
            if (link.nextWithin(HELLO_MILLIS) == ExecutorFrames.HELLO) {
                if (welcome(link, Json.parseObject(link.input().string()))) {
                    return;
                }
            }
            LOG.warn("a process that is none of ours has connected to {}", socket.path());
        } catch (IOException e) {
            LOG.debug("a Python process went before it said who it is: {}", e.getMessage());
        }
        if (link != null) {
            link.close();
        }
    }

    private boolean welcome(ExecutorLink link, JsonObject hello) throws IOException {
        if ("zygote".equals(hello.text("kind"))) {
            Zygote zygote = find(hello.number("pid", -1));
            if (zygote != null) {
                zygote.connect(link);
            }
            return zygote != null;
        }
        ExecutorProcess executor = find((int) hello.number("id", -1));
        if (executor == null) {
            return false;
        }
        executor.pid = hello.number("pid", -1);
        return executor.connected.complete(link);
    }

    /** An interpreter may be a script that starts another process, so the number is no more than a hint. */
    private synchronized @Nullable Zygote find(long pid) {
        Zygote found = null;
        for (Zygote each : zygotes) {
            if (each.awaitsConnection() && (found == null || each.pid() == pid)) {
                found = each;
            }
        }
        return found;
    }

    private synchronized @Nullable ExecutorProcess find(int id) {
        for (Zygote each : zygotes) {
            ExecutorProcess executor = each.executor(id);
            if (executor != null) {
                return executor;
            }
        }
        return null;
    }

    /** Ends all processes, and waits for that. */
    @Override
    public void close() {
        List<Zygote> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(zygotes);
        }
        timer.shutdownNow();
        idle.close().forEach(ExecutorProcess::close);
        all.forEach(Zygote::close);
        socket.close();
    }
}
