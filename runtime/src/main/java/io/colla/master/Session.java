package io.colla.master;

import io.colla.api.CancelledException;
import io.colla.api.Colla;
import io.colla.api.CollaException;
import io.colla.api.Data;
import io.colla.api.DataLostException;
import io.colla.api.Direction;
import io.colla.api.InternalErrorException;
import io.colla.api.NodesLostException;
import io.colla.api.TaskCall;
import io.colla.api.TaskFailedException;
import io.colla.api.TaskGroup;
import io.colla.api.TaskOptions;
import io.colla.api.Tasks;
import io.colla.api.UsageException;
import io.colla.api.WaitTimeoutException;
import io.colla.core.DatumKind;
import io.colla.core.Engine;
import io.colla.core.Failure;
import io.colla.core.Submission;
import io.colla.worker.TaskThreads;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The application's side of the run: turns its calls into events for the engine and waits for answers. Thread-safe. */
final class Session implements Colla {
    private final Master master;
    private final TaskPreparer preparer;
    private final Handles handles;
    private final Map<Path, DataHandle<Path>> files = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Session(Master master, TaskPreparer preparer) {
        this.master = master;
        this.handles = master.handles();
        this.preparer = preparer;
    }

    @Override
    public <R extends @Nullable Object> Data<R> submit(TaskCall call) {
        return submit(call, preparer, Engine.ALL_TASKS);
    }

    @Override
    public Tasks with(TaskOptions options) {
        return new View(preparer.with(options), Engine.ALL_TASKS);
    }

    /** Calls with options, or in a group. */
    private final class View implements Tasks {
        private final TaskPreparer own;
        private final int group;

        View(TaskPreparer own, int group) {
            this.own = own;
            this.group = group;
        }

        @Override
        public <R extends @Nullable Object> Data<R> submit(TaskCall call) {
            return Session.this.submit(call, own, group);
        }

        @Override
        public Tasks with(TaskOptions options) {
            return new View(own.with(options), group);
        }
    }

    <R extends @Nullable Object> Data<R> submit(TaskCall call, TaskPreparer with, int group) {
        CallTrace trace = calls();
        if (trace == null) {
            return submitNow(call, with, group);
        }
        trace.begins(CallTrace.EXECUTE);
        try {
            return submitNow(call, with, group);
        } finally {
            trace.ends();
        }
    }

    private <R extends @Nullable Object> Data<R> submitNow(TaskCall call, TaskPreparer with, int group) {
        checkOpen();
        master.throwPendingFailure();
        PreparedTask task = with.prepare(call);
        CallArguments arguments = new CallArguments(this, master, task, call.arguments());
        DataHandle<R> result = new DataHandle<>(this, handles.nextDatum(), null, null);
        Submission submission = arguments.submission(handles.nextTask(), group, result.datum);
        handles.tracker().track(result);
        collectHandles();
        master.submit(submission);
        // No handle of the call may be taken for collected before the engine has heard of the call.
        Reference.reachabilityFence(call);
        Reference.reachabilityFence(result);
        return result;
    }

    @Override
    public <T extends @Nullable Object> Data<T> data(T value) {
        checkOpen();
        DataHandle<T> handle = new DataHandle<>(this, handles.nextDatum(), null, null);
        handles.tracker().track(handle);
        collectHandles();
        master.provide(handle.datum, value);
        Reference.reachabilityFence(handle);
        return handle;
    }

    @Override
    public <T> Data<T> empty(Class<T> type) {
        checkOpen();
        DataHandle<T> handle = new DataHandle<>(this, handles.nextDatum(), null, type);
        handles.tracker().track(handle);
        master.enqueue(new NewDatum(handle.datum, DatumKind.OBJECT, "the empty " + type.getSimpleName()));
        Reference.reachabilityFence(handle);
        return handle;
    }

    @Override
    public Data<Path> file(Path path) {
        return file(path, false);
    }

    @Override
    public Data<Path> folder(Path path) {
        return file(path, true);
    }

    private Data<Path> file(Path path, boolean folder) {
        checkOpen();
        Path absolute = path.toAbsolutePath().normalize();
        DataHandle<Path> known = files.get(absolute);
        if (known != null && !known.closed) {
            return known;
        }
        return files.compute(absolute, (p, old) -> {
            if (old != null && !old.closed) {
                return old;
            }
            FileDatum file = master.fileData().open(handles.nextDatum(), p, folder);
            return new DataHandle<>(this, file.datum(), file, null);
        });
    }

    @Override
    public Data<Path> temporaryFile(String name) {
        checkOpen();
        FileDatum file = master.fileData().openTemporary(handles.nextDatum(), name);
        DataHandle<Path> handle = new DataHandle<>(this, file.datum(), file, null);
        handles.tracker().track(handle);
        return handle;
    }

    @Override
    public TaskGroup group(String name) {
        checkOpen();
        int number = handles.nextGroup();
        master.post(engine -> engine.newGroup(number));
        return new Group(name, number);
    }

    private final class Group implements TaskGroup {
        private final String name;
        private final int number;

        Group(String name, int number) {
            this.name = name;
            this.number = number;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public <R extends @Nullable Object> Data<R> submit(TaskCall call) {
            return Session.this.submit(call, preparer, number);
        }

        @Override
        public Tasks with(TaskOptions options) {
            return new View(preparer.with(options), number);
        }

        @Override
        public void barrier() {
            awaitGroup(number, "group " + name, null, CallTrace.BARRIER);
        }

        @Override
        public void barrier(Duration timeout) {
            awaitGroup(number, "group " + name, timeout, CallTrace.BARRIER);
        }

        @Override
        public void cancel() {
            master.post(RunEvents.told(EngineTrace.CANCEL_GROUP, engine -> engine.cancelGroup(number)));
        }

        @Override
        public void close() {
            try {
                barrier();
            } finally {
                master.post(engine -> engine.closeGroup(number));
            }
        }
    }

    @Override
    public void barrier() {
        awaitGroup(Engine.ALL_TASKS, "all tasks", null, CallTrace.BARRIER);
    }

    @Override
    public void barrier(Duration timeout) {
        awaitGroup(Engine.ALL_TASKS, "all tasks", timeout, CallTrace.BARRIER);
    }

    private void awaitGroup(int group, String what, @Nullable Duration timeout, int call) {
        int wait = master.waits().next();
        CompletableFuture<Waits.Outcome> outcome = master.waits().open(wait);
        master.post(RunEvents.told(EngineTrace.WAIT_FOR_DATA, engine -> engine.barrier(wait, group)));
        ended(outcome, what, timeout, call);
    }

    /** A content that the engine keeps with the master until {@link #release} is called. */
    private record Held(int number, int content) {}

    private Held hold(DataHandle<?> handle, @Nullable Duration timeout) {
        if (TaskThreads.isCurrent()) {
            throw inTask();
        }
        if (handle.closed) {
            throw new UsageException("a Data that was closed has no content any more; get it before close()");
        }
        int wait = master.waits().next();
        CompletableFuture<Waits.Outcome> outcome = master.waits().open(wait);
        FileDatum file = handle.file;
        if (file != null) {
            master.fileData().use(file, Direction.IN, "get()");
        }
        post(wait, handle);
        return new Held(
                wait, ended(outcome, "a datum", timeout, CallTrace.ofGet(file)).content());
    }

    private void post(int wait, DataHandle<?> handle) {
        master.post(RunEvents.told(
                EngineTrace.WAIT_FOR_DATA, engine -> engine.await(wait, handle.datum, System.nanoTime())));
    }

    private void release(Held held) {
        taken(held.number());
    }

    private void taken(int wait) {
        master.post(RunEvents.told(EngineTrace.FINISH_ACCESS, engine -> engine.waitTaken(wait)));
    }

    void await(DataHandle<?> handle, @Nullable Duration timeout) {
        release(hold(handle, timeout));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a null content is a T that may be null
    <T extends @Nullable Object> T get(DataHandle<T> handle, @Nullable Duration timeout, boolean take) {
        Held held = hold(handle, timeout);
        FileDatum file = handle.file;
        try {
            T content = file != null
                    ? (T) master.fileData().path(file, held.content())
                    : (T) master.values().content(held.content(), !take);
            return content;
        } finally {
            release(held);
            if (take) {
                handle.close();
            }
        }
    }

    private @Nullable CallTrace calls() {
        MasterTrace trace = master.trace();
        return trace == null ? null : trace.ofThisThread();
    }

    /** @param call what the trace says of the wait */
    private Waits.Outcome.Done ended(
            CompletableFuture<Waits.Outcome> future, String what, @Nullable Duration timeout, int call) {
        CallTrace trace = calls();
        if (trace == null) {
            return ended(future, what, timeout);
        }
        trace.begins(call);
        try {
            return ended(future, what, timeout);
        } finally {
            trace.ends();
        }
    }

    private Waits.Outcome.Done ended(CompletableFuture<Waits.Outcome> future, String what, @Nullable Duration timeout) {
        try {
            Waits.Outcome outcome =
                    timeout == null ? future.get() : future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (outcome instanceof Waits.Outcome.Failed failed) {
                master.heardOf(failed.failure());
                throw master.values().exception(failed.failure());
            }
            return (Waits.Outcome.Done) outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the wait for " + what + " was interrupted");
        } catch (TimeoutException e) {
            throw new WaitTimeoutException(what + " was not there after " + timeout);
        } catch (ExecutionException e) {
            throw new CollaException("waiting for " + what + " failed", e.getCause());
        }
    }

    boolean isDone(DataHandle<?> handle) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        master.post(engine -> answer.complete(engine.isSettled(handle.datum)));
        return answer.join();
    }

    void cancel(DataHandle<?> handle) {
        master.post(engine -> engine.cancelDatum(handle.datum));
    }

    void close(DataHandle<?> handle, DataHandle.@Nullable Reference reference) {
        if (reference != null) {
            handles.tracker().untrack(reference);
        }
        FileDatum file = handle.file;
        if (file != null && file.home() != null && !closed) {
            Path home = file.home();
            publish(handle);
            files.remove(home, handle);
        }
        master.post(RunEvents.told(EngineTrace.DEREGISTER_OBJECT, engine -> engine.closeDatum(handle.datum)));
        if (file != null) {
            master.fileData().forget(file);
        }
    }

    private void collectHandles() {
        handles.tracker().poll(datum -> master.enqueue(new ClosedDatum(datum)));
    }

    /** Brings a file that tasks wrote to its path. */
    private void publish(DataHandle<?> handle) {
        FileDatum file = handle.file;
        if (file == null || !master.fileData().isWritten(file)) {
            return;
        }
        int wait = master.waits().next();
        CompletableFuture<Waits.Outcome> outcome = master.waits().open(wait);
        post(wait, handle);
        ended(outcome, "file " + file.home(), null, CallTrace.ofGet(file));
        taken(wait);
    }

    @Override
    public Resources resources() {
        return master.resources();
    }

    private void checkOpen() {
        if (TaskThreads.isCurrent()) {
            throw inTask();
        }
        if (closed) {
            throw new UsageException("this Colla session has ended; open another with Colla.start()");
        }
    }

    /** A task that waited for others would keep its core from them: enough of these and nothing moves any more. */
    static UsageException inTask() {
        return new UsageException("a task cannot call or wait for tasks itself; let the main program make the calls and"
                + " pass their Data on as arguments");
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        CollaException failure = failureOf(() -> awaitGroup(Engine.ALL_TASKS, "all tasks", null, CallTrace.END));
        for (DataHandle<Path> file : List.copyOf(files.values())) {
            if (!file.closed) {
                // After a failure too: what tasks have finished is not to be lost.
                CollaException unpublished = failureOf(() -> publish(file));
                failure = failure == null ? unpublished : failure;
            }
        }
        files.clear();
        master.sessionEnded(this);
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable CollaException failureOf(Runnable step) {
        try {
            step.run();
            return null;
        } catch (CollaException e) {
            return e;
        }
    }

    static CollaException exception(Failure failure, @Nullable Throwable cause) {
        return switch (failure.kind()) {
            case TASK ->
                new TaskFailedException(
                        failure.message(), failure.task(), failure.node(), cause == null ? failure.stack() : "", cause);
            case CANCELLED -> new CancelledException(failure.message());
            case LOST -> new DataLostException(failure.message());
            case INTERNAL -> new InternalErrorException(failure.message(), cause);
            case NODES -> new NodesLostException(failure.message());
        };
    }

    /** Event: a datum without content. */
    record NewDatum(int datum, DatumKind kind, String name) {}

    /** Event: nobody can name the datum any more. */
    record ClosedDatum(int datum) {}
}
