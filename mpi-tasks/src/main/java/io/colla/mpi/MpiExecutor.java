package io.colla.mpi;

import io.colla.api.BinaryTask;
import io.colla.api.MpmdTask;
import io.colla.api.Ranks;
import io.colla.binary.Invocation;
import io.colla.binary.spawn.Command;
import io.colla.mpi.launch.MpiEnd;
import io.colla.mpi.launch.MpiJob;
import io.colla.mpi.launch.MpiStarter;
import io.colla.platform.Errand;
import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks whose body is a {@link BinaryTask} with ranks or an {@link MpmdTask}. The result is the exit code, an {@link Integer}. Safe for use by many threads.
 */
public final class MpiExecutor implements TaskExecutor {

    /** {@link io.colla.platform.TaskDefinition.Implementation#kind()} of the tasks that this runs. */
    public static final String KIND = "mpi";

    private @Nullable MpiStarter starter;

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void start(ExecutorHost host) {
        starter = new MpiStarter(host);
    }

    @Override
    public Integer execute(TaskContext context) throws TaskError, IOException {
        if (context.body() instanceof MpmdTask job) {
            BinaryTask common = new BinaryTask(
                    name(job),
                    List.of(),
                    job.stdin(),
                    job.stdout(),
                    job.stderr(),
                    job.workingDirectory(),
                    Map.of(),
                    job.failOnExitCode(),
                    job.options());
            return run(common, job.programs(), context);
        }
        if (context.body() instanceof BinaryTask program) {
            return run(program, List.of(program), context);
        }
        throw new IllegalArgumentException("a task of kind " + KIND + " whose body is no program");
    }

    private static String name(MpmdTask job) {
        return job.programs().stream().map(BinaryTask::program).collect(Collectors.joining("+"));
    }

    private Integer run(BinaryTask common, List<BinaryTask> programs, TaskContext context)
            throws TaskError, IOException {
        Invocation invocation = Invocation.of(common, context);
        MpiEnd end = starter()
                .start(job(common, programs, invocation, context), context)
                .await();
        TaskError error = end.error();
        if (error != null && !(end.ofProgram() && invocation.exitCodeIsResult())) {
            throw error;
        }
        invocation.capture();
        return end.code();
    }

    private static MpiJob job(BinaryTask common, List<BinaryTask> programs, Invocation invocation, TaskContext context)
            throws TaskError {
        List<MpiJob.Part> parts = new ArrayList<>();
        for (BinaryTask program : programs) {
            parts.add(part(program, program == common, context));
        }
        Ranks ranks = ranks(common);
        Command command = invocation.command();
        return new MpiJob(
                invocation.name(),
                parts,
                invocation.namesFolder() ? command.folder() : null,
                Invocation.environment(common, context),
                command.stdin(),
                command.stdout(),
                invocation.namesErrors() ? command.stderr() : null,
                ranks.launcher(),
                ranks.flags());
    }

    /** What is in the environment of one program of several is put before it. */
    private static MpiJob.Part part(BinaryTask program, boolean alone, TaskContext context) throws TaskError {
        List<String> argv = new ArrayList<>();
        Map<String, String> environment = alone ? Map.of() : Invocation.environment(program, context);
        if (!environment.isEmpty()) {
            argv.add("env");
            environment.forEach((name, value) -> argv.add(name + "=" + value));
        }
        argv.addAll(Invocation.argv(program, context));
        return new MpiJob.Part(ranks(program).count(), argv);
    }

    private static Ranks ranks(BinaryTask program) {
        return Objects.requireNonNull(program.options().ranks(), "a program of kind " + KIND + " has ranks");
    }

    private MpiStarter starter() {
        return Objects.requireNonNull(starter, "started first");
    }

    @Override
    public void errand(Errand errand) throws Exception {
        starter().errand(errand);
    }

    @Override
    public void close() {
        MpiStarter started = starter;
        if (started != null) {
            started.close();
        }
    }
}
