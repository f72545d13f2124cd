package io.colla.master;

import io.colla.api.Colla;
import io.colla.api.CollaException;
import io.colla.api.TaskOptions;
import io.colla.api.UsageException;
import io.colla.core.DatumKind;
import io.colla.core.Engine;
import io.colla.core.Failure;
import io.colla.core.Submission;
import io.colla.master.elastic.ElasticSettings;
import io.colla.master.elastic.JobShape;
import io.colla.platform.Allocation;
import io.colla.platform.LocalSystem;
import io.colla.platform.NodeShare;
import io.colla.scheduler.Demand;
import io.colla.scheduler.FutureNodes;
import io.colla.scheduler.NodeCapacity;
import io.colla.scheduler.Scheduler;
import io.colla.tracing.EventGroup;
import io.colla.wire.Message;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.ScratchFolder;
import io.colla.worker.store.SharedFolders;
import io.colla.worker.store.StoreSettings;
import io.colla.worker.store.Trees;
import io.colla.worker.store.ValueCodec;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: the engine, its workers and the application's session. {@link #start} returns when the run can take tasks; workers on other nodes join while the application
 * begins. Thread-safe.
 */
public final class Master implements AutoCloseable, EngineEvents {
    private static final Logger LOG = LoggerFactory.getLogger(Master.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int TICKS_A_SECOND = 10;

    private final MasterSettings settings;
    private final Handles handles = new Handles();
    private final AtomicInteger contentNumbers = new AtomicInteger();
    private final ScratchFolder scratch;
    private final ContentStore store;
    private final RunFiles files;
    private final Waits waits = new Waits();
    private final RunBook book = new RunBook();
    private final Definitions definitions = new Definitions();
    private final Scheduler scheduler;
    private final EngineShell shell;
    private final BackgroundJobs jobs;
    private final EngineLoop loop;
    private final Values values;
    private final FileData fileData;
    private final @Nullable MasterTrace trace;
    private final @Nullable GraphRecorder graph;
    private final WorkerPool pool;
    private final @Nullable FurtherJobs further;
    private volatile Consumer<String> whenThereIsNews = news -> {};
    private final Ticker ticker;
    private final Feasibility feasibility;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final List<ForeignSession> foreignSessions = new CopyOnWriteArrayList<>();

    private final AtomicLong unfinished = new AtomicLong();
    private final ReentrantLock windowLock = new ReentrantLock();
    private final Condition windowOpened = windowLock.newCondition();
    private volatile boolean windowWaiters;
    private final @Nullable TimeKeeper time;
    private volatile Consumer<String> whenTimeIsUp = why -> {};
    private boolean drained;
    private int ticks;
    /** The engine's alone. */
    private final Map<Object, List<FutureNodes>> expected = new IdentityHashMap<>();

    private volatile @Nullable TaskVoices voices;
    private volatile @Nullable Failure pendingFailure;
    private volatile @Nullable Throwable internalError;
    private volatile boolean closed;

    private Master(MasterSettings settings) throws IOException {
        this.settings = settings;
        this.scratch = ScratchFolder.create(settings.scratch());
        ValueCodec codec = new ValueCodec(settings.loader());
        this.store = new ContentStore(codec, scratch, StoreSettings.defaults());
        this.files = new RunFiles(settings.runFolder().resolve("data"), store);
        this.scheduler = new Scheduler(settings.placement());
        this.jobs = new BackgroundJobs(files, settings.runFolder().resolve("tasks"), this);
        this.shell = new EngineShell(definitions, store, files, waits, book, jobs, this::allTasksEnd, this::taskEnded);
        Engine engine = new Engine(settings.engine(), scheduler, shell, contentNumbers::getAndIncrement);
        RunEvents events = new RunEvents(engine, shell, store, this::settled, this::broken);
        this.loop = new EngineLoop(events);
        boolean embedded = settings.workers() == null;
        this.values = new Values(codec, store, embedded);
        this.feasibility = new Feasibility(possibleNodes(settings));
        this.trace = MasterTrace.open(
                settings.runFolder(),
                settings.allocation().nodes().stream().findFirst().orElseGet(Master::thisNode));
        EngineTrace recorded = trace == null ? null : trace.engine();
        if (recorded != null) {
            events.recordIn(recorded);
        }
        this.graph = graphRecorder(trace, settings.runFolder());
        if (graph != null) {
            engine.listen(graph);
            shell.recordIn(graph);
        }
        if (embedded) {
            this.pool = new EmbeddedPool(settings, loop, store, scratch, trace);
            this.further = null;
        } else {
            RemotePool remote = new RemotePool(settings, loop, shell, store, jobs);
            this.pool = remote;
            this.further = furtherJobs(settings.elastic(), remote);
        }
        this.fileData = new FileData(
                files,
                store,
                contentNumbers::getAndIncrement,
                this::postAny,
                pool::sees,
                settings.runFolder().resolve("data"));
        this.time = timeKeeper(settings.allocation());
        this.ticker = new Ticker(TICK, this::tick);
    }

    /**
     * Starts a run.
     *
     * @throws CollaException if it cannot start; the message says what to do
     */
    public static Master start(MasterSettings settings) {
        try {
            Master master = new Master(settings);
            master.begin();
            return master;
        } catch (IOException e) {
            throw new UsageException(
                    "the run cannot start: " + BackgroundJobs.words(e) + " (scratch folder " + settings.scratch()
                            + ", run folder " + settings.runFolder() + ")",
                    e);
        }
    }

    private static @Nullable GraphRecorder graphRecorder(@Nullable MasterTrace trace, Path runFolder)
            throws IOException {
        return trace != null && trace.settings().has(EventGroup.DEPENDENCIES)
                ? GraphRecorder.in(trace.log())
                : GraphRecorder.open(runFolder);
    }

    private static @Nullable TimeKeeper timeKeeper(Allocation allocation) {
        Instant end = allocation.end();
        String job = allocation.job() == null ? "its job" : "job " + allocation.job();
        return end == null ? null : new TimeKeeper(job, end, Instant.now());
    }

    /** When workers of the run's own allocation begin nothing more; null when nothing ends it. */
    @Nullable
    Instant lastStart() {
        return time == null ? null : time.lastStart();
    }

    private @Nullable FurtherJobs furtherJobs(@Nullable ElasticSettings elastic, RemotePool remote) {
        if (elastic == null) {
            return null;
        }
        FurtherJobs created = new FurtherJobs(elastic, new ForFurtherJobs(remote), scheduler, remote::ticket);
        remote.grow(created);
        return created;
    }

    /** Where the master is, when that is no node of the run. */
    private static NodeShare thisNode() {
        return new LocalSystem().allocation(System.getenv()).nodes().get(0);
    }

    /** The allocation's nodes, and those that jobs may bring. */
    private static List<NodeShare> possibleNodes(MasterSettings settings) {
        List<NodeShare> nodes = new ArrayList<>(settings.allocation().nodes());
        ElasticSettings elastic = settings.elastic();
        if (elastic != null) {
            JobShape shape = elastic.shape();
            for (int i = 0; i < elastic.most() * shape.nodes(); i++) {
                nodes.add(new NodeShare(
                        "of a further job",
                        shape.cores(),
                        List.of(),
                        shape.memory(),
                        shape.resources(),
                        Map.of(NodeShare.JOB, "")));
            }
        }
        return nodes;
    }

    private final class ForFurtherJobs implements FurtherJobs.Run {
        private final RemotePool workers;

        ForFurtherJobs(RemotePool workers) {
            this.workers = workers;
        }

        @Override
        public <T> @Nullable T ask(Function<Engine, T> question) {
            return Master.this.ask(question);
        }

        @Override
        public void post(RunEvents.Call call) {
            Master.this.post(call);
        }

        @Override
        public void expect(List<FutureNodes> nodes) {
            Master.this.expect(this, nodes);
        }

        @Override
        public void release(int worker) {
            workers.release(worker);
        }

        @Override
        public boolean hasOwnWorkers() {
            return workers.hasOwnWorkers();
        }

        @Override
        public void noWorkers(String why) {
            Master.this.noWorkers(why);
        }

        @Override
        public void timeUp(String why) {
            whenTimeIsUp.accept(why);
        }

        @Override
        public void tell(String sentence) {
            whenThereIsNews.accept(sentence);
        }
    }

    /** Told what people should know at once, such as jobs that are submitted; from any thread. */
    public void onNews(Consumer<String> listener) {
        whenThereIsNews = listener;
    }

    private void begin() throws IOException {
        loop.start();
        pool.start(this);
        if (further != null) {
            further.start();
        }
        guardScratch();
        ticker.start();
        if (trace != null) {
            trace.started();
        }
    }

    /** Beside the start, of which it is no part. */
    private void guardScratch() {
        Thread thread = new Thread(
                () -> {
                    try {
                        scratch.removeWhenKilled();
                    } catch (IOException e) {
                        LOG.info(
                                "if this process is killed, {} will stay: {}", scratch.path(), BackgroundJobs.words(e));
                    }
                },
                "colla-scratch");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Tasks of this kind are likely to come: what takes long in this process may be prepared.
     *
     * @param hint as {@link io.colla.platform.TaskExecutor#warmUp}
     */
    public void warmUp(String kind, String hint) {
        pool.warmUp(kind, hint);
    }

    /** Who is told what running tasks print and ask; without, it is not heard. */
    public void voices(TaskVoices listener) {
        voices = listener;
    }

    /**
     * Whether the message is for the listener to voices, and not for the engine.
     *
     * @param reply takes the answer to the worker, from any thread
     */
    boolean hears(int worker, String node, Message.ToMaster message, Consumer<Message.Answer> reply) {
        TaskVoices listener = voices;
        if (message instanceof Message.Printed printed) {
            if (listener != null) {
                int task = printed.task();
                String text = printed.text();
                post(engine -> listener.printed(engine.label(task), node, text));
            }
            return true;
        }
        if (message instanceof Message.Ask ask) {
            if (listener != null) {
                int number = ask.number();
                listener.asked(
                        new TaskVoices.Speaker(worker, node, ask.task(), ask.attempt()),
                        ask.channel(),
                        ask.question(),
                        number == 0 ? null : answer -> reply.accept(new Message.Answer(number, answer)));
            }
            return true;
        }
        return false;
    }

    /** A session for the application. */
    public Colla session() {
        Session session = new Session(this, preparer());
        sessions.add(session);
        return session;
    }

    /**
     * A session for a program that is no Java program of this process.
     *
     * @param events told what the program did not ask for
     */
    public ForeignSession foreignSession(ForeignSession.Events events) {
        return foreignSession(events, false);
    }

    /**
     * A session for a task that calls tasks itself. To be {@linkplain ForeignSession#forget forgotten} at its end.
     *
     * @param events told what the task did not ask for
     */
    public ForeignSession nestedSession(ForeignSession.Events events) {
        return foreignSession(events, true);
    }

    private ForeignSession foreignSession(ForeignSession.Events events, boolean nested) {
        ForeignSession session = new ForeignSession(this, preparer(), events, nested);
        foreignSessions.add(session);
        return session;
    }

    void forget(ForeignSession session) {
        foreignSessions.remove(session);
    }

    private TaskPreparer preparer() {
        return new TaskPreparer(definitions, settings.retries(), feasibility::problem, TaskOptions.defaults());
    }

    /**
     * The application's main program has returned: closes the sessions that it left open, which waits for their tasks and brings files to their
     * paths.
     *
     * @throws CollaException the failure that ended its tasks, if it has not heard of it
     */
    public void applicationEnded() {
        for (Session session : List.copyOf(sessions)) {
            session.close();
        }
        throwPendingFailure();
    }

    // For the session

    void post(RunEvents.Call call) {
        loop.post(call);
    }

    private void postAny(Consumer<Engine> call) {
        loop.post((RunEvents.Call) call::accept);
    }

    void enqueue(Object event) {
        loop.enqueue(event);
    }

    void submit(Submission submission) {
        if (unfinished.incrementAndGet() > settings.window()) {
            awaitWindow();
        }
        loop.post(submission);
    }

    /** As {@link #submit}, for a caller that ends with {@link #work}. */
    void enqueue(Submission submission) {
        if (unfinished.incrementAndGet() > settings.window()) {
            loop.work();
            awaitWindow();
        }
        loop.enqueue(submission);
    }

    /** As {@link #enqueue(Submission)}, for a caller that cannot wait. */
    void enqueueAtOnce(Submission submission) {
        unfinished.incrementAndGet();
        loop.enqueue(submission);
    }

    /** Lets the engine do what was enqueued. */
    void work() {
        loop.work();
    }

    private void awaitWindow() {
        windowLock.lock();
        try {
            windowWaiters = true;
            while (unfinished.get() > settings.window() && pendingFailure == null && !closed) {
                // Woken as tasks end; the time only bounds what a missed signal could cost.
                windowOpened.await(100, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            windowWaiters = false;
            windowLock.unlock();
        }
    }

    private void taskEnded() {
        long left = unfinished.decrementAndGet();
        if (windowWaiters && left <= settings.window()) {
            windowLock.lock();
            try {
                windowOpened.signalAll();
            } finally {
                windowLock.unlock();
            }
        }
    }

    void provide(int datum, @Nullable Object value) {
        enqueueProvided(datum, value);
        loop.work();
    }

    void enqueueProvided(int datum, @Nullable Object value) {
        int content = contentNumbers.getAndIncrement();
        store.put(content, value);
        if (InlineValues.isScalar(value)) {
            shell.inline(content, InlineValues.wrap(value));
        }
        long size = store.size(content);
        enqueue(RunEvents.told(
                EngineTrace.REGISTER_DATA,
                engine -> engine.newDatum(datum, DatumKind.OBJECT, "a datum of the application", content, size)));
    }

    Handles handles() {
        return handles;
    }

    /** Where this process records; null if the run is not traced. */
    @Nullable
    MasterTrace trace() {
        return trace;
    }

    Waits waits() {
        return waits;
    }

    Values values() {
        return values;
    }

    FileData fileData() {
        return fileData;
    }

    Colla.Resources resources() {
        List<NodeShare> nodes = possibleNodes(settings);
        long memory = nodes.stream().mapToLong(NodeShare::memory).sum();
        int largest = nodes.stream().mapToInt(NodeShare::cores).max().orElse(0);
        return new Colla.Resources(
                nodes.size(), nodes.stream().mapToInt(NodeShare::cores).sum(), largest, memory);
    }

    /** Throws the failure that has ended all tasks, if the application has not heard of it. */
    void throwPendingFailure() {
        Failure failure = pendingFailure;
        if (failure != null) {
            acknowledge(failure);
            throw values.exception(failure);
        }
    }

    /** The application has heard of the failure that ended its tasks, if one did: those that it calls from now on run. */
    void acknowledgePending() {
        Failure failure = pendingFailure;
        if (failure != null) {
            acknowledge(failure);
        }
    }

    /** Where processes of this node put large objects for the master's store. */
    public SharedFolders sharedFolders() {
        return store.sharedFolders();
    }

    Path runFolder() {
        return settings.runFolder();
    }

    private void acknowledge(Failure failure) {
        pendingFailure = null;
        post(engine -> engine.acknowledge(failure));
    }

    void heardOf(Failure failure) {
        if (pendingFailure == failure) {
            pendingFailure = null;
        }
    }

    void sessionEnded(Session session) {
        sessions.remove(session);
    }

    // From elsewhere

    @Override
    public void fetchedByMaster(int content) {
        post(RunEvents.told(EngineTrace.TRANSFER_OBJECT, engine -> engine.fetched(0, content, System.nanoTime())));
    }

    @Override
    public void notFetchedByMaster(int content, int[] workers) {
        post(engine -> engine.unfetched(content, workers, System.nanoTime()));
    }

    @Override
    public void published(int wait, boolean moved, @Nullable String error) {
        post(engine -> engine.published(wait, moved, error));
    }

    void joined(int worker, NodeCapacity capacity, WorkerLink link, Message.@Nullable Source source) {
        joined(worker, capacity, link, source, null);
    }

    /** @param lastStart when the worker is to begin nothing more that lasts; null for never */
    void joined(
            int worker,
            NodeCapacity capacity,
            WorkerLink link,
            Message.@Nullable Source source,
            @Nullable Instant lastStart) {
        long end = lastStart == null
                ? Long.MAX_VALUE
                : System.nanoTime() + Duration.between(Instant.now(), lastStart).toNanos();
        post(RunEvents.told(EngineTrace.WORKER_UPDATE, engine -> {
            shell.addWorker(worker, link, source);
            engine.workerJoined(worker, capacity, end);
        }));
    }

    /** Nodes that may join later, in the view of one who knows; replaces what it expected before. */
    void expect(Object who, List<FutureNodes> nodes) {
        post(engine -> {
            expected.put(who, nodes);
            engine.expect(expected.values().stream().flatMap(List::stream).toList());
        });
    }

    void lost(int worker, String why) {
        TaskVoices listener = voices;
        if (listener != null) {
            listener.lost(worker);
        }
        post(RunEvents.told(EngineTrace.WORKER_UPDATE, engine -> {
            engine.workerLost(worker, why, System.nanoTime());
            shell.removeWorker(worker);
        }));
    }

    /** No worker is left and none will come. */
    void noWorkers(String why) {
        Failure failure = new Failure(Failure.Kind.NODES, "", "", why, null, "");
        post(RunEvents.told(EngineTrace.CANCEL_ALL, engine -> engine.cancelAll(failure)));
    }

    private void allTasksEnd(Failure failure) {
        pendingFailure = failure;
        foreignSessions.forEach(session -> session.allTasksEnded(failure));
    }

    /** What was to be done for now is done. */
    private void settled() {
        for (ForeignSession session : foreignSessions) {
            session.settled();
        }
    }

    private void broken(Throwable error) {
        internalError = error;
        LOG.error("internal error; the run cannot go on", error);
        Failure failure = new Failure(Failure.Kind.INTERNAL, "", "", "Colla itself failed: " + error, null, "");
        allTasksEnd(failure);
        waits.endAll(failure);
        settled();
    }

    private void tick() {
        pool.tick();
        keepTime();
        loop.work();
        loop.post((RunEvents.Call) engine -> {});
    }

    private void keepTime() {
        TimeKeeper keeper = time;
        if (keeper == null) {
            return;
        }
        Instant now = Instant.now();
        if (keeper.isDraining(now) && !drained) {
            drained = true;
            LOG.info("the job's end is near: no more tasks are begun");
            pool.drain();
        }
        if (drained || ++ticks % TICKS_A_SECOND == 0) {
            TimeKeeper.State state = ask(this::timeState);
            String why = state == null ? null : keeper.whyOver(state, now);
            if (why != null) {
                whenTimeIsUp.accept(why);
            }
        }
    }

    private TimeKeeper.State timeState(Engine engine) {
        List<Demand> demand = scheduler.demand(System.nanoTime());
        boolean stuck = !demand.isEmpty()
                && scheduler.workerCount() > 0
                && demand.stream()
                        .allMatch(each -> each.late() == each.waiting() && !each.placeable() && !each.helped());
        return new TimeKeeper.State(shell.inFlight(), engine.unfinished(), stuck);
    }

    // For the launcher

    /** Told once, from a thread of the master's, when the job's time is nearly over and the run should end; the sentence says why and what is left. */
    public void onTimeUp(Consumer<String> listener) {
        whenTimeIsUp = listener;
    }

    /** The batch system has warned that the job's time is nearly over. @return whether it is, so that the run ends in order by itself */
    public boolean warned() {
        TimeKeeper keeper = time;
        return keeper != null && keeper.warned(Instant.now());
    }

    /** Ends all tasks, for example on a signal; waits of the application end with an error that says why. */
    public void cancelAll(String why) {
        Failure failure = new Failure(Failure.Kind.CANCELLED, "", "", why, null, "");
        post(RunEvents.told(EngineTrace.CANCEL_ALL, engine -> engine.cancelAll(failure)));
    }

    /** Waits until the tasks that were called or cancelled so far are over. @return whether they were in time */
    public boolean awaitTasks(Duration limit) {
        if (internalError != null) {
            return false;
        }
        int wait = waits.next();
        CompletableFuture<Waits.Outcome> over = waits.open(wait);
        post(engine -> engine.barrier(wait, Engine.ALL_TASKS));
        try {
            over.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** How far the run is; null if the engine does not answer in time. */
    public @Nullable RunStatus status() {
        return ask(engine -> {
            int waiting = scheduler.queued();
            int unfinishedTasks = engine.unfinished();
            int busy = scheduler.coresTaken();
            int running = shell.inFlight();
            return new RunStatus(
                    book.done,
                    Math.max(0, running),
                    Math.max(waiting, unfinishedTasks - running),
                    book.failed,
                    book.cancelled,
                    busy,
                    pool.cores(),
                    pool.nodes(),
                    further == null ? "" : further.waitingFor());
        });
    }

    /** What ran, by task and node. */
    public List<Placement> placements() {
        List<Placement> answer = ask(engine -> {
            List<Placement> rows = new ArrayList<>();
            for (RunBook.Row row : book.rows()) {
                rows.add(new Placement(
                        row.task,
                        row.node,
                        row.done,
                        row.failed,
                        row.cancelled,
                        row.retried,
                        row.nanos / 1e9,
                        row.longest / 1e9,
                        row.coreNanos / 1e9));
            }
            return rows;
        });
        return answer == null ? List.of() : answer;
    }

    private <T> @Nullable T ask(Function<Engine, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.post((RunEvents.Call) engine -> answer.complete(question.apply(engine)));
        try {
            return answer.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }

    ContentStore store() {
        return store;
    }

    /** Sentences about what went wrong with nodes; for the summary. */
    public List<String> nodeTroubles() {
        return pool.troubles();
    }

    /**
     * For a shutdown hook: the tasks in this process that called {@link System#exit}, which would otherwise end the run without a word. They have failed
     * then.
     */
    public List<String> tasksThatExit() {
        return pool.tasksThatExit();
    }

    /** Ends the workers and frees everything; what tasks have written so far stays. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (trace != null) {
            trace.stops();
        }
        waits.endAll(new Failure(Failure.Kind.CANCELLED, "", "", "the run has ended", null, ""));
        settled();
        ticker.close();
        if (further != null) {
            further.halt();
        }
        pool.close();
        if (further != null) {
            further.close();
        }
        if (trace != null) {
            trace.stopped();
        }
        close(graph, "graph");
        close(trace, "trace");
        jobs.close();
        loop.close();
        store.close();
        scratch.close();
        removeEmptyDataFolder();
    }

    private static void close(@Nullable Closeable recorder, String what) {
        if (recorder != null) {
            try {
                recorder.close();
            } catch (IOException e) {
                LOG.warn("the {}'s end is missing: {}", what, BackgroundJobs.words(e));
            }
        }
    }

    private void removeEmptyDataFolder() {
        Path data = settings.runFolder().resolve("data");
        try {
            Trees.delete(data);
        } catch (IOException e) {
            LOG.warn("temporary files could not be deleted: {}", BackgroundJobs.words(e));
        }
    }
}
