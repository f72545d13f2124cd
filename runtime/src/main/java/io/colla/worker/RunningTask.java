package io.colla.worker;

import io.colla.api.Direction;
import io.colla.platform.ErrandListener;
import io.colla.platform.ProgramTrace;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskDefinition;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.Argument;
import io.colla.wire.Message.Mode;
import io.colla.wire.Message.Run;
import io.colla.wire.Message.Serialized;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an executor sees of a running task. */
final class RunningTask implements TaskContext {
    private final Job job;
    private final Run run;
    private final TaskDefinition definition;
    private final WorkerSettings settings;
    private final TaskThread thread;
    private final Turns turns;
    private final SentErrands errands;
    private final TaskData data;
    private final TaskFolder folder;
    private int turn;
    /** Guarded by {@link #job}, as is the next. */
    private @Nullable List<SentErrands.Sent> sent;

    private boolean executed;
    /** Nanoseconds that its own code ran; written by the thread that runs it. */
    long ran;
    /** Of values that come serialized; null where they do not. */
    private @Nullable Object @Nullable [] decoded;

    RunningTask(
            Job job,
            Run run,
            TaskDefinition definition,
            WorkerSettings settings,
            TaskThread thread,
            Turns turns,
            SentErrands errands,
            TaskFolder folder) {
        this.job = job;
        this.run = run;
        this.definition = definition;
        this.settings = settings;
        this.thread = thread;
        this.turns = turns;
        this.errands = errands;
        this.folder = folder;
        boolean isJava =
                definition.implementations().get(run.implementation()).kind().equals(JavaTaskExecutor.KIND);
        this.data = new TaskData(settings, run, isJava, this::parameterOf);
    }

    /** Leaves the cores of a thread's task to others and takes some again. */
    interface Turns {
        /** @param turn counts pauses and resumptions, from 1 */
        void pause(TaskThread thread, Run run, int turn);

        void resume(TaskThread thread, Run run, int turn) throws InterruptedException;
    }

    Job job() {
        return job;
    }

    Run run() {
        return run;
    }

    /** What the worker has learned about such tasks. */
    Job.Definition learned() {
        return java.util.Objects.requireNonNull(job.definition);
    }

    TaskData data() {
        return data;
    }

    private String parameterOf(int access) {
        for (int i = 0; i < run.arguments().size(); i++) {
            Argument argument = run.arguments().get(i);
            if (argument instanceof Argument.Single single && single.access() == access) {
                return parameter(i);
            }
            if (argument instanceof Argument.Many many && many.accesses().contains(access)) {
                return parameter(i) + "[" + many.accesses().indexOf(access) + "]";
            }
        }
        return "result";
    }

    private String parameter(int index) {
        return index < definition.parameters().size()
                ? definition.parameters().get(index)
                : Integer.toString(index + 1);
    }

    @Override
    public int task() {
        return run.task();
    }

    @Override
    public int attempt() {
        return run.attempt();
    }

    @Override
    public TaskDefinition definition() {
        return definition;
    }

    @Override
    public Serializable body() {
        return definition.implementations().get(run.implementation()).body();
    }

    @Override
    public int arguments() {
        return run.arguments().size();
    }

    @Override
    public @Nullable Object argument(int index) {
        Argument argument = run.arguments().get(index);
        if (argument instanceof Argument.Single single) {
            return data.value(single.access());
        }
        if (argument instanceof Argument.Value value) {
            return value.value() instanceof Serialized serialized ? decoded(index, serialized) : value.value();
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (int access : ((Argument.Many) argument).accesses()) {
            elements.add(data.value(access));
        }
        return elements;
    }

    private @Nullable Object decoded(int index, Serialized serialized) {
        @Nullable Object[] values = decoded;
        if (values == null) {
            values = new @Nullable Object[run.arguments().size()];
            decoded = values;
        }
        Object value = values[index];
        if (value == null) {
            value = settings.codec().fromBytes(serialized.bytes());
            values[index] = value;
        }
        return value;
    }

    private int firstAccess(int index) {
        Argument argument = run.arguments().get(index);
        if (argument instanceof Argument.Single single) {
            return single.access();
        }
        return argument instanceof Argument.Many many && !many.accesses().isEmpty()
                ? many.accesses().get(0)
                : -1;
    }

    @Override
    public Direction direction(int index) {
        int access = firstAccess(index);
        return access < 0 ? Direction.IN : run.accesses().get(access).direction();
    }

    @Override
    public boolean isFile(int index) {
        int access = firstAccess(index);
        return access >= 0 && run.accesses().get(access).file() != null;
    }

    @Override
    public @Nullable String type(int index) {
        int access = firstAccess(index);
        return access < 0 ? null : run.accesses().get(access).type();
    }

    @Override
    public void set(int index, @Nullable Object value) {
        Argument argument = run.arguments().get(index);
        if (argument instanceof Argument.Single single) {
            data.set(single.access(), value);
        } else if (argument instanceof Argument.Many many && value instanceof List<?> elements) {
            if (elements.size() != many.accesses().size()) {
                throw new IllegalArgumentException("parameter " + index + " has "
                        + many.accesses().size() + " elements, and " + elements.size() + " are given");
            }
            for (int i = 0; i < elements.size(); i++) {
                data.set(many.accesses().get(i), elements.get(i));
            }
        } else {
            throw new IllegalArgumentException("parameter " + index + " is a value that cannot be set");
        }
    }

    @Override
    public void pause() {
        if (turn % 2 == 0 && run.nodes().isEmpty()) {
            turns.pause(thread, run, ++turn);
        }
    }

    @Override
    public void resume() throws InterruptedException {
        if (turn % 2 == 1) {
            turns.resume(thread, run, turn + 1);
            turn++;
        }
    }

    @Override
    public byte[] serialized(int index) {
        if (run.arguments().get(index) instanceof Argument.Value value
                && value.value() instanceof Serialized serialized) {
            return serialized.bytes();
        }
        throw new IllegalArgumentException("argument " + index + " is not a serialized value");
    }

    @Override
    public int accesses() {
        return run.accesses().size();
    }

    @Override
    public @Nullable Object access(int access) {
        return data.value(access);
    }

    @Override
    public Direction accessDirection(int access) {
        return run.accesses().get(access).direction();
    }

    @Override
    public boolean isFileAccess(int access) {
        return run.accesses().get(access).file() != null;
    }

    @Override
    public boolean mayChange(int access) {
        Access used = run.accesses().get(access);
        return used.mode() == Mode.CONSUME && used.input() >= 0 && used.output() >= 0;
    }

    @Override
    public void setAccess(int access, @Nullable Object value) {
        data.set(access, value);
    }

    @Override
    public List<Integer> cpus() {
        ResourcePool.Lease lease = thread.lease();
        return lease == null ? List.of() : lease.cpus();
    }

    @Override
    public int cores() {
        return run.needs().cores();
    }

    @Override
    public long memory() {
        return run.needs().memory();
    }

    @Override
    public int resource(String name) {
        return run.needs().resources().getOrDefault(name, 0);
    }

    @Override
    public List<String> nodes() {
        return run.nodes().isEmpty() ? List.of(settings.node().name()) : run.nodes();
    }

    @Override
    public List<Integer> ranks() {
        return run.ranks();
    }

    @Override
    public int coresPerRank() {
        return run.ranks().isEmpty() ? run.needs().cores() : run.coresPerRank();
    }

    @Override
    public ErrandListener.Handle errand(int node, byte[] request, ErrandListener listener) {
        if (node < 1 || node >= run.nodes().size()) {
            throw new IllegalArgumentException("the task has no other node " + node + ", only "
                    + Math.max(0, run.nodes().size() - 1) + " of them");
        }
        String kind = definition.implementations().get(run.implementation()).kind();
        synchronized (job) {
            if (!executed) {
                SentErrands.Sent errand = errands.send(run, node, kind, request, listener);
                List<SentErrands.Sent> all = sent;
                if (all == null) {
                    all = new ArrayList<>();
                    sent = all;
                }
                all.add(errand);
                return errand;
            }
        }
        listener.ended("the task is over");
        return () -> {};
    }

    @Override
    public Path workingDirectory() {
        return folder.work();
    }

    @Override
    public Path outputFile(String stream) {
        return folder.output(stream);
    }

    @Override
    public @Nullable ProgramTrace trace() {
        NodeTrace trace = settings.trace();
        return trace == null ? null : trace.ofProgram(run.task(), run.attempt());
    }

    @Override
    public boolean ended() {
        return job.state() >= Job.STOPPING;
    }

    @Override
    public void onEnd(Runnable action) {
        job.onEnd(action);
    }

    /** The executor has returned. */
    void executed() {
        job.forgetEndActions();
        if (run.nodes().size() > 1) {
            forgetErrands();
        }
    }

    private void forgetErrands() {
        List<SentErrands.Sent> all;
        synchronized (job) {
            executed = true;
            all = sent;
            sent = null;
        }
        if (all != null) {
            all.forEach(SentErrands.Sent::forget);
        }
    }

    /** Removes what the task left in its folder, but for what it printed if it failed. */
    void cleanUp(boolean succeeded, boolean keepOutput) throws IOException {
        if (succeeded) {
            folder.reuse();
        } else {
            String name = definition.name().replaceAll("[^A-Za-z0-9._-]", "_");
            folder.replace(keepOutput ? settings.outputs() : null, name + "-" + run.task() + "." + run.attempt());
        }
    }
}
