package io.colla.slurm;

import io.colla.platform.JobState;
import io.colla.slurm.SlurmCommands.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks Slurm what became of a job: the queue first, which forgets ended jobs after minutes, then the accounting, which not every cluster has. */
public final class JobStates {
    /** Of several parts of a job, the first of these that one is in speaks for the whole: running parts first, success only when all succeeded. */
    private static final List<JobState> PRECEDENCE = List.of(
            JobState.RUNNING,
            JobState.SUSPENDED,
            JobState.QUEUED,
            JobState.HELD,
            JobState.UNKNOWN,
            JobState.NODE_FAILED,
            JobState.TIMED_OUT,
            JobState.FAILED,
            JobState.CANCELLED,
            JobState.SUCCEEDED);

    private final SlurmCommands commands;

    public JobStates(Map<String, String> environment) {
        this(new SlurmCommands(environment));
    }

    JobStates(SlurmCommands commands) {
        this.commands = commands;
    }

    /**
     * @param state the whole job's; a job of several parts (heterogeneous, array) has succeeded when all have
     * @param word Slurm's own; empty when it said none
     * @param reason why it waits or ended in Slurm's words, or why the state is not known; may be empty
     */
    public record Answer(JobState state, String word, String reason) {}

    /** Never fails: a job that nobody knows, or a Slurm that does not answer, is {@link JobState#UNKNOWN} with a reason. Blocks for 20 s at most. */
    public Answer query(String job) {
        List<String> reasons = new ArrayList<>();
        List<Answer> parts = ask(reasons, "squeue", "--noheader", "--states=all", "--format=%T|%r", "--jobs=" + job);
        if (parts.isEmpty()) {
            parts = ask(
                    reasons,
                    "sacct",
                    "--noheader",
                    "--parsable2",
                    "--allocations",
                    "--format=State,Reason",
                    "--jobs=" + job);
        }
        for (JobState state : PRECEDENCE) {
            for (Answer part : parts) {
                if (part.state() == state) {
                    return part;
                }
            }
        }
        String why = reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")";
        return new Answer(JobState.UNKNOWN, "", "neither squeue nor sacct knows job " + job + why);
    }

    private List<Answer> ask(List<String> reasons, String program, String... arguments) {
        try {
            return commands.output(program, arguments)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(JobStates::part)
                    .toList();
        } catch (CommandException e) {
            reasons.add(String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    private static Answer part(String line) {
        String[] fields = line.split("\\|", 2);
        String word = fields[0].strip();
        String reason = fields.length < 2 || fields[1].equals("None") ? "" : fields[1].strip();
        JobState state = SlurmJobState.meaning(word, reason);
        boolean odd = state == JobState.UNKNOWN && SlurmJobState.of(word).isEmpty();
        return new Answer(state, word, odd ? "Colla does not know Slurm's state '" + word + "'" : reason);
    }
}
