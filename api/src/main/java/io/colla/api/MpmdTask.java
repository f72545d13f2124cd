package io.colla.api;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Several MPI programs as one task: they are started together, each on ranks of its own, and share one {@code MPI_COMM_WORLD}, where those of
 * the first program come first. Its result is the exit code of the job. Immutable.
 *
 * <pre>{@code
 * MpmdTask coupled = MpmdTask.of(BinaryTask.of("ocean", "{{grid}}").ranks(4), BinaryTask.of("ice", "{{grid}}").ranks(2));
 * colla.exec(coupled.cores(2), bind("grid", in(grid)));
 * }</pre>
 *
 * @param programs at least one, each with its number of ranks, arguments and environment; all else is the job's
 * @param stdin as {@link BinaryTask#stdin()}, for rank 0
 * @param stdout as {@link BinaryTask#stdout()}, for what all ranks print
 * @param stderr as {@link BinaryTask#stderr()}, for what all ranks print
 * @param workingDirectory as {@link BinaryTask#workingDirectory()}, of all ranks
 * @param failOnExitCode as {@link BinaryTask#failOnExitCode()}
 * @param options what each rank needs; its ranks are always all those of the programs
 */
public record MpmdTask(
        List<BinaryTask> programs,
        @Nullable String stdin,
        @Nullable String stdout,
        @Nullable String stderr,
        @Nullable String workingDirectory,
        boolean failOnExitCode,
        TaskOptions options)
        implements Serializable {

    public MpmdTask {
        programs = List.copyOf(programs);
        if (programs.isEmpty()) {
            throw new UsageException("an MPI job of several programs needs at least one program");
        }
        int count = programs.stream().mapToInt(MpmdTask::ranksOf).sum();
        Ranks placed = options.ranks();
        options = options.ranks(placed == null ? Ranks.of(count) : placed.count(count));
    }

    /** These programs, each with ranks. */
    public static MpmdTask of(BinaryTask... programs) {
        return new MpmdTask(List.of(programs), null, null, null, null, true, TaskOptions.defaults());
    }

    private static int ranksOf(BinaryTask program) {
        Ranks ranks = program.options().ranks();
        if (ranks == null) {
            throw new UsageException(
                    "program " + program.program() + " of an MPI job needs its number of ranks: BinaryTask.of(\""
                            + program.program() + "\", …).ranks(4)");
        }
        requireOfJob(program, program.stdin() == null, "stdin");
        requireOfJob(program, program.stdout() == null, "stdout");
        requireOfJob(program, program.stderr() == null, "stderr");
        requireOfJob(program, program.workingDirectory() == null, "workingDirectory");
        requireOfJob(program, program.failOnExitCode(), "exitCodeIsResult");
        requireOfJob(
                program,
                program.options().equals(TaskOptions.defaults().ranks(Ranks.of(ranks.count()))),
                "the place of ranks and what each needs");
        return ranks.count();
    }

    private static void requireOfJob(BinaryTask program, boolean holds, String what) {
        if (!holds) {
            throw new UsageException(
                    "program " + program.program()
                            + " of an MPI job of several programs sets " + what
                            + "; that is the same for all of them: set it on the MpmdTask, and only the number of ranks on the program");
        }
    }

    /** How the ranks of all programs are placed: {@code place(ranks -> ranks.perNode(2).spread())}. */
    public MpmdTask place(UnaryOperator<Ranks> placement) {
        Ranks ranks = options.ranks();
        return with(TaskOptions.defaults().ranks(placement.apply(ranks == null ? Ranks.of(1) : ranks)));
    }

    /** One program more. */
    public MpmdTask program(BinaryTask more) {
        List<BinaryTask> all = new ArrayList<>(programs);
        all.add(more);
        return new MpmdTask(all, stdin, stdout, stderr, workingDirectory, failOnExitCode, options);
    }

    public MpmdTask stdin(String template) {
        return new MpmdTask(programs, template, stdout, stderr, workingDirectory, failOnExitCode, options);
    }

    public MpmdTask stdout(String template) {
        return new MpmdTask(programs, stdin, template, stderr, workingDirectory, failOnExitCode, options);
    }

    public MpmdTask stderr(String template) {
        return new MpmdTask(programs, stdin, stdout, template, workingDirectory, failOnExitCode, options);
    }

    public MpmdTask workingDirectory(String template) {
        return new MpmdTask(programs, stdin, stdout, stderr, template, failOnExitCode, options);
    }

    /** The exit code is a result; only a job that cannot start or is killed fails the task. */
    public MpmdTask exitCodeIsResult() {
        return new MpmdTask(programs, stdin, stdout, stderr, workingDirectory, false, options);
    }

    /** {@link #with} this name in messages, summaries and traces. */
    public MpmdTask name(String name) {
        return with(TaskOptions.defaults().name(name));
    }

    /** {@link #with} so many cores for each rank. */
    public MpmdTask cores(int cores) {
        return with(TaskOptions.defaults().cores(cores));
    }

    /** {@link #with} so much memory for each rank, as {@code 500M} or {@code 4G}. */
    public MpmdTask memory(String amount) {
        return with(TaskOptions.defaults().memory(amount));
    }

    /** With these options over those it has; the number of ranks stays that of the programs. */
    public MpmdTask with(TaskOptions more) {
        return new MpmdTask(programs, stdin, stdout, stderr, workingDirectory, failOnExitCode, options.and(more));
    }
}
