package io.colla.worker;

import io.colla.api.Direction;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskDefinition;
import io.colla.wire.Message.Argument;
import io.colla.wire.Message.Run;
import io.colla.wire.Message.Serialized;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an executor sees of a running task. */
final class RunningTask implements TaskContext {
    private final Job job;
    private final Run run;
    private final TaskDefinition definition;
    private final WorkerSettings settings;
    private final ResourcePool.Lease lease;
    private final TaskData data;
    private @Nullable Path directory;
    private @Nullable List<Path> printed;

    RunningTask(Job job, Run run, TaskDefinition definition, WorkerSettings settings, ResourcePool.Lease lease) {
        this.job = job;
        this.run = run;
        this.definition = definition;
        this.settings = settings;
        this.lease = lease;
        this.data = new TaskData(settings, run, this::parameterOf);
    }

    TaskData data() {
        return data;
    }

    private String parameterOf(int access) {
        for (int i = 0; i < run.arguments().size(); i++) {
            Argument argument = run.arguments().get(i);
            if ((argument instanceof Argument.Single single && single.access() == access)
                    || (argument instanceof Argument.Many many
                            && many.accesses().contains(access))) {
                return i < definition.parameters().size()
                        ? definition.parameters().get(i)
                        : Integer.toString(i + 1);
            }
        }
        return "result";
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
            return value.value() instanceof Serialized serialized
                    ? settings.codec().fromBytes(serialized.bytes())
                    : value.value();
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (int access : ((Argument.Many) argument).accesses()) {
            elements.add(data.value(access));
        }
        return elements;
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
    public List<Integer> cpus() {
        return lease.cpus();
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
    public Path workingDirectory() {
        Path made = directory;
        if (made == null) {
            made = settings.scratch().resolve("task-" + run.task() + "." + run.attempt());
            try {
                Files.createDirectories(made);
            } catch (IOException e) {
                throw new UncheckedIOException("the task's working folder " + made + " cannot be made", e);
            }
            directory = made;
        }
        return made;
    }

    @Override
    public Path outputFile(String stream) {
        Path file = settings.outputs()
                .resolve(definition.name().replaceAll("[^A-Za-z0-9._-]", "_") + "-" + run.task() + "." + run.attempt()
                        + "." + stream);
        try {
            Files.createDirectories(settings.outputs());
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + settings.outputs() + " for tasks' output cannot be made", e);
        }
        List<Path> all = printed;
        if (all == null) {
            all = new ArrayList<>(2);
            printed = all;
        }
        all.add(file);
        return file;
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
    }

    /** Removes the working folder, and what was printed unless it is kept. */
    void cleanUp(boolean keepOutput) {
        if (directory != null) {
            removeTree(directory);
        }
        if (printed != null) {
            for (Path file : printed) {
                if (!keepOutput || file.toFile().length() == 0) {
                    removeQuietly(file);
                }
            }
        }
    }

    private static void removeTree(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    removeQuietly(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException error) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) {
                    removeQuietly(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // The scratch folder is removed as a whole when the worker ends.
            return;
        }
    }

    private static void removeQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // As above.
            return;
        }
    }
}
