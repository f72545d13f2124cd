package io.colla.worker;

import io.colla.api.CollaException;
import io.colla.api.UsageException;
import io.colla.platform.Descendants;
import io.colla.platform.LocalSystem;
import io.colla.platform.NodeShare;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.extrae.ExtraeRecorder;
import io.colla.tracing.log.Mirror;
import io.colla.transport.Acceptor;
import io.colla.transport.Connection;
import io.colla.transport.Connector;
import io.colla.transport.DataClient;
import io.colla.transport.Limits;
import io.colla.transport.LocalAddresses;
import io.colla.transport.MessageHandler;
import io.colla.transport.Peer;
import io.colla.transport.RunSecret;
import io.colla.wire.Message;
import io.colla.wire.MessageCodec;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.Mounts;
import io.colla.worker.store.ScratchFolder;
import io.colla.worker.store.StoreSettings;
import io.colla.worker.store.ValueCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The worker JVM of one node: it joins the master that its standard input names, works, and ends when it is told to, when its launcher or its master is gone, or when
 * the master is silent. It leaves nothing behind.
 */
public final class WorkerProcess {
    /** Environment variable that names the interpreter of the program whose tasks will come. */
    private static final String PYTHON = "COLLA_PYTHON";

    private static final Duration CONNECTING = Duration.ofSeconds(30);
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(3);
    private static final Duration TASKS_END = Duration.ofSeconds(5);
    /** For the last of a trace to be with the master. */
    private static final Duration LOGS_END = Duration.ofSeconds(3);

    private static final Duration WHOLE_END = Duration.ofSeconds(10);

    /** Why the process ends. */
    private record End(boolean asTold, String reason) {}

    private final Bootstrap bootstrap;
    private final NodeShare node;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final Thread hook = new Thread(this::endWithProcess, "colla-exit");
    /** What to close, the last first. */
    private final List<AutoCloseable> open = new ArrayList<>();

    /** Where this worker's data can be fetched. */
    private List<String> addresses = List.of();

    private @Nullable WorkerCore core;
    /** Both null on a node that sees the run's folder, and if nothing is recorded. */
    private volatile @Nullable LogSender logSender;

    private @Nullable NodeTrace traceToSend;
    private volatile @Nullable Connection connection;
    private boolean finished;
    private final CountDownLatch over = new CountDownLatch(1);

    private WorkerProcess(Bootstrap bootstrap, NodeShare node) {
        this.bootstrap = bootstrap;
        this.node = node;
    }

    /** For a JVM of its own. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.in, System.getenv()));
    }

    /**
     * Works until the end.
     *
     * @param arguments {@code --node NAME}, or none: then the environment's COLLA_NODE or SLURMD_NODENAME, or the host's name tells which node this is
     * @param input has the {@link Bootstrap}; its end means that the launcher is gone
     * @return exit code: 0 when the master ended the worker, 1 when something else did, 2 when it could not start
     */
    public static int run(List<String> arguments, InputStream input, Map<String, String> environment) {
        try {
            Bootstrap bootstrap = Bootstrap.read(input);
            NodeShare share = find(bootstrap, nodeName(arguments, environment));
            WorkerProcess process = new WorkerProcess(bootstrap, here(share, environment));
            return process.work(input);
        } catch (IOException | CollaException e) {
            say("the worker cannot start: " + e.getMessage());
            return 2;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void say(String sentence) {
        System.err.println("colla worker: " + sentence);
    }

    private static List<String> nodeName(List<String> arguments, Map<String, String> environment) {
        int at = arguments.indexOf("--node");
        if (at >= 0 && at + 1 < arguments.size()) {
            return List.of(arguments.get(at + 1));
        }
        for (String variable : List.of("COLLA_NODE", "SLURMD_NODENAME")) {
            String name = environment.get(variable);
            if (name != null && !name.isEmpty()) {
                return List.of(name);
            }
        }
        String host = hostName();
        int dot = host.indexOf('.');
        return dot < 0 ? List.of(host) : List.of(host, host.substring(0, dot));
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return Objects.requireNonNullElse(System.getenv("HOSTNAME"), "localhost");
        }
    }

    private static NodeShare find(Bootstrap bootstrap, List<String> names) {
        for (NodeShare share : bootstrap.nodes()) {
            if (names.contains(share.name())) {
                return share;
            }
        }
        List<String> known = bootstrap.nodes().stream().map(NodeShare::name).toList();
        throw new UsageException("this node is called " + String.join(" or ", names) + ", and the run's nodes are "
                + String.join(", ", known) + "; say which one it is with --node or COLLA_NODE");
    }

    /** The share with what can only be known on the node itself: the cpus that this process may use, and the memory. */
    private static NodeShare here(NodeShare share, Map<String, String> environment) {
        NodeShare seen = new LocalSystem().allocation(environment).nodes().get(0);
        List<Integer> cpus = seen.cpus();
        if (cpus.size() < share.cores()) {
            say("node " + share.name() + " was given " + share.cores() + " cores, but this process is bound to "
                    + cpus.size() + "; its tasks are not bound to cores");
            cpus = List.of();
        }
        int cores = share.cores();
        return new NodeShare(
                share.name(),
                cores,
                cpus.isEmpty() ? List.of() : cpus.subList(0, cores),
                share.memory() > 0 ? share.memory() : seen.memory(),
                share.resources(),
                share.properties());
    }

    private int work(InputStream input) throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            Connection joined = join();
            watchLauncher(input);
            End reason = awaitEnd(joined);
            if (!reason.asTold()) {
                say("node " + node.name() + ": " + reason.reason() + "; this worker ends");
                joined.send(new Message.Leaving(reason.reason()));
            }
            return reason.asTold() ? 0 : 1;
        } finally {
            limitEnd();
            finish();
            forgetHook();
        }
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already.
            return;
        }
    }

    private Connection join() throws IOException {
        ClassLoader loader = applicationLoader(bootstrap.classPath());
        ValueCodec codec = new ValueCodec(loader);
        RunSecret secret = RunSecret.parse(bootstrap.secret());
        MessageCodec messages = new MessageCodec(Bootstrap.bodies(loader));
        ScratchFolder.sweep(bootstrap.scratch());
        ScratchFolder scratch = ScratchFolder.create(bootstrap.scratch());
        scratch.removeWhenKilled();
        ContentStore store = opened(new ContentStore(codec, scratch, StoreSettings.defaults()));
        addresses = bootstrap.oneMachine()
                ? List.of("127.0.0.1")
                : LocalAddresses.within(LocalAddresses.list(false), bootstrap.networks());
        Acceptor acceptor = opened(
                Acceptor.open(addresses, bootstrap.ports(), secret, messages, Limits.DEFAULT, store, new DataOnly()));
        RemoteFetcher fetcher = opened(new RemoteFetcher(new DataClient(secret, Limits.DEFAULT), store));
        boolean seesRun = Files.exists(bootstrap.runFolder().resolve(bootstrap.probe()));
        Path outputs = seesRun
                ? bootstrap.runFolder().resolve("tasks")
                : scratch.path().resolve("output");
        NodeTrace trace = trace(seesRun, scratch.path());
        if (trace != null) {
            fetcher.recordIn(trace);
            if (seesRun) {
                trace.seesRun(bootstrap.runFolder());
            }
        }
        WorkerSettings settings = new WorkerSettings(
                node, store, codec, fetcher, loader, scratch.path(), outputs, System::nanoTime, trace);
        WorkerCore made = new WorkerCore(settings, new Link());
        synchronized (this) {
            core = made;
        }
        String python = System.getenv(PYTHON);
        if (python != null && !python.isEmpty()) {
            made.warmUp("python", python);
        }
        Connection joined = Connector.connect(
                new Peer("the master", bootstrap.addresses(), bootstrap.port()),
                secret,
                messages,
                Limits.DEFAULT,
                CONNECTING,
                new FromMaster(made));
        connection = joined;
        joined.send(register(acceptor.port(), seesRun));
        if (trace != null && !seesRun) {
            sendLogs(trace);
        }
        return joined;
    }

    /** @return null if the run is not traced, or cannot be on this node: it works all the same */
    private @Nullable NodeTrace trace(boolean seesRun, Path scratch) {
        if (bootstrap.trace().isEmpty()) {
            return null;
        }
        TraceSettings settings = TraceSettings.parse(bootstrap.trace());
        boolean extrae = settings.level() == TraceSettings.Level.EXTRAE;
        try {
            Path logs = seesRun
                    ? TraceFolder.logs(bootstrap.runFolder())
                    : Files.createDirectories(scratch.resolve("trace"));
            NodeTrace made = opened(NodeTrace.ofProcess(settings, logs, node, extrae ? extrae(seesRun) : null));
            if (!bootstrap.oneMachine()) {
                made.countsNode();
            }
            return made;
        } catch (IOException e) {
            say("node " + node.name() + " will be missing in the trace, as its records cannot be written: " + e);
            return null;
        }
    }

    private @Nullable Mirror extrae(boolean seesRun) {
        if (!seesRun) {
            say("node " + node.name() + " does not see the run's folder: Extrae does not record here");
            return null;
        }
        return ExtraeRecorder.start(
                TraceFolder.extrae(bootstrap.runFolder()),
                "worker-" + node.name(),
                sentence -> say("node " + node.name() + ": " + sentence));
    }

    private synchronized void sendLogs(NodeTrace trace) {
        LogSender sender = new LogSender(trace.logs(), message -> {
            Link link = new Link();
            link.send(message);
            link.flush();
        });
        logSender = sender;
        traceToSend = trace;
        sender.start();
    }

    private synchronized <C extends AutoCloseable> C opened(C resource) {
        open.add(resource);
        return resource;
    }

    private static ClassLoader applicationLoader(List<Path> classPath) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path entry : classPath) {
            if (!Files.exists(entry)) {
                say("the class path entry " + entry + " is not on this node");
            }
            try {
                urls.add(entry.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IOException("the class path entry " + entry + " cannot be used", e);
            }
        }
        boolean alone = urls.isEmpty(); // a program that has the runtime on its own class path
        return alone ? WorkerProcess.class.getClassLoader() : new ApplicationClassLoader(urls.toArray(URL[]::new));
    }

    private Message.Register register(int port, boolean seesRun) throws IOException {
        return new Message.Register(
                Message.PROTOCOL,
                node.name(),
                hostName(),
                ProcessHandle.current().pid(),
                Runtime.version().toString(),
                node.cores(),
                node.memory(),
                node.resources(),
                node.properties(),
                addresses,
                port,
                seesRun,
                Mounts.ofThisProcess());
    }

    private void watchLauncher(InputStream input) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (input.read() >= 0) {
                            // Nothing more is said there.
                        }
                    } catch (IOException e) {
                        // As good as its end.
                    }
                    end.complete(new End(false, "its launcher is gone"));
                },
                "colla-launcher-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private End awaitEnd(Connection joined) throws InterruptedException {
        long silence =
                Math.max(LEAST_SILENCE.toNanos(), 5 * bootstrap.heartbeat().toNanos());
        while (true) {
            long left = silence - (System.nanoTime() - joined.lastReceivedNanos());
            try {
                return end.get(Math.max(left, 1_000_000), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (System.nanoTime() - joined.lastReceivedNanos() > silence) {
                    return new End(
                            false, "its master has been silent for " + TimeUnit.NANOSECONDS.toSeconds(silence) + " s");
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Ends the process by force if its orderly end takes too long. */
    private void limitEnd() {
        Thread thread = new Thread(
                () -> {
                    try {
                        if (!over.await(WHOLE_END.toNanos(), TimeUnit.NANOSECONDS)) {
                            say("it does not end in order within " + WHOLE_END.toSeconds()
                                    + " s and is ended by force");
                            Runtime.getRuntime().halt(1);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "colla-halt");
        thread.setDaemon(true);
        thread.start();
    }

    /** The shutdown hook: a signal, or a task that calls System.exit. */
    private void endWithProcess() {
        limitEnd();
        WorkerCore working;
        synchronized (this) {
            working = core;
        }
        Connection used = connection;
        if (working != null && working.reportExits().isEmpty() && used != null) {
            used.send(new Message.Leaving("its process was told to end"));
        }
        end.complete(new End(false, "its process was told to end"));
        finish();
    }

    /** Ends all that was started, once. */
    private synchronized void finish() {
        if (finished) {
            return;
        }
        finished = true;
        try {
            if (core != null && !core.shutDown(TASKS_END)) {
                say("some tasks did not end");
            }
            finishTrace();
            Connection used = connection;
            if (used != null) {
                used.close("the worker ends");
                used.awaitClosed(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (int i = open.size() - 1; i >= 0; i--) {
            close(open.get(i));
        }
        Descendants.kill();
        over.countDown();
    }

    /** The processes that record have ended. */
    private void finishTrace() {
        LogSender sender = logSender;
        NodeTrace trace = traceToSend;
        if (sender == null || trace == null) {
            return;
        }
        close(trace);
        if (!sender.finish(LOGS_END)) {
            say("the trace lacks the end of what node " + node.name() + " recorded");
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            say("while ending: " + FailureReport.describe(e));
        }
    }

    private final class Link implements MasterLink {
        @Override
        public void send(Message.ToMaster message) {
            Connection used = connection;
            if (used != null) {
                used.append(message);
            }
        }

        @Override
        public void flush() {
            Connection used = connection;
            if (used != null) {
                used.flush();
            }
        }
    }

    /** Nobody sends messages to a worker but the master, to which it connects itself. */
    private static final class DataOnly implements Acceptor.Listener {
        @Override
        public @Nullable MessageHandler accepted(Connection unwanted) {
            return null;
        }

        @Override
        public void refused(String remote, String reason) {
            // Whoever it was cannot do harm, and may come as often as it likes: not worth a line each time.
        }
    }

    private final class FromMaster implements MessageHandler {
        private final WorkerCore target;

        FromMaster(WorkerCore target) {
            this.target = target;
        }

        @Override
        public void received(Connection from, List<Message> frame) {
            List<Message.ToWorker> batch = new ArrayList<>(frame.size());
            for (Message message : frame) {
                if (message instanceof Message.LogTaken) {
                    LogSender sender = logSender;
                    if (sender != null) {
                        sender.taken();
                    }
                } else if (message instanceof Message.ToWorker toWorker) {
                    batch.add(toWorker);
                }
            }
            target.accept(batch);
            for (Message.ToWorker message : batch) {
                if (message instanceof Message.Shutdown shutdown) {
                    end.complete(new End(true, shutdown.reason()));
                }
            }
        }

        @Override
        public void closed(Connection gone, String reason) {
            LogSender sender = logSender;
            if (sender != null) {
                sender.abandon();
            }
            end.complete(new End(false, "its master is gone (" + reason + ")"));
        }
    }
}
