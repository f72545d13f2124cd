package io.colla.mpi;

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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A task with ranks on {@link FakeNodes}: its only parameter is {@code out}, which receives what it prints. */
final class FakeTask implements TaskContext {

    private static final AtomicInteger TASKS = new AtomicInteger();

    private final FakeNodes nodes;
    private final Serializable body;
    private final List<Integer> ranks;
    private final int task = TASKS.incrementAndGet();
    private final List<Runnable> actions = new ArrayList<>();
    private List<Integer> cpus = List.of();
    private @Nullable Object out;
    private boolean ended;

    FakeTask(FakeNodes nodes, Serializable body, Integer... ranks) {
        this.nodes = nodes;
        this.body = body;
        this.ranks = List.of(ranks);
    }

    FakeTask cpus(Integer... each) {
        cpus = List.of(each);
        return this;
    }

    String out() {
        return String.valueOf(out);
    }

    /** As a worker ends a task. */
    void end() {
        List<Runnable> registered;
        synchronized (this) {
            ended = true;
            registered = List.copyOf(actions);
        }
        registered.forEach(Runnable::run);
    }

    synchronized boolean canEnd() {
        return !actions.isEmpty();
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
        return new TaskDefinition("test", List.of("out"), List.of(new TaskDefinition.Implementation("mpi", body)));
    }

    @Override
    public Serializable body() {
        return body;
    }

    @Override
    public int arguments() {
        return 1;
    }

    @Override
    public @Nullable Object argument(int index) {
        return null;
    }

    @Override
    public Direction direction(int index) {
        return Direction.OUT;
    }

    @Override
    public boolean isFile(int index) {
        return false;
    }

    @Override
    public @Nullable String type(int index) {
        return String.class.getName();
    }

    @Override
    public void set(int index, @Nullable Object value) {
        out = value;
    }

    @Override
    public void pause() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resume() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] serialized(int index) {
        throw new IllegalArgumentException();
    }

    @Override
    public int accesses() {
        return 1;
    }

    @Override
    public @Nullable Object access(int access) {
        return null;
    }

    @Override
    public Direction accessDirection(int access) {
        return Direction.OUT;
    }

    @Override
    public boolean isFileAccess(int access) {
        return false;
    }

    @Override
    public boolean mayChange(int access) {
        return false;
    }

    @Override
    public void setAccess(int access, @Nullable Object value) {
        out = value;
    }

    @Override
    public List<Integer> cpus() {
        return cpus;
    }

    @Override
    public int cores() {
        return ranks.get(0);
    }

    @Override
    public long memory() {
        return 0;
    }

    @Override
    public int resource(String name) {
        return 0;
    }

    @Override
    public List<String> nodes() {
        return IntStream.range(0, ranks.size()).mapToObj(FakeNodes::name).toList();
    }

    @Override
    public List<Integer> ranks() {
        return ranks;
    }

    @Override
    public int coresPerRank() {
        return 1;
    }

    @Override
    public ErrandListener.Handle errand(int node, byte[] request, ErrandListener listener) {
        return nodes.errand(this, node, request, listener);
    }

    @Override
    public Path workingDirectory() {
        try {
            return Files.createDirectories(nodes.root().resolve("work-" + task));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path outputFile(String stream) {
        return nodes.root().resolve("out-" + task + "." + stream);
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
}
