package io.colla.binary;

import io.colla.api.BinaryTask;
import io.colla.api.Direction;
import io.colla.platform.ErrandListener;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskDefinition;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A task without a worker; its folders are under one that the test gives. */
final class FakeContext implements TaskContext, AutoCloseable {

    private static final AtomicInteger TASKS = new AtomicInteger();

    private record Argument(
            String name, @Nullable Object value, Direction direction, boolean file, @Nullable String type) {

        Argument(String name, @Nullable Object value, Direction direction, boolean file) {
            this(name, value, direction, file, null);
        }
    }

    private final int task = TASKS.incrementAndGet();
    private String place = Integer.toString(task);
    private boolean recycled;
    private final BinaryTask body;
    private final Path root;
    private final List<Argument> arguments = new ArrayList<>();
    private final List<@Nullable Object> results = new ArrayList<>();
    private final List<Runnable> actions = new ArrayList<>();
    private @Nullable TaskDefinition definition;
    private @Nullable Path folder;
    private List<Integer> cpus = List.of();
    private int cores = 1;
    private long memory;
    private List<String> nodes = List.of("node1");
    private boolean ended;

    FakeContext(Path root, BinaryTask body) {
        this.root = root;
        this.body = body;
    }

    private FakeContext bind(Argument argument) {
        arguments.add(argument);
        results.add(null);
        return this;
    }

    FakeContext in(String name, @Nullable Object value) {
        return bind(new Argument(name, value, Direction.IN, false));
    }

    FakeContext out(String name) {
        return bind(new Argument(name, null, Direction.OUT, false));
    }

    FakeContext out(String name, Class<?> type) {
        return bind(new Argument(name, null, Direction.OUT, false, type.getName()));
    }

    FakeContext inout(String name, Object value) {
        return bind(new Argument(name, value, Direction.INOUT, false));
    }

    FakeContext file(String name, Object value, Direction direction) {
        return bind(new Argument(name, value, direction, true));
    }

    /** Uses the folder and files of an earlier task if that left the folder empty, instead of making and removing new ones. */
    FakeContext recycling(String slot) {
        place = slot;
        recycled = true;
        return this;
    }

    FakeContext cpus(Integer... value) {
        cpus = List.of(value);
        cores = value.length;
        return this;
    }

    FakeContext cores(int value) {
        cores = value;
        return this;
    }

    FakeContext memory(long value) {
        memory = value;
        return this;
    }

    FakeContext nodes(String... value) {
        nodes = List.of(value);
        return this;
    }

    /** As a worker ends a task: the flag, the actions, the thread. */
    void end(Thread executing) {
        List<Runnable> registered;
        synchronized (this) {
            ended = true;
            registered = List.copyOf(actions);
        }
        executing.interrupt();
        registered.forEach(Runnable::run);
    }

    synchronized boolean canEnd() {
        return !actions.isEmpty();
    }

    @Nullable
    Object result(String name) {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).name().equals(name)) {
                return results.get(i);
            }
        }
        throw new IllegalArgumentException(name);
    }

    boolean madeFolder() {
        return folder != null;
    }

    @Override
    public byte[] serialized(int index) {
        throw new IllegalArgumentException("argument " + index + " is not a serialized value");
    }

    @Override
    public int accesses() {
        return arguments.size();
    }

    @Override
    public @Nullable Object access(int access) {
        return argument(access);
    }

    @Override
    public Direction accessDirection(int access) {
        return direction(access);
    }

    @Override
    public boolean isFileAccess(int access) {
        return isFile(access);
    }

    @Override
    public boolean mayChange(int access) {
        return false;
    }

    @Override
    public void setAccess(int access, @Nullable Object value) {
        set(access, value);
    }

    @Override
    public int task() {
        return task;
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public TaskDefinition definition() {
        if (definition == null) {
            List<String> names = arguments.stream().map(Argument::name).toList();
            definition = new TaskDefinition("test", names, List.of(new TaskDefinition.Implementation("binary", body)));
        }
        return definition;
    }

    @Override
    public Serializable body() {
        return body;
    }

    @Override
    public int arguments() {
        return arguments.size();
    }

    @Override
    public @Nullable Object argument(int index) {
        return arguments.get(index).value();
    }

    @Override
    public Direction direction(int index) {
        return arguments.get(index).direction();
    }

    @Override
    public boolean isFile(int index) {
        return arguments.get(index).file();
    }

    @Override
    public @Nullable String type(int index) {
        return arguments.get(index).type();
    }

    @Override
    public void set(int index, @Nullable Object value) {
        results.set(index, value);
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public List<Integer> cpus() {
        return Collections.unmodifiableList(cpus);
    }

    @Override
    public int cores() {
        return cores;
    }

    @Override
    public long memory() {
        return memory;
    }

    @Override
    public int resource(String name) {
        return 0;
    }

    @Override
    public List<Integer> ranks() {
        return List.of();
    }

    @Override
    public int coresPerRank() {
        return cores;
    }

    @Override
    public ErrandListener.Handle errand(int node, byte[] request, ErrandListener listener) {
        throw new IllegalArgumentException("the task has no node " + node);
    }

    @Override
    public List<String> nodes() {
        return nodes;
    }

    @Override
    public Path workingDirectory() {
        Path made = folder;
        if (made == null) {
            made = root.resolve("task-" + place);
            try {
                if (!recycled || !Files.isDirectory(made)) {
                    Files.createDirectory(made);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            folder = made;
        }
        return made;
    }

    @Override
    public Path outputFile(String stream) {
        return root.resolve(place + "." + stream);
    }

    @Override
    public synchronized boolean ended() {
        return ended;
    }

    @Override
    public void onEnd(Runnable action) {
        synchronized (this) {
            if (!ended) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Removes what a worker removes after a task that succeeded. */
    @Override
    public void close() throws IOException {
        String[] left = folder == null ? null : folder.toFile().list();
        if (recycled && (left == null || left.length == 0)) {
            return;
        }
        Files.deleteIfExists(outputFile("stdout"));
        Files.deleteIfExists(outputFile("stderr"));
        if (folder != null) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
