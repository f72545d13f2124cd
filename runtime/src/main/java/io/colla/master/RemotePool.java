package io.colla.master;

import io.colla.api.CollaException;
import io.colla.master.elastic.JoinTicket;
import io.colla.platform.NodeLauncher;
import io.colla.platform.NodeShare;
import io.colla.scheduler.FutureNodes;
import io.colla.scheduler.NodeCapacity;
import io.colla.transport.Acceptor;
import io.colla.transport.Connection;
import io.colla.transport.DataClient;
import io.colla.transport.Limits;
import io.colla.transport.LocalAddresses;
import io.colla.transport.MessageHandler;
import io.colla.transport.RunSecret;
import io.colla.wire.Message;
import io.colla.wire.MessageCodec;
import io.colla.worker.Bootstrap;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.Mounts;
import io.colla.worker.store.PathSharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Worker JVMs, one per node: started by a launcher, known by their connections, watched by heartbeats. */
final class RemotePool implements WorkerPool {
    private static final Logger LOG = LoggerFactory.getLogger(RemotePool.class);
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(10);
    /** When the others have ended already: who is left does not answer, and will not because more time passes. */
    private static final Duration GRACE_OF_LOST = Duration.ofSeconds(4);

    private static final int MOST_REFUSALS = 20;
    private static final int CLOCK_READINGS = 5;
    private static final Duration LAST_READINGS = Duration.ofMillis(500);

    private enum Stage {
        STARTING,
        WORKING,
        /** Told to end, as it is not needed any more. */
        LEAVING,
        GONE
    }

    /** One node, from its start to its loss. Guarded by the pool's lock. */
    private static final class Node {
        final NodeShare share;
        final int worker;
        Stage stage = Stage.STARTING;

        @Nullable
        Connection connection;

        Message.@Nullable Register registered;
        int cores;

        Node(NodeShare share, int worker) {
            this.share = share;
            this.worker = worker;
            this.cores = share.cores();
        }

        boolean isOfJob() {
            return share.properties().containsKey(NodeShare.JOB);
        }
    }

    private final MasterSettings settings;
    private final MasterSettings.Workers workers;
    private final EngineLoop loop;
    private final EngineShell shell;
    private final ContentStore store;
    private final BackgroundJobs jobs;
    private final boolean oneMachine;
    private final RunSecret secret = RunSecret.create();
    private final MessageCodec codec;
    private final Limits limits = Limits.DEFAULT;
    private final DataClient dataClient = new DataClient(secret, limits);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<String> troubles = new ArrayList<>();
    private final long startDeadline;
    private final Path probe;
    private @Nullable Acceptor acceptor;
    private @Nullable Master master;
    private long nextBeat;
    private int refusals;
    private int nextWorker;
    private @Nullable FurtherJobs further;
    private volatile @Nullable Bootstrap bootstrap;
    /** For each file system that files are taken from in place: one of these files. */
    private final Map<String, String> usedInPlace = new LinkedHashMap<>();

    /** Null until the run ends. */
    private volatile @Nullable LastReadings lastReadings;
    /** For nodes that do not see the run's folder; null if nothing is recorded. */
    private volatile @Nullable LogInbox inbox;

    private volatile boolean closing;

    RemotePool(MasterSettings settings, EngineLoop loop, EngineShell shell, ContentStore store, BackgroundJobs jobs) {
        this.settings = settings;
        MasterSettings.Workers given = settings.workers();
        if (given == null) {
            throw new IllegalArgumentException("no way to start workers");
        }
        this.workers = given;
        this.loop = loop;
        this.shell = shell;
        this.store = store;
        this.jobs = jobs;
        this.codec = new MessageCodec(Bootstrap.bodies(settings.loader()));
        this.oneMachine =
                settings.elastic() == null && settings.allocation().source().equals("local");
        this.startDeadline = System.nanoTime() + settings.startTimeout().toNanos();
        byte[] token = new byte[8];
        new SecureRandom().nextBytes(token);
        this.probe = settings.runFolder().resolve(".seen-" + HexFormat.of().formatHex(token));
        int number = 1;
        for (NodeShare share : settings.allocation().nodes()) {
            nodes.put(share.name(), new Node(share, number++));
        }
        nextWorker = number;
    }

    /** Workers of jobs that the run submits itself may join. To be called before {@link #start}. */
    void grow(FurtherJobs jobsToCome) {
        further = jobsToCome;
    }

    /** What a job is told that is to join. */
    JoinTicket ticket(int number) {
        Bootstrap told = bootstrap;
        if (told == null) {
            throw new IllegalStateException("the pool has not been started");
        }
        return new JoinTicket(number, workers.command(), workers.environment(), workers.directory(), told);
    }

    /** Whether some of the allocation's own workers are there, or may still come. */
    boolean hasOwnWorkers() {
        lock.lock();
        try {
            return nodes.values().stream().anyMatch(node -> node.stage != Stage.GONE && !node.isOfJob());
        } finally {
            lock.unlock();
        }
    }

    /** Tells a worker to end. */
    void release(int worker) {
        Connection connection = null;
        lock.lock();
        try {
            for (Node node : nodes.values()) {
                if (node.worker == worker && node.stage == Stage.WORKING) {
                    node.stage = Stage.LEAVING;
                    connection = node.connection;
                }
            }
        } finally {
            lock.unlock();
        }
        if (connection != null) {
            connection.send(new Message.Shutdown("it is not needed any more"));
            connection.flush();
        }
    }

    @Override
    public void start(Master owner) throws IOException {
        this.master = owner;
        MasterTrace trace = owner.trace();
        if (trace != null) {
            inbox = new LogInbox(trace.logs());
        }
        List<String> addresses =
                settings.addresses().isEmpty() ? LocalAddresses.list(oneMachine) : settings.addresses();
        List<String> networks = LocalAddresses.networksOf(settings.addresses());
        List<String> bind = settings.addresses().isEmpty() && oneMachine ? List.of("127.0.0.1") : settings.addresses();
        Acceptor opened = Acceptor.open(bind, settings.ports(), secret, codec, limits, store, new Doorkeeper());
        acceptor = opened;
        Files.createFile(probe);
        expectStarting();
        shell.addWorker(
                0,
                new MasterAsSource(),
                new Message.Source(0, oneMachine ? List.of("127.0.0.1") : addresses, opened.port()));
        jobs.transferBy((content, source) -> dataClient.fetch(content, source, store.receive(content)));
        Bootstrap told = new Bootstrap(
                oneMachine ? List.of("127.0.0.1") : addresses,
                opened.port(),
                secret.toHex(),
                settings.runFolder(),
                probe.getFileName().toString(),
                settings.classPath(),
                settings.scratch(),
                settings.heartbeat(),
                oneMachine,
                settings.ports(),
                networks,
                trace == null ? "" : trace.settings().text(),
                settings.allocation().nodes());
        bootstrap = told;
        if (nodes.isEmpty()) {
            return;
        }
        workers.launcher()
                .launch(
                        settings.allocation().nodes(),
                        new NodeLauncher.WorkerCommand(
                                workers.command(),
                                told.toBytes(),
                                workers.environment(),
                                workers.directory(),
                                settings.runFolder()),
                        new LaunchListener());
    }

    private Master master() {
        Master owner = master;
        if (owner == null) {
            throw new IllegalStateException("the pool has not been started");
        }
        return owner;
    }

    /** Worker 0: the master's own store, which serves contents and takes no tasks. */
    private static final class MasterAsSource implements WorkerLink {
        @Override
        public String node() {
            return "the master";
        }

        @Override
        public void send(Message.ToWorker message) {
            throw new IllegalStateException("the master takes no tasks");
        }

        @Override
        public void flush(boolean busy) {}

        @Override
        public boolean seesRunFolder() {
            return true;
        }

        @Override
        public boolean isRemote() {
            return false;
        }
    }

    /** Takes connections in. */
    private final class Doorkeeper implements Acceptor.Listener {
        @Override
        public MessageHandler accepted(Connection connection) {
            return new Visitor();
        }

        @Override
        public void refused(String remote, String reason) {
            lock.lock();
            try {
                if (++refusals <= MOST_REFUSALS) {
                    LOG.warn("a connection from {} was refused: {}", remote, reason);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** One connection. */
    private final class Visitor implements MessageHandler {
        private @Nullable Node node;

        @Override
        public void received(Connection connection, List<Message> frame) {
            for (Message message : frame) {
                Node known = node;
                if (known != null) {
                    heard(known, message);
                } else if (message instanceof Message.Register register) {
                    node = join(connection, register);
                    if (node == null) {
                        return;
                    }
                } else {
                    connection.abort("the first message was not Register");
                    return;
                }
            }
            loop.work();
        }

        private void heard(Node known, Message message) {
            if (message instanceof Message.Leaving leaving) {
                LOG.info("the worker on {} ends: {}", known.share.name(), leaving.reason());
                if (!closing) {
                    note(known.share.name() + ": " + leaving.reason());
                }
            } else if (message instanceof Message.LogPiece piece) {
                recorded(known, piece);
            } else if (message instanceof Message.Pong pong) {
                told(known, pong);
            } else if (message instanceof Message.ToMaster toMaster && !isVoice(known, toMaster)) {
                loop.enqueue(new RunEvents.FromWorker(known.worker, toMaster));
            }
        }

        private void told(Node known, Message.Pong pong) {
            MasterTrace trace = master().trace();
            if (trace != null) {
                trace.clock(known.worker, pong.sent(), pong.now());
            }
            LastReadings last = lastReadings;
            if (last != null) {
                last.told(pong.sent());
            }
        }

        private void recorded(Node known, Message.LogPiece piece) {
            Connection from = known.connection;
            LogInbox logs = inbox;
            if (logs != null && from != null) {
                logs.take(known.worker, piece, () -> from.send(new Message.LogTaken()));
            }
        }

        private boolean isVoice(Node known, Message.ToMaster message) {
            Master owner = master;
            Connection from = known.connection;
            return owner != null
                    && owner.hears(known.worker, known.share.name(), message, answer -> {
                        if (from != null) {
                            from.send(answer);
                        }
                    });
        }

        @Override
        public void closed(Connection connection, String reason) {
            Node known = node;
            if (known != null) {
                gone(known, reason);
            }
        }
    }

    private @Nullable Node join(Connection connection, Message.Register register) {
        lock.lock();
        try {
            String job = register.properties().get(NodeShare.JOB);
            Node node = job == null ? nodes.get(register.node()) : ofJob(job, register);
            String problem = null;
            if (register.protocol() != Message.PROTOCOL) {
                problem = "the worker speaks version " + register.protocol() + " and the master " + Message.PROTOCOL;
            } else if (node == null) {
                problem = "node " + register.node() + " is not one of this run's";
            } else if (node.stage != Stage.STARTING) {
                problem = "node " + register.node() + " has joined before";
            } else if (job != null && unseen(register) != null) {
                problem = "node " + register.node() + " does not see " + unseen(register)
                        + ", which tasks use where it is; keep such files where all nodes see them";
            }
            if (problem != null || node == null) {
                LOG.warn("a worker was refused: {}", problem);
                connection.close(problem == null ? "refused" : problem);
                return null;
            }
            if (closing) {
                // Those that joined before are told by close(), which waits for them; this one would wait for the
                // master.
                connection.send(new Message.Shutdown("the run is over"));
                connection.flush();
                return null;
            }
            node.stage = Stage.WORKING;
            node.connection = connection;
            node.registered = register;
            node.cores = register.cores();
            changed.signalAll();
            if (further == null && nodes.values().stream().noneMatch(n -> n.stage == Stage.STARTING)) {
                deleteProbe();
            }
            LOG.info("{} has joined with {} cores", register.node(), register.cores());
            Message.Source source = new Message.Source(node.worker, register.addresses(), register.port());
            Map<String, String> properties = new TreeMap<>(register.properties());
            properties.remove(NodeShare.JOB);
            String end = properties.remove(NodeShare.END);
            NodeCapacity capacity =
                    new NodeCapacity(register.cores(), register.memory(), register.resources(), properties);
            traceClock(node, connection);
            master().joined(
                            node.worker,
                            capacity,
                            new RemoteLink(register.node(), connection, register.sharesRunFolder()),
                            source,
                            lastStart(node, capacity, job, end));
            expectStarting();
            return node;
        } finally {
            lock.unlock();
        }
    }

    /** The trace needs the node's clock at the run's begin; later heartbeats tell it. */
    private void traceClock(Node node, Connection connection) {
        MasterTrace trace = master().trace();
        if (trace != null) {
            trace.joined(node.worker, node.share.name());
            readClock(connection);
        }
    }

    private static void readClock(Connection connection) {
        for (int i = 0; i < CLOCK_READINGS; i++) {
            connection.send(new Message.Ping(System.nanoTime()));
            connection.flush();
        }
    }

    /** The answers to what is asked of all clocks at the run's end. */
    private static final class LastReadings {
        private final long begun = System.nanoTime();
        private final CountDownLatch answers;

        LastReadings(int workers) {
            answers = new CountDownLatch(workers * CLOCK_READINGS);
        }

        void told(long asked) {
            if (asked - begun >= 0) {
                answers.countDown();
            }
        }
    }

    /** The trace needs the nodes' clocks at the run's end, too. Not for long: a worker that does not answer may be dead. */
    private void traceClocks() {
        if (master == null || master().trace() == null) {
            return;
        }
        List<Connection> working = new ArrayList<>();
        lock.lock();
        try {
            for (Node node : nodes.values()) {
                if (node.stage == Stage.WORKING && node.connection != null) {
                    working.add(node.connection);
                }
            }
        } finally {
            lock.unlock();
        }
        LastReadings last = new LastReadings(working.size());
        lastReadings = last;
        working.forEach(RemotePool::readClock);
        try {
            if (!last.answers.await(LAST_READINGS.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.info("not all nodes have said what their clocks are at the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Instant lastStart(Node node, NodeCapacity capacity, @Nullable String job, @Nullable String end) {
        FurtherJobs growing = further;
        if (job == null || growing == null) {
            return master().lastStart();
        }
        Instant over = end == null ? null : Instant.ofEpochSecond(Long.parseLong(end));
        return growing.joined(Integer.parseInt(job), node.worker, node.share.name(), capacity, over);
    }

    /** The node of a further job, which is new; null if it may not join. */
    private @Nullable Node ofJob(String job, Message.Register register) {
        FurtherJobs growing = further;
        String key = register.node() + " " + job;
        if (growing == null || nodes.containsKey(key) || !growing.admits(Integer.parseInt(job))) {
            return nodes.get(key);
        }
        Node node = new Node(
                new NodeShare(
                        register.node(),
                        register.cores(),
                        List.of(),
                        register.memory(),
                        register.resources(),
                        register.properties()),
                nextWorker++);
        nodes.put(key, node);
        return node;
    }

    private void gone(Node node, String why) {
        boolean worked;
        boolean noneLeft;
        lock.lock();
        try {
            if (node.stage == Stage.GONE) {
                return;
            }
            boolean leaving = node.stage == Stage.LEAVING;
            worked = node.stage == Stage.WORKING || leaving;
            node.stage = Stage.GONE;
            changed.signalAll();
            noneLeft = further == null && nodes.values().stream().allMatch(n -> n.stage == Stage.GONE);
            if (leaving) {
                LOG.info("the worker on {} has been let go", node.share.name());
            } else if (!closing) {
                troubles.add("node " + node.share.name() + (worked ? " was lost: " : " did not start: ") + why);
                LOG.warn("node {} is lost: {}", node.share.name(), why);
            }
        } finally {
            lock.unlock();
        }
        FurtherJobs growing = further;
        if (growing != null && node.isOfJob()) {
            growing.left(node.worker);
        }
        if (closing) {
            return;
        }
        // First, so that this is the reason that people hear, and not that some task has no place any more.
        if (noneLeft) {
            master().noWorkers("no node is left to work on; the last one: " + node.share.name() + ", " + why);
        }
        if (worked) {
            master().lost(node.worker, "node " + node.share.name() + " was lost: " + why);
        } else {
            expectStarting();
        }
    }

    /** Tasks that need nodes which have not joined yet wait for them. */
    private void expectStarting() {
        lock.lock();
        try {
            master().expect(
                            this,
                            nodes.values().stream()
                                    .filter(node -> node.stage == Stage.STARTING)
                                    .map(node -> RemotePool.future(node.share))
                                    .toList());
        } finally {
            lock.unlock();
        }
    }

    private static FutureNodes future(NodeShare share) {
        long memory = share.memory() > 0 ? share.memory() : Long.MAX_VALUE;
        NodeCapacity capacity = new NodeCapacity(share.cores(), memory, share.resources(), share.properties());
        return new FutureNodes(capacity, false, 1, Long.MAX_VALUE);
    }

    private void note(String trouble) {
        lock.lock();
        try {
            troubles.add(trouble);
        } finally {
            lock.unlock();
        }
    }

    private final class LaunchListener implements NodeLauncher.Listener {
        @Override
        public void printed(String node, String line) {
            LOG.info("[{}] {}", node, line);
        }

        @Override
        public void ended(String node, String what) {
            Node known;
            Connection connection;
            lock.lock();
            try {
                known = nodes.get(node);
                connection = known == null ? null : known.connection;
            } finally {
                lock.unlock();
            }
            if (known == null) {
                LOG.warn("{}: {}", node, what);
            } else if (connection != null) {
                connection.abort("its worker has ended: " + what);
            } else {
                gone(known, what);
            }
        }
    }

    @Override
    public void tick() {
        long now = System.nanoTime();
        if (now - nextBeat < 0 && nextBeat != 0) {
            return;
        }
        nextBeat = now + settings.heartbeat().toNanos();
        long silence =
                Math.max(LEAST_SILENCE.toNanos(), 5 * settings.heartbeat().toNanos());
        List<Node> late = new ArrayList<>();
        lock.lock();
        try {
            for (Node node : nodes.values()) {
                Connection connection = node.connection;
                if ((node.stage == Stage.WORKING || node.stage == Stage.LEAVING) && connection != null) {
                    check(connection, now, silence);
                } else if (node.stage == Stage.STARTING && now - startDeadline > 0) {
                    late.add(node);
                }
            }
        } finally {
            lock.unlock();
        }
        late.forEach(node -> gone(
                node,
                "its worker did not join within " + settings.startTimeout().toSeconds() + " s"));
    }

    private static void check(Connection connection, long now, long silence) {
        long silent = now - connection.lastReceivedNanos();
        if (silent > silence) {
            connection.abort("no sign of life for " + TimeUnit.NANOSECONDS.toSeconds(silent) + " s");
        } else {
            connection.send(new Message.Ping(now));
            connection.flush();
        }
    }

    @Override
    public boolean sees(Path path) {
        String resolved;
        PathSharing sharing;
        try {
            resolved = Mounts.resolve(path).toString();
            sharing = sharing();
        } catch (IOException e) {
            LOG.warn(
                    "cannot tell whether the nodes see {}; it is taken for this node's own: {}",
                    path,
                    BackgroundJobs.words(e));
            return false;
        }
        lock.lock();
        try {
            awaitStarted();
            for (Node node : nodes.values()) {
                Message.Register there = node.registered;
                if (there != null && node.stage == Stage.WORKING && !sees(resolved, sharing, there)) {
                    return false;
                }
            }
            if (further != null) {
                return nodesToComeSee(resolved, sharing);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nodes that come later are taken to have the same file systems as this one, and are refused if they have not. */
    private boolean nodesToComeSee(String path, PathSharing sharing) {
        boolean shared = sharing.isShared(path, new PathSharing.Peer(sharing.mounts(), false, true));
        Message.Mount mount = Mounts.of(path, sharing.mounts());
        if (shared && mount != null) {
            usedInPlace.putIfAbsent(mount.point(), path);
        }
        return shared;
    }

    /** One of the files in place that a node does not see; null if it sees all. */
    private @Nullable String unseen(Message.Register register) {
        if (usedInPlace.isEmpty()) {
            return null;
        }
        try {
            PathSharing sharing = sharing();
            return usedInPlace.values().stream()
                    .filter(path -> !sees(path, sharing, register))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            LOG.warn("cannot tell what {} sees: {}", register.node(), BackgroundJobs.words(e));
            return null;
        }
    }

    private PathSharing sharing() throws IOException {
        return new PathSharing(
                Mounts.ofThisProcess(),
                Mounts.resolve(settings.runFolder()).toString(),
                settings.shared().stream().map(Path::toString).toList());
    }

    private boolean sees(String path, PathSharing sharing, Message.Register there) {
        return sharing.isShared(path, new PathSharing.Peer(there.mounts(), oneMachine, there.sharesRunFolder()));
    }

    private void awaitStarted() {
        try {
            while (nodes.values().stream().anyMatch(n -> n.stage == Stage.STARTING)) {
                long left = startDeadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollaException("interrupted while the workers were starting", e);
        }
    }

    @Override
    public void drain() {
        Master owner = master();
        lock.lock();
        try {
            for (Node node : nodes.values()) {
                if (node.stage == Stage.WORKING) {
                    owner.post(engine -> engine.drain(node.worker));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int cores() {
        lock.lock();
        try {
            return nodes.values().stream()
                    .filter(n -> n.stage == Stage.WORKING)
                    .mapToInt(n -> n.cores)
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int nodes() {
        lock.lock();
        try {
            return (int) nodes.values().stream()
                    .filter(n -> n.stage == Stage.WORKING)
                    .count();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<String> troubles() {
        lock.lock();
        try {
            return List.copyOf(troubles);
        } finally {
            lock.unlock();
        }
    }

    private boolean isDead() {
        lock.lock();
        try {
            return nodes.values().stream().allMatch(n -> n.stage == Stage.GONE);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<String> tasksThatExit() {
        return List.of();
    }

    @Override
    public void close() {
        traceClocks();
        closing = true;
        List<Connection> open = new ArrayList<>();
        lock.lock();
        try {
            for (Node node : nodes.values()) {
                Connection connection = node.connection;
                if (connection != null) {
                    open.add(connection);
                }
            }
        } finally {
            lock.unlock();
        }
        for (Connection connection : open) {
            connection.send(new Message.Shutdown("the run is over"));
            connection.flush();
        }
        awaitGone();
        List<String> left = workers.launcher().stop(isDead() ? GRACE_OF_LOST : GRACE);
        left.forEach(sentence -> {
            LOG.warn(sentence);
            note(sentence);
        });
        open.forEach(connection -> connection.abort("the run is over"));
        LogInbox logs = inbox;
        if (logs != null) {
            logs.close();
        }
        dataClient.close();
        Acceptor opened = acceptor;
        if (opened != null) {
            opened.close();
        }
        deleteProbe();
    }

    /** Once every worker has looked for it, or never will. */
    private void deleteProbe() {
        try {
            Files.deleteIfExists(probe);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", probe, BackgroundJobs.words(e));
        }
    }

    private void awaitGone() {
        long deadline = System.nanoTime() + GRACE.toNanos();
        lock.lock();
        try {
            while (nodes.values().stream().anyMatch(n -> n.stage == Stage.WORKING || n.stage == Stage.LEAVING)) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
