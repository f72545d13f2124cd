package io.colla.master;

import io.colla.api.Colla;
import io.colla.api.Direction;
import io.colla.api.TaskOptions;
import io.colla.api.UsageException;
import io.colla.core.DatumKind;
import io.colla.core.Engine;
import io.colla.core.Failure;
import io.colla.core.Submission;
import io.colla.wire.Message;
import io.colla.worker.store.SharedFolders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The run as a program sees it that is no Java program of this process: it names data by numbers from {@linkplain #lease leased} blocks, and everything that
 * has to be waited for is answered later. What it does takes effect in order, at the latest with the next {@link #work}.
 *
 * <p>The methods are called by one thread at a time. None waits for tasks, but {@link #submit} while the run has more unfinished tasks than its window
 * allows; those that name files look at the disk. Answers come from the thread that owns the engine, also during a call, and must not keep it waiting.
 */
public final class ForeignSession {
    private static final List<String> CALL_PARAMETERS = List.of("call", "data");
    private static final int FEW = 16;
    private static final List<Message.Argument.Many> ALL_OF = new ArrayList<>();

    static {
        for (int count = 0; count <= FEW; count++) {
            ALL_OF.add(allOf(count));
        }
    }

    /** Takes the end of a wait: one of the two, once. */
    public interface Answer<T> {
        void done(T result);

        void failed(Failure failure);
    }

    /** What the program did not ask for. Called by the thread that owns the engine, which must not be kept waiting. */
    public interface Events {
        /** All tasks have been ended because of this failure, other than by {@link #cancelAll}. */
        void allTasksEnded(Failure failure);

        /** Answers that were given lately can go out: no more will be given right now. */
        void settled();
    }

    /** An argument of a {@linkplain #submitProgram program}. */
    public sealed interface Argument {
        /** A value: null, a number, a boolean or a text. */
        record Value(@Nullable Object value) implements Argument {}

        /** The datum of one access. */
        record Single(int access) implements Argument {}

        /** The data of several accesses, as a list. */
        record Many(List<Integer> accesses) implements Argument {}
    }

    /**
     * Numbers for data.
     *
     * @param first the smallest of them
     */
    public record Block(int first, int count) {}

    private final Master master;
    private final TaskPreparer preparer;
    private final @Nullable CallTrace trace;
    /** Waits that the trace says the program is in. */
    private final Set<Integer> waits = ConcurrentHashMap.newKeySet();

    private final Events events;
    private final NumberSet known = new NumberSet();
    private final Map<Integer, FileDatum> files = new HashMap<>();
    private final Map<Integer, Integer> groups = new HashMap<>();
    /** Why data do not exist that calls would have made. */
    private final Map<Integer, String> refused = new HashMap<>();

    /** Of a task's session: what its calls belong to that belong to no group of its own; {@link Engine#ALL_TASKS} for the main program. */
    private final int scope;
    /** Groups that a task's session has closed, for which it still answers. */
    private final List<Integer> closedGroups = new ArrayList<>();

    private volatile @Nullable Failure wanted;

    /** @param nested whether it is a task's, which answers for its own calls only and is never kept waiting */
    ForeignSession(Master master, TaskPreparer preparer, Events events, boolean nested) {
        this.master = master;
        this.preparer = preparer;
        this.events = events;
        this.scope = nested ? master.handles().nextGroup() : Engine.ALL_TASKS;
        MasterTrace recorded = master.trace();
        this.trace = nested || recorded == null ? null : recorded.ofProgram();
        if (nested) {
            int group = scope;
            enqueue(engine -> engine.newGroup(group));
        }
    }

    private boolean isNested() {
        return scope != Engine.ALL_TASKS;
    }

    void allTasksEnded(Failure failure) {
        if (failure != wanted) {
            events.allTasksEnded(failure);
        }
    }

    void settled() {
        events.settled();
    }

    /** Numbers that no other datum of the run has. */
    public Block lease(int count) {
        return new Block(master.handles().nextData(count), count);
    }

    /**
     * Describes a task whose calls are opaque to all but its executor, which gets two arguments: the call's bytes, and the data of all accesses.
     *
     * @param common priority, failure policy, retries and time limit
     * @throws UsageException if no node could ever run it
     */
    public ForeignTask define(String name, List<ForeignTask.Way> ways, TaskOptions common) {
        return new ForeignTask(preparer.prepare(name, CALL_PARAMETERS, ways, common));
    }

    /**
     * Describes a task whose calls have an argument for each of these parameters.
     *
     * @throws UsageException if no node could ever run it, or a template names no parameter of it
     */
    public ForeignTask define(String name, List<String> parameters, List<ForeignTask.Way> ways, TaskOptions common) {
        return new ForeignTask(preparer.prepare(name, parameters, ways, common));
    }

    /**
     * Calls a task.
     *
     * @param group one of the program's; -1 for none
     * @param data of the accesses; the session keeps the array
     * @param directions at least as many; the caller may use the array again
     * @param results how many of the last accesses are new data
     * @param call opaque, for the executor
     * @throws UsageException if the call cannot be; then its results do not exist either
     */
    public void submit(ForeignTask task, int group, int[] data, Direction[] directions, int results, byte[] call) {
        Message.Argument.Many all = data.length <= FEW ? ALL_OF.get(data.length) : allOf(data.length);
        List<Message.Argument> arguments = List.of(new Message.Argument.Value(new Message.Serialized(call)), all);
        submit(task, group, data, directions, results, new CallPayload(arguments, -1, null));
    }

    /**
     * Calls a task whose executor is one for programs.
     *
     * @param results as in {@link #submit}; at most one, which is what the executor returns
     */
    public void submitProgram(
            ForeignTask task, int group, int[] data, Direction[] directions, int results, List<Argument> arguments) {
        if (results > 1) {
            throw refuse(
                    new UsageException("a call of program " + task.name() + " has " + results + " results; it has one"),
                    data,
                    results);
        }
        List<Message.Argument> passed = new ArrayList<>(arguments.size());
        for (Argument argument : arguments) {
            passed.add(message(argument));
        }
        submit(
                task,
                group,
                data,
                directions,
                results,
                new CallPayload(passed, results == 0 ? -1 : data.length - 1, null));
    }

    private static Message.Argument message(Argument argument) {
        if (argument instanceof Argument.Single single) {
            return new Message.Argument.Single(single.access());
        }
        if (argument instanceof Argument.Many many) {
            return new Message.Argument.Many(List.copyOf(many.accesses()));
        }
        return new Message.Argument.Value(((Argument.Value) argument).value());
    }

    private static Message.Argument.Many allOf(int accesses) {
        List<Integer> numbers = new ArrayList<>(accesses);
        for (int i = 0; i < accesses; i++) {
            numbers.add(i);
        }
        return new Message.Argument.Many(List.copyOf(numbers));
    }

    private void submit(
            ForeignTask task, int group, int[] data, Direction[] directions, int results, CallPayload payload) {
        int created = data.length - results;
        int to;
        try {
            to = group < 0 ? scope : engineGroup(group);
            check(task, data, directions, created);
        } catch (UsageException e) {
            throw refuse(e, data, results);
        }
        for (int i = created; i < data.length; i++) {
            known.add(data[i]);
        }
        Submission submission = new Submission(
                master.handles().nextTask(),
                task.prepared.template(),
                to,
                data,
                task.shared(directions, data.length),
                created,
                payload);
        if (isNested()) {
            // A task that waited for others to end would keep them from it.
            master.enqueueAtOnce(submission);
        } else if (trace == null) {
            master.enqueue(submission);
        } else {
            trace.begins(CallTrace.EXECUTE);
            master.enqueue(submission);
            trace.ends();
        }
    }

    private void check(ForeignTask task, int[] data, Direction[] directions, int created) {
        for (int i = 0; i < created; i++) {
            if (!known.contains(data[i])) {
                throw unknown(data[i], "task " + task.name());
            }
        }
        for (int i = created; i < data.length; i++) {
            if (data[i] < 0 || known.contains(data[i]) || directions[i] != Direction.OUT) {
                throw new UsageException("datum " + data[i] + " cannot be a result of task " + task.name()
                        + ": it exists, or is not accessed OUT");
            }
        }
        DoubleAccesses.reject(task.name(), data, directions, data.length);
        if (!files.isEmpty()) {
            for (int i = 0; i < created; i++) {
                FileDatum file = files.get(data[i]);
                if (file != null) {
                    master.fileData().use(file, directions[i], "task " + task.name());
                }
            }
        }
    }

    private UsageException refuse(UsageException why, int[] data, int results) {
        for (int i = data.length - results; i < data.length; i++) {
            if (!known.contains(data[i])) {
                refused.put(data[i], String.valueOf(why.getMessage()));
            }
        }
        return why;
    }

    private UsageException unknown(int datum, String who) {
        String why = refused.get(datum);
        return new UsageException(
                why == null
                        ? who + " names datum " + datum + ", which does not exist (any more)"
                        : who + " needs the result of a call that could not be made: " + why);
    }

    private void requireKnown(int datum, String who) {
        if (!known.contains(datum)) {
            throw unknown(datum, who);
        }
    }

    private void add(int datum) {
        if (datum < 0 || known.contains(datum)) {
            throw new UsageException("datum " + datum + " exists already");
        }
        known.add(datum);
    }

    /** A datum with this content. What can change must not be changed any more. */
    public void put(int datum, @Nullable Object value) {
        add(datum);
        master.enqueueProvided(datum, value);
    }

    /** A datum without content, which a task has to write first. */
    public void create(int datum) {
        add(datum);
        master.enqueue(new Session.NewDatum(datum, DatumKind.OBJECT, "an object without content"));
    }

    /**
     * The file or folder at a path is that datum from now on.
     *
     * @param path absolute
     * @throws UsageException if it cannot be one
     */
    public void file(int datum, Path path, boolean folder) {
        if (datum < 0 || known.contains(datum)) {
            throw new UsageException("datum " + datum + " exists already");
        }
        try {
            files.put(datum, master.fileData().open(datum, path.normalize(), folder));
            known.add(datum);
        } catch (UsageException e) {
            refused.put(datum, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** The program will not name the datum again. A file that tasks wrote is brought to its path first. Unknown ones are passed over. */
    public void close(int datum) {
        refused.remove(datum);
        if (!known.contains(datum)) {
            return;
        }
        known.remove(datum);
        FileDatum file = files.remove(datum);
        if (file == null) {
            master.enqueue(new Session.ClosedDatum(datum));
            return;
        }
        publish(file, outcome -> {
            master.enqueue(new Session.ClosedDatum(datum));
            master.fileData().forget(file);
        });
    }

    /**
     * The program will not name the file again, and wants it away from its path as soon as no task that was called reads it.
     *
     * @param then is run, by any thread, when it is away or could not be deleted
     */
    public void deleteFile(int datum, Runnable then) {
        requireKnown(datum, "a deletion");
        FileDatum file = files.remove(datum);
        if (file == null) {
            throw new UsageException("datum " + datum + " is no file that could be deleted");
        }
        known.remove(datum);
        CallTrace recorded = trace;
        if (recorded == null) {
            master.fileData().delete(file, then);
            return;
        }
        AtomicBoolean over = new AtomicBoolean();
        recorded.begins(CallTrace.DELETE_FILE);
        try {
            master.fileData().delete(file, () -> {
                endOnce(over, recorded);
                then.run();
            });
        } catch (UsageException e) {
            endOnce(over, recorded);
            throw e;
        }
    }

    private static void endOnce(AtomicBoolean over, CallTrace recorded) {
        if (over.compareAndSet(false, true)) {
            recorded.ends();
        }
    }

    /**
     * Waits for a datum; its content stays where it is until {@link #release}. A file is at its path then.
     *
     * @return the wait's number, for {@link #abandon}
     */
    public int await(int datum, Answer<HeldContent> answer) {
        requireKnown(datum, "the program");
        FileDatum file = files.get(datum);
        if (file != null) {
            master.fileData().use(file, Direction.IN, "the program");
        }
        int wait = master.waits().next();
        waits(wait, CallTrace.ofGet(file));
        master.waits().open(wait, outcome -> {
            goesOn(wait);
            if (outcome instanceof Waits.Outcome.Done done) {
                answer.done(new HeldContent(master, wait, done.content(), file));
            } else {
                fail(answer, outcome);
            }
        });
        enqueue(RunEvents.told(EngineTrace.WAIT_FOR_DATA, engine -> engine.await(wait, datum, System.nanoTime())));
        return wait;
    }

    private void waits(int wait, int call) {
        if (trace != null) {
            waits.add(wait);
            trace.begins(call);
        }
    }

    private void goesOn(int wait) {
        if (trace != null && waits.remove(wait)) {
            trace.ends();
        }
    }

    /** The program needs the content of a wait no longer. Called by any thread. */
    public void release(HeldContent held) {
        held.unpin();
        abandon(held.number());
    }

    /** Nobody waits any more; an answer that comes all the same has to be released. Called by any thread. */
    public void abandon(int wait) {
        master.waits().forget(wait);
        goesOn(wait);
        taken(wait);
    }

    private void taken(int wait) {
        enqueue(RunEvents.told(EngineTrace.FINISH_ACCESS, engine -> engine.waitTaken(wait)));
    }

    /** Ends the unfinished tasks that make the newest content of a datum. */
    public void cancel(int datum) {
        if (known.contains(datum)) {
            enqueue(engine -> engine.cancelDatum(datum));
        }
    }

    /** Ends all tasks that the session has called before; waits for what they would have made end with a failure that says why. */
    public void cancelAll(String why) {
        if (isNested()) {
            ownGroups().forEach(number -> enqueue(engine -> engine.cancelGroup(number)));
            return;
        }
        Failure failure = new Failure(Failure.Kind.CANCELLED, "", "", why, null, "");
        wanted = failure;
        enqueue(RunEvents.told(EngineTrace.CANCEL_ALL, engine -> {
            engine.cancelAll(failure);
            master.heardOf(failure);
            engine.acknowledge(failure);
        }));
    }

    /** The program knows of the failure that ended all its tasks: those that it calls from now on run. */
    public void heardOfFailure() {
        master.acknowledgePending();
    }

    public void openGroup(int group) {
        int number = master.handles().nextGroup();
        if (groups.putIfAbsent(group, number) != null) {
            throw new UsageException("group " + group + " exists already");
        }
        enqueue(engine -> engine.newGroup(number));
    }

    /** The program will not name the group again; its tasks go on. */
    public void closeGroup(int group) {
        int number = engineGroup(group);
        groups.remove(group);
        if (isNested()) {
            closedGroups.add(number);
        } else {
            enqueue(engine -> engine.closeGroup(number));
        }
    }

    /** Ends the unfinished tasks of a group. */
    public void cancelGroup(int group) {
        int number = engineGroup(group);
        enqueue(RunEvents.told(EngineTrace.CANCEL_GROUP, engine -> engine.cancelGroup(number)));
    }

    private int engineGroup(int group) {
        Integer number = groups.get(group);
        if (number == null) {
            throw new UsageException("group " + group + " does not exist (any more)");
        }
        return number;
    }

    /** All groups that calls of a task's session may belong to. */
    private List<Integer> ownGroups() {
        List<Integer> numbers = new ArrayList<>(groups.values());
        numbers.addAll(closedGroups);
        numbers.add(scope);
        return numbers;
    }

    /**
     * Waits until the tasks of a group are over.
     *
     * @param group -1 for all tasks that the session has called
     * @param answer fails if one of them has failed
     */
    public void barrier(int group, Answer<Object> answer) {
        barrier(group, CallTrace.BARRIER, answer);
    }

    private void barrier(int group, int call, Answer<Object> answer) {
        if (group >= 0) {
            barrierOf(engineGroup(group), call, answer);
        } else if (!isNested()) {
            barrierOf(Engine.ALL_TASKS, call, answer);
        } else {
            List<Integer> all = ownGroups();
            Steps steps = new Steps(all.size(), answer);
            for (int number : all) {
                barrierOf(number, call, steps);
            }
        }
    }

    private void barrierOf(int number, int call, Answer<Object> answer) {
        int wait = master.waits().next();
        waits(wait, call);
        master.waits().open(wait, outcome -> {
            goesOn(wait);
            if (outcome instanceof Waits.Outcome.Done) {
                answer.done(wait);
            } else {
                fail(answer, outcome);
            }
        });
        enqueue(RunEvents.told(EngineTrace.WAIT_FOR_DATA, engine -> engine.barrier(wait, number)));
    }

    private void fail(Answer<?> answer, Waits.Outcome outcome) {
        Failure failure = ((Waits.Outcome.Failed) outcome).failure();
        master.heardOf(failure);
        answer.failed(failure);
    }

    /** Says which of the data are there, or will never be: for which a wait would end without a task having to. */
    public void settled(int[] data, Consumer<boolean[]> answer) {
        enqueue(engine -> {
            boolean[] settled = new boolean[data.length];
            for (int i = 0; i < data.length; i++) {
                settled[i] = engine.isSettled(data[i]);
            }
            answer.accept(settled);
        });
    }

    /**
     * Ends the session in order: when all its tasks are over, files that they wrote are brought to their paths.
     *
     * @param answer gets the first failure that the program has not heard of
     */
    public void end(Answer<Object> answer) {
        List<FileDatum> written = new ArrayList<>();
        for (FileDatum file : files.values()) {
            if (master.fileData().isWritten(file)) {
                written.add(file);
            }
        }
        Steps publication = new Steps(written.size() + 1, answer);
        barrier(-1, CallTrace.END, new Answer<>() {
            @Override
            public void done(Object result) {
                publish();
                publication.done(result);
            }

            @Override
            public void failed(Failure failure) {
                publish();
                publication.failed(failure);
            }

            private void publish() {
                // After a failure too: what tasks have finished is not to be lost.
                for (FileDatum file : written) {
                    ForeignSession.this.publish(file, publication);
                }
            }
        });
    }

    /** A task's session is over, with what it knew: nobody will name its data again. */
    public void forget() {
        master.forget(this);
        known.forEach(datum -> enqueue(engine -> engine.closeDatum(datum)));
        files.values().forEach(master.fileData()::forget);
        ownGroups().forEach(number -> enqueue(engine -> engine.closeGroup(number)));
        known.clear();
        files.clear();
        groups.clear();
        closedGroups.clear();
    }

    /** Answers when a number of things are over, with the first failure among them. Used by the thread that owns the engine. */
    private static final class Steps implements Answer<Object>, Consumer<Waits.Outcome> {
        private final Answer<Object> answer;
        private int left;
        private @Nullable Failure first;

        Steps(int count, Answer<Object> answer) {
            this.left = count;
            this.answer = answer;
        }

        @Override
        public void accept(Waits.Outcome outcome) {
            if (outcome instanceof Waits.Outcome.Failed failed) {
                failed(failed.failure());
            } else {
                done(this);
            }
        }

        @Override
        public void failed(Failure failure) {
            first = first == null ? failure : first;
            done(failure);
        }

        @Override
        public void done(Object result) {
            if (--left > 0) {
                return;
            }
            Failure failure = first;
            if (failure == null) {
                answer.done(result);
            } else {
                answer.failed(failure);
            }
        }
    }

    /** Brings a file that tasks wrote to its path. */
    private void publish(FileDatum file, Consumer<Waits.Outcome> then) {
        if (!master.fileData().isWritten(file)) {
            then.accept(new Waits.Outcome.Done(-1));
            return;
        }
        int wait = master.waits().next();
        master.waits().open(wait, outcome -> {
            if (outcome instanceof Waits.Outcome.Done) {
                taken(wait);
            }
            then.accept(outcome);
        });
        enqueue(RunEvents.told(
                EngineTrace.WAIT_FOR_DATA, engine -> engine.await(wait, file.datum(), System.nanoTime())));
    }

    /** Lets the engine do what was asked of it. */
    public void work() {
        master.work();
    }

    /** What the run has. */
    public Colla.Resources resources() {
        return master.resources();
    }

    /** Where the program puts large objects that it provides. */
    public SharedFolders sharedFolders() {
        return master.sharedFolders();
    }

    /** Where the run leaves its records. */
    public Path runFolder() {
        return master.runFolder();
    }

    private void enqueue(RunEvents.Call call) {
        master.enqueue(call);
    }
}
