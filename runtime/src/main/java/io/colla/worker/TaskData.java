package io.colla.worker;

import io.colla.platform.TaskError;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.FilePlace;
import io.colla.wire.Message.Mode;
import io.colla.wire.Message.Output;
import io.colla.wire.Message.Run;
import io.colla.wire.Message.Serialized;
import io.colla.worker.store.Blob;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.MissingContentException;
import io.colla.worker.store.UnserializableException;
import io.colla.worker.store.ValueCodec;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The data of one running task: what its accesses stand for before it runs, and what becomes of them afterwards. Used by the executing thread. An input that the message
 * itself brings is given to the task and not kept.
 *
 * <p>What tasks share (CONCURRENT) is one live object for Java. Tasks of other languages run in processes of their own: each begins with the newest content that is there and
 * works on its own copy, and the last to end leaves the content.
 */
final class TaskData {
    private final WorkerSettings settings;
    private final ContentStore store;
    private final ValueCodec codec;
    private final List<Access> accesses;
    private final int result;
    private final boolean live;
    private final IntFunction<String> names;
    /** Of a task on several nodes. */
    private final @Nullable StagedFiles staged;
    /** Those of its nodes but this one. */
    private final List<String> others;
    /** Objects, or paths of files. */
    private final @Nullable Object[] values;

    /** Which the task has set, and the store does not have yet. */
    private final boolean[] replaced;
    /** Contents that are pinned for the task. */
    private final List<Integer> pins = new ArrayList<>(0);

    private @Nullable FileData files;
    private boolean touched;

    /**
     * @param live whether the task works with the very objects: changes those that it is given, and is given one of the declared class to write to
     * @param names gives the name of the parameter that an access belongs to
     */
    TaskData(WorkerSettings settings, Run run, boolean live, IntFunction<String> names) {
        this.settings = settings;
        this.store = settings.store();
        this.codec = settings.codec();
        this.accesses = run.accesses();
        this.result = run.result();
        this.live = live;
        this.names = names;
        this.others =
                run.nodes().size() > 1 ? run.nodes().subList(1, run.nodes().size()) : List.of();
        String folder = run.folder();
        this.staged = folder == null ? null : new StagedFiles(Path.of(folder), accesses.size());
        this.values = new @Nullable Object[accesses.size()];
        this.replaced = new boolean[accesses.size()];
    }

    /**
     * @throws LostInputException if an input is not here any more, and no other has been changed for the task
     * @throws TaskError if an input cannot be used, or an object cannot be made
     */
    void prepare() throws TaskError, LostInputException {
        for (int i = 0; i < values.length; i++) {
            Access access = accesses.get(i);
            if (access.file() != null && InputFetches.needsStore(access)) {
                requireFile(i, access.input());
            }
        }
        for (int i = 0; i < values.length; i++) {
            Access access = accesses.get(i);
            try {
                if (access.file() != null) {
                    values[i] = seenByAll(i, access, access.file(), files().prepare(access, access.file()));
                    touched |= access.input() >= 0 && access.mode() == Mode.CONSUME;
                } else if (i != result || access.input() >= 0) {
                    values[i] = object(i, access);
                }
            } catch (IOException | RuntimeException e) {
                if (e instanceof MissingContentException && !touched) {
                    throw new LostInputException(access.input(), names.apply(i), e);
                }
                throw new TaskError(
                        "parameter " + names.apply(i) + " cannot be made ready: " + FailureReport.describe(e),
                        "",
                        true,
                        e);
            }
        }
    }

    private Path seenByAll(int index, Access access, FilePlace place, Path path) throws IOException {
        boolean inStore = access.output() < 0 ? place.input() == null : place.output() == null;
        if (others.isEmpty() || !inStore) {
            return path;
        }
        if (staged == null) {
            throw new IOException(
                    "the file is on node " + settings.node().name() + " only, and the task's other nodes ("
                            + String.join(", ", others)
                            + ") do not see the run's folder; put the file, or the run's folder, on a file system that all nodes share");
        }
        return access.mode() == Mode.SHARE ? path : staged.stage(index, path);
    }

    /** Before any input is changed: the store knows its files, but not whether they still exist. */
    private void requireFile(int index, int content) throws LostInputException {
        try {
            Path file = store.file(content);
            if (!file.toFile().exists()) {
                throw new LostInputException(content, names.apply(index), new NoSuchFileException(file.toString()));
            }
        } catch (MissingContentException e) {
            throw new LostInputException(content, names.apply(index), e);
        }
    }

    private FileData files() {
        FileData used = files;
        if (used == null) {
            used = new FileData(store);
            files = used;
        }
        return used;
    }

    private @Nullable Object object(int index, Access access) throws TaskError, IOException {
        int input = access.input();
        int output = access.output();
        if (output < 0) {
            return input < 0 ? null : comesWith(access) ? inline(access) : pinned(input);
        }
        if (access.mode() == Mode.SHARE && !live) {
            return newest(access);
        }
        if (access.mode() == Mode.SHARE) {
            touched = true;
            Object shared = comesWith(access)
                    ? store.share(-1, output, () -> inline(access))
                    : store.share(input, output, () -> fresh(index, access));
            pins.add(output);
            return shared;
        }
        if (input < 0) {
            return fresh(index, access);
        }
        if (comesWith(access)) {
            return inline(access);
        }
        if (access.mode() != Mode.CONSUME) {
            return copied(input);
        }
        pin(input);
        touched = true;
        store.rename(input, output);
        pins.remove((Integer) input);
        pins.add(output);
        return store.value(output);
    }

    /** Whether the message is where the input is to be taken from; what is in the store is cheaper, and must be used up by who consumes it. */
    private boolean comesWith(Access access) {
        return access.inline() && !store.has(access.input());
    }

    private @Nullable Object newest(Access access) {
        if (store.pin(access.output())) {
            pins.add(access.output());
            return store.copyOf(access.output());
        }
        if (access.input() < 0) {
            return null;
        }
        return comesWith(access) ? inline(access) : copied(access.input());
    }

    /** A copy, for which the content must only stay if it is a file that the task maps. */
    private @Nullable Object copied(int content) {
        if (!store.pin(content)) {
            throw new MissingContentException(content);
        }
        Object copy = null;
        try {
            copy = store.copyOf(content);
            return copy;
        } finally {
            if (copy instanceof Blob.Mapped) {
                pins.add(content);
            } else {
                store.unpin(content);
            }
        }
    }

    private void pin(int content) {
        if (!store.pin(content)) {
            throw new MissingContentException(content);
        }
        pins.add(content);
    }

    private @Nullable Object pinned(int content) {
        pin(content);
        return store.value(content);
    }

    private @Nullable Object inline(Access access) {
        return access.value() instanceof Serialized serialized ? codec.fromBytes(serialized.bytes()) : access.value();
    }

    private @Nullable Object fresh(int index, Access access) {
        String type = access.type();
        if (type == null || !live) {
            return null;
        }
        try {
            Constructor<?> constructor =
                    Class.forName(type, true, settings.application()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException | InstantiationException e) {
            throw new IllegalStateException(
                    type + " cannot be instantiated for an OUT parameter: it needs a constructor without arguments", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(
                    "the constructor of " + type + " threw "
                            + FailureReport.describe(e.getCause() == null ? e : e.getCause()),
                    e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(type + " cannot be instantiated: " + FailureReport.describe(e), e);
        }
    }

    @Nullable
    Object value(int access) {
        return values[access];
    }

    void set(int access, @Nullable Object value) {
        if (accesses.get(access).file() != null) {
            throw new IllegalStateException(names.apply(access) + " is a file: write it under its path");
        }
        values[access] = value;
        replaced[access] = true;
    }

    /** Whether an input may have been changed already. */
    boolean touched() {
        return touched;
    }

    /**
     * Puts what the task wrote into the store.
     *
     * @return in the order of the accesses that write
     * @throws TaskError if something was not written
     */
    List<Output> commit(@Nullable Object returned) throws TaskError {
        if (result >= 0) {
            values[result] = returned;
            replaced[result] = true;
        }
        if (values.length == 1 && result == 0) {
            return List.of(putObject(0, accesses.get(0)));
        }
        List<Output> outputs = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            Access access = accesses.get(i);
            if (access.output() >= 0) {
                FilePlace file = access.file();
                outputs.add(file == null ? putObject(i, access) : putFile(i, access, file));
            }
        }
        return outputs;
    }

    private Output putObject(int index, Access access) throws TaskError {
        int output = access.output();
        Object value = values[index];
        if (access.mode() != Mode.SHARE || replaced[index] || !store.has(output)) {
            replaced[index] = false;
            store.put(output, value);
        }
        return settings.isEmbedded() ? new Output(output, store.size(output), false, null) : sent(index, output, value);
    }

    private Output sent(int index, int output, @Nullable Object value) throws TaskError {
        requireSerializable(index, value);
        long size = store.size(output);
        return SmallValues.isSmall(codec, value, size)
                ? new Output(output, size, true, SmallValues.inMessage(codec, value))
                : new Output(output, size, false, null);
    }

    /** Looks at the beginning of what would only be serialized when somebody fetches it: the task is to fail for it, not who needs the value. */
    private void requireSerializable(int index, @Nullable Object value) throws TaskError {
        if (codec.serializedLength(value) >= 0) {
            return;
        }
        try {
            codec.toBytes(value, SmallValues.LARGEST);
        } catch (UnserializableException e) {
            String what = index == result ? "its result" : "parameter " + names.apply(index);
            throw new TaskError(what + " cannot travel to other processes: " + e.getMessage(), "", false, null);
        }
    }

    private Output putFile(int index, Access access, FilePlace file) throws TaskError {
        Path path = (Path) java.util.Objects.requireNonNull(values[index]);
        try {
            Path written = staged == null ? path : staged.bringBack(index, path);
            long size = files().commit(access, file, written);
            return new Output(access.output(), size, false, null);
        } catch (NoSuchFileException e) {
            throw new TaskError(
                    "the task did not write " + path + " (parameter " + names.apply(index) + ")", "", true, null);
        } catch (IOException e) {
            throw new TaskError(
                    "the file " + path + " (parameter " + names.apply(index) + ") cannot be kept: "
                            + FailureReport.describe(e),
                    "",
                    true,
                    e);
        }
    }

    /** Removes all that the task may have left. */
    void rollBack() {
        for (int i = 0; i < values.length; i++) {
            Access access = accesses.get(i);
            if (access.output() < 0) {
                continue;
            }
            if (replaced[i]) {
                replaced[i] = false;
                store.discard(values[i]);
            }
            if (access.file() != null) {
                files().rollBack(access, access.file());
            } else if (access.mode() != Mode.SHARE && access.output() != access.input()) {
                store.drop(access.output());
            }
        }
    }

    /** The last call: lets the store move what the task used. */
    void release() {
        if (staged != null) {
            staged.remove();
        }
        for (int pin : pins) {
            store.unpin(pin);
        }
    }
}
