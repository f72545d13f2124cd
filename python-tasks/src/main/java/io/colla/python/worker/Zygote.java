package io.colla.python.worker;

import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskError;
import io.colla.python.FrameOutput;
import io.colla.python.Json;
import io.colla.python.JsonObject;
import io.colla.python.PythonSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that has imported what a program's functions need, and from which executors are forked. Starting it returns at once; whoever forks waits for it, through the executor. Thread-safe.
 */
final class Zygote {
    private static final Logger LOG = LoggerFactory.getLogger(Zygote.class);
    private static final long END_SECONDS = 7;

    private final ExecutorHost host;
    private final Interpreter interpreter;
    private final Process process;
    private final Path folder;
    private final Path printed;
    private final CompletableFuture<ExecutorLink> connected = new CompletableFuture<>();
    /** Executors that live, or are about to. Guarded by this. */
    private final Map<Integer, ExecutorProcess> executors = new HashMap<>();

    private final Set<String> preloaded = new TreeSet<>();
    /** What waits for the connection. Guarded by this. */
    private @Nullable List<Consumer<FrameOutput>> early = new ArrayList<>();

    private @Nullable PythonSetup setup;
    private @Nullable TaskError failure;
    private boolean ended;

    private Zygote(ExecutorHost host, Interpreter interpreter, Process process, Path folder, Path printed) {
        this.host = host;
        this.interpreter = interpreter;
        this.process = process;
        this.folder = folder;
        this.printed = printed;
    }

    /**
     * Starts one.
     *
     * @param folder for what it and its executors print
     * @throws TaskError if the interpreter cannot be started
     */
    static Zygote start(ExecutorHost host, String interpreter, Path socket, Path folder, int number) throws TaskError {
        Interpreter used = new Interpreter(interpreter, folder, host.node(), host.traceVariables());
        Path printed = folder.resolve("zygote-" + number + ".out");
        Process process = used.start(List.of("-m", "colla.worker", socket.toString()), printed.toFile());
        Zygote zygote = new Zygote(host, used, process, folder, printed);
        process.onExit().thenAcceptAsync(over -> zygote.over(over.exitValue()));
        return zygote;
    }

    boolean isOf(String path) {
        return interpreter.path().equals(path);
    }

    long pid() {
        return process.pid();
    }

    /** The setup that it has; null before the first. */
    synchronized @Nullable PythonSetup setup() {
        return setup;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    boolean awaitsConnection() {
        return !connected.isDone();
    }

    /** Its connection has come; the calling thread goes on to other things. */
    void connect(ExecutorLink link) {
        synchronized (this) {
            List<Consumer<FrameOutput>> waiting = early;
            early = null;
            if (waiting != null && !waiting.isEmpty()) {
                transmit(link, out -> waiting.forEach(frame -> frame.accept(out)));
            }
            connected.complete(link);
        }
        Thread thread = new Thread(() -> read(link), "colla-python-zygote");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(ExecutorLink link) {
        try {
            while (true) {
                int type = link.next();
                if (type >= 0) {
                    heard(type, Json.parseObject(link.input().string()));
                }
            }
        } catch (IOException e) {
            crashed();
        } finally {
            link.close();
        }
    }

    private void heard(int type, JsonObject told) throws IOException {
        if (type == ExecutorFrames.READY) {
            for (String warning : told.texts("warnings")) {
                LOG.info("Python on node {}: {}", host.node(), warning);
            }
        } else if (type == ExecutorFrames.EXITED) {
            ExecutorProcess gone;
            synchronized (this) {
                gone = executors.remove((int) told.number("id", -1));
            }
            if (gone != null) {
                end(gone, Ending.of(told));
            }
        } else if (type == ExecutorFrames.FORKED) {
            ExecutorProcess forked = executor((int) told.number("id", -1));
            if (forked != null) {
                forked.pid = told.number("pid", -1);
            }
        }
    }

    /** Removes what an executor has left that has ended and whose last answer has been read. */
    void removeFiles(ExecutorProcess gone) {
        if (gone.pid > 0) {
            SharedFiles.removeUntold(host.sharedMemory(), gone.pid, gone.lastFile());
            SharedFiles.removeUntold(host.sharedDisk(), gone.pid, gone.lastFile());
        }
    }

    private static void end(ExecutorProcess gone, Ending ending) {
        gone.ended.complete(ending);
        gone.connected.completeExceptionally(new IOException(ending.sentence()));
    }

    /** The process has ended. */
    private void over(int exitCode) {
        if (awaitsConnection() && !hasEnded()) {
            TaskError why = interpreter.examine(exitCode, printed);
            synchronized (this) {
                failure = why;
            }
            LOG.info("{}", why.getMessage());
        }
        crashed();
    }

    /** Nothing more is heard of it: its executors end with it. */
    private List<ExecutorProcess> lost() {
        List<ExecutorProcess> orphans;
        synchronized (this) {
            ended = true;
            early = null;
            orphans = List.copyOf(executors.values());
            executors.clear();
        }
        connected.completeExceptionally(new IOException("the zygote has ended"));
        for (ExecutorProcess orphan : orphans) {
            end(orphan, Ending.withZygote());
        }
        return orphans;
    }

    /** It was killed or has crashed: its executors end, but what they have started may not. */
    private void crashed() {
        List<ExecutorProcess> orphans = lost();
        ProcessGroups.kill(orphans.stream().map(orphan -> orphan.pid).toList());
    }

    /** Why it never worked; null if it did. */
    synchronized @Nullable TaskError failure() {
        return failure;
    }

    /**
     * Makes it like the program's process, once, and lets it import further modules.
     *
     * @param modules that a function needs
     */
    synchronized void prepare(PythonSetup wanted, List<String> modules) {
        List<String> fresh = new ArrayList<>();
        for (String module : modules) {
            if (preloaded.add(module)) {
                fresh.add(module);
            }
        }
        if (setup == null) {
            setup = wanted;
            send(ExecutorFrames.SETUP, content(wanted, fresh));
        } else if (!fresh.isEmpty()) {
            send(ExecutorFrames.PRELOAD, Map.of("preload", fresh));
        }
    }

    private Map<String, @Nullable Object> content(PythonSetup wanted, List<String> modules) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("path", wanted.path());
        content.put("cwd", wanted.folder());
        content.put("preload", modules);
        content.put("shm", host.sharedMemory().toString());
        content.put("disk", host.sharedDisk().toString());
        content.put("main", wanted.main());
        content.put("node", host.node());
        content.put("stream", wanted.stream());
        content.put("nested", wanted.nested());
        return content;
    }

    /** An executor, which connects by itself or comes to an end. To be called after {@link #prepare}. */
    synchronized ExecutorProcess fork(int id) {
        ExecutorProcess executor = new ExecutorProcess(this, id, folder.resolve("executor-" + id + ".out"));
        if (ended) {
            end(executor, Ending.withZygote());
            return executor;
        }
        executors.put(id, executor);
        send(ExecutorFrames.FORK, Map.of("id", id, "output", executor.printed.toString()));
        return executor;
    }

    synchronized @Nullable ExecutorProcess executor(int id) {
        return executors.get(id);
    }

    /** Sends a signal to an executor's process group. */
    synchronized void signal(int id, int signal) {
        if (executors.containsKey(id)) {
            send(ExecutorFrames.KILL, Map.of("id", id, "signal", signal));
        }
    }

    /** With the monitor held, which keeps the frames in order. */
    private void send(int type, Map<String, ?> content) {
        Consumer<FrameOutput> frame =
                out -> out.begin(type).string(Json.text(content)).end();
        List<Consumer<FrameOutput>> waiting = early;
        ExecutorLink link = connected.isCompletedExceptionally() ? null : connected.getNow(null);
        if (link != null) {
            transmit(link, frame);
        } else if (waiting != null) {
            waiting.add(frame);
        }
    }

    private static void transmit(ExecutorLink link, Consumer<FrameOutput> frames) {
        try {
            link.send(frames);
        } catch (IOException e) {
            // Its reader finds the end, and tells all who wait.
            link.wakeUp();
            link.close();
        }
    }

    /** Ends it with all its executors, and waits for that. */
    void close() {
        lost();
        ExecutorLink link = connected.isCompletedExceptionally() ? null : connected.getNow(null);
        if (link == null) {
            process.destroyForcibly();
        } else {
            link.close();
        }
        boolean interrupted = false;
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            process.destroyForcibly();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
