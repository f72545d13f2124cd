package io.colla.master;

import io.colla.core.Assignment;
import io.colla.core.Assignment.PlannedAccess;
import io.colla.core.Effects;
import io.colla.core.Failure;
import io.colla.core.Place;
import io.colla.core.TaskRecord;
import io.colla.core.TaskState;
import io.colla.platform.TaskDefinition;
import io.colla.scheduler.Gang;
import io.colla.scheduler.Requirement;
import io.colla.wire.Message;
import io.colla.worker.store.ContentStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out what the engine wants: turns assignments into messages for workers and everything slow into jobs for others. Runs on the thread that owns the engine. */
final class EngineShell implements Effects {
    /** Jobs that block, done elsewhere. */
    interface Jobs {
        /** Brings a content into the master's store. */
        void bring(int content, boolean file, String name, List<Message.Source> sources, int[] workers);

        void publish(int wait, FileDatum file, int content, Place place, boolean move);

        void delete(int datum, int content, Place place);

        /** An empty file at a shared place; then {@code done}. */
        void provideNothing(int datum, int content);

        /** Keeps what a failed attempt printed, and tells the log. */
        void report(String label, int task, int attempt, String node, Failure failure, boolean last);
    }

    private static final class WorkerState {
        final WorkerLink link;
        final List<Message.Source> sources;
        final BitSet defined = new BitSet();
        int inFlight;
        int @Nullable [] drops;
        int dropCount;
        boolean touched;

        WorkerState(WorkerLink link, List<Message.Source> sources) {
            this.link = link;
            this.sources = sources;
        }
    }

    /** A task on several nodes that waits for them. */
    private record Beginning(int definition, int[] workers) {}

    private final List<@Nullable WorkerState> workers = new ArrayList<>();
    private final Map<Integer, Beginning> beginning = new HashMap<>();
    private final List<WorkerState> touched = new ArrayList<>();
    private final Map<Integer, Object> inline = new ConcurrentHashMap<>();
    private final Map<Requirement, Message.Needs> needs = new HashMap<>();
    private final Definitions definitions;
    private final ContentStore store;
    private final RunFiles files;
    private final Waits waits;
    private final RunBook book;
    private final Jobs jobs;
    private final Consumer<Failure> whenAllEnd;
    private final Runnable whenTaskEnds;
    private @Nullable GraphRecorder graph;

    EngineShell(
            Definitions definitions,
            ContentStore store,
            RunFiles files,
            Waits waits,
            RunBook book,
            Jobs jobs,
            Consumer<Failure> whenAllEnd,
            Runnable whenTaskEnds) {
        this.definitions = definitions;
        this.store = store;
        this.files = files;
        this.waits = waits;
        this.book = book;
        this.jobs = jobs;
        this.whenAllEnd = whenAllEnd;
        this.whenTaskEnds = whenTaskEnds;
    }

    void recordIn(GraphRecorder recorder) {
        graph = recorder;
    }

    /** @param source where others fetch what the worker has; null when nobody can */
    void addWorker(int worker, WorkerLink link, Message.@Nullable Source source) {
        while (workers.size() <= worker) {
            workers.add(null);
        }
        workers.set(worker, new WorkerState(link, source == null ? List.of() : List.of(source)));
    }

    void removeWorker(int worker) {
        WorkerState state = worker < workers.size() ? workers.set(worker, null) : null;
        if (state != null) {
            touched.remove(state);
        }
    }

    /** Tasks that workers have. */
    int inFlight() {
        int all = 0;
        for (WorkerState state : workers) {
            all += state == null ? 0 : state.inFlight;
        }
        return all;
    }

    String node(int worker) {
        WorkerState state = worker >= 0 && worker < workers.size() ? workers.get(worker) : null;
        return state == null ? "" : state.link.node();
    }

    /** A content that travels inside messages since it is small. Thread-safe. */
    void inline(int content, Object value) {
        inline.put(content, value);
    }

    // What the engine wants

    @Override
    public void run(int worker, Assignment assignment) {
        WorkerState state = workers.get(worker);
        if (state == null) {
            return;
        }
        TaskRecord task = assignment.task();
        int definition = task.template().definition();
        if (!state.defined.get(definition)) {
            state.defined.set(definition);
            TaskDefinition content = definitions.get(definition);
            send(state, new Message.Define(definition, content));
        }
        CallPayload payload = (CallPayload) task.payload();
        Gang gang = assignment.gang();
        if (gang != null && gang.size() > 1) {
            beginning.put(task.id(), new Beginning(definition, gang.workers()));
        }
        List<Message.Access> accesses = accesses(assignment.accesses(), payload, state);
        state.inFlight++;
        send(
                state,
                new Message.Run(
                        task.id(),
                        assignment.attempt(),
                        definition,
                        assignment.implementation(),
                        task.template().priority(),
                        needs(assignment.need()),
                        gang == null ? List.of() : nodes(gang.workers()),
                        gang == null
                                ? List.of()
                                : Arrays.stream(gang.ranks()).boxed().toList(),
                        gang == null ? 0 : gang.coresPerRank(),
                        gang == null ? null : folder(gang, task, accesses),
                        task.template().timeout(),
                        payload.arguments(),
                        accesses,
                        payload.result()));
    }

    private Message.Needs needs(Requirement need) {
        return needs.computeIfAbsent(need, n -> new Message.Needs(n.cores(), n.memory(), n.resources()));
    }

    /** Null if no file of the task is in a node's store, or not all of its nodes see the run's folder. */
    private @Nullable String folder(Gang gang, TaskRecord task, List<Message.Access> accesses) {
        if (gang.size() == 1 || accesses.stream().noneMatch(EngineShell::isFileInStore)) {
            return null;
        }
        for (int member : gang.workers()) {
            WorkerState state = workers.get(member);
            if (state == null || !state.link.seesRunFolder()) {
                return null;
            }
        }
        return files.ofTask(task.id(), task.attempt());
    }

    private static boolean isFileInStore(Message.Access access) {
        Message.FilePlace file = access.file();
        return file != null
                && ((access.input() >= 0 && file.input() == null) || (access.output() >= 0 && file.output() == null));
    }

    private List<String> nodes(int[] gang) {
        return Arrays.stream(gang).mapToObj(this::node).toList();
    }

    private List<Message.Access> accesses(List<PlannedAccess> planned, CallPayload payload, WorkerState to) {
        int count = planned.size();
        if (count == 0) {
            return List.of();
        }
        Message.Access[] accesses = new Message.Access[count];
        @Nullable String[] types = payload.types();
        for (int i = 0; i < count; i++) {
            accesses[i] = access(planned.get(i), types == null ? null : types[i], to);
        }
        return Arrays.asList(accesses);
    }

    private Message.Access access(PlannedAccess access, @Nullable String type, WorkerState to) {
        FileDatum file = files.get(access.datum());
        Message.FilePlace place = file == null
                ? null
                : files.place(file, access.input(), access.inputPlace(), access.output(), access.outputPlace());
        Object value = null;
        boolean hasValue = false;
        List<Message.Source> sources = List.of();
        if (access.workers().length > 0 && to.link.isRemote()) {
            value = inline.get(access.input());
            hasValue = value != null;
            if (!hasValue) {
                sources = sources(access.workers());
            }
        }
        return new Message.Access(
                access.direction(),
                access.input(),
                access.output(),
                mode(access.mode()),
                place,
                hasValue,
                hasValue ? InlineValues.unwrap(value) : null,
                sources,
                type);
    }

    private List<Message.Source> sources(int[] holders) {
        List<Message.Source> sources = new ArrayList<>(holders.length);
        for (int holder : holders) {
            WorkerState state = holder < workers.size() ? workers.get(holder) : null;
            if (state != null) {
                sources.addAll(state.sources);
            }
        }
        return sources;
    }

    private static Message.Mode mode(Assignment.Mode mode) {
        return switch (mode) {
            case KEEP -> Message.Mode.KEEP;
            case CONSUME -> Message.Mode.CONSUME;
            case COPY -> Message.Mode.COPY;
            case SHARE -> Message.Mode.SHARE;
        };
    }

    @Override
    public void stop(int worker, int task, int attempt, String reason) {
        send(worker, new Message.Stop(task, attempt, reason));
    }

    @Override
    public void giveBack(int worker, int task, int attempt) {
        send(worker, new Message.GiveBack(task, attempt));
    }

    @Override
    public void hold(int worker, int task, int attempt, Requirement need) {
        Beginning several = beginning.get(task);
        send(worker, new Message.Hold(task, attempt, several == null ? 0 : several.definition(), needs(need)));
    }

    @Override
    public void release(int worker, int task, int attempt) {
        beginning.remove(task);
        send(worker, new Message.Release(task, attempt));
    }

    @Override
    public void begin(int worker, int task, int attempt) {
        Beginning several = beginning.remove(task);
        for (int each : several == null ? new int[] {worker} : several.workers()) {
            send(each, new Message.Begin(task, attempt));
        }
    }

    void send(int worker, Message.ToWorker message) {
        WorkerState state = worker < workers.size() ? workers.get(worker) : null;
        if (state != null) {
            send(state, message);
        }
    }

    private void send(WorkerState state, Message.ToWorker message) {
        touch(state);
        state.link.send(message);
    }

    private void touch(WorkerState state) {
        if (!state.touched) {
            state.touched = true;
            touched.add(state);
        }
    }

    @Override
    public void drop(int worker, int content) {
        if (worker == 0) {
            inline.remove(content);
        }
        WorkerState state = worker < workers.size() ? workers.get(worker) : null;
        if (worker == 0 && (state == null || !state.link.isRemote())) {
            store.drop(content);
            return;
        }
        if (state == null) {
            return;
        }
        int[] drops = state.drops;
        if (drops == null) {
            drops = new int[16];
        } else if (state.dropCount == drops.length) {
            drops = Arrays.copyOf(drops, drops.length * 2);
        }
        drops[state.dropCount++] = content;
        state.drops = drops;
        touch(state);
    }

    @Override
    public void dropShared(int datum, int content, Place place) {
        jobs.delete(datum, content, place);
    }

    @Override
    public void bring(int content, boolean file, String name, int[] holders) {
        jobs.bring(content, file, name, sources(holders), holders.clone());
    }

    @Override
    public void publish(int wait, int datum, int content, Place place, boolean move) {
        FileDatum file = files.get(datum);
        if (file == null) {
            throw new IllegalStateException("datum " + datum + " is no file");
        }
        jobs.publish(wait, file, content, place, move);
    }

    @Override
    public void provideNothing(int datum, int content, Place place) {
        if (place == Place.STORE) {
            store.put(content, null);
            inline.put(content, InlineValues.NULL);
        } else {
            jobs.provideNothing(datum, content);
        }
    }

    @Override
    public void waitDone(int wait, int content) {
        waits.end(wait, new Waits.Outcome.Done(content));
    }

    @Override
    public void waitFailed(int wait, Failure failure) {
        waits.end(wait, new Waits.Outcome.Failed(failure));
    }

    @Override
    public void ended(TaskRecord task, int worker, long runNanos, @Nullable Failure failure) {
        leftWorker(worker, task);
        String node = node(worker);
        book.ended(task, worker, node, runNanos, failure);
        if (graph != null) {
            graph.ended(task, failure != null);
        }
        if (failure != null && task.state() != TaskState.CANCELLED) {
            jobs.report(task.label(), task.id(), task.attempt(), failure.node(), failure, true);
        }
        whenTaskEnds.run();
    }

    private void leftWorker(int worker, TaskRecord task) {
        WorkerState state = worker >= 0 && worker < workers.size() ? workers.get(worker) : null;
        if (state != null && task.attempt() > 0) {
            state.inFlight--;
        }
    }

    @Override
    public void again(TaskRecord task) {
        book.again();
    }

    @Override
    public void retried(TaskRecord task, int worker, long runNanos, Failure failure) {
        leftWorker(worker, task);
        book.retried(task, worker, node(worker), runNanos);
        jobs.report(task.label(), task.id(), task.attempt(), failure.node(), failure, false);
    }

    @Override
    public void failed(Failure failure) {
        whenAllEnd.accept(failure);
    }

    /** Sends what has gathered. */
    void flush() {
        for (WorkerState state : touched) {
            state.touched = false;
            int[] drops = state.drops;
            if (drops != null && state.dropCount > 0) {
                state.link.send(new Message.Drop(Arrays.copyOf(drops, state.dropCount)));
                state.dropCount = 0;
            }
            state.link.flush(state.inFlight > 2);
        }
        touched.clear();
    }
}
