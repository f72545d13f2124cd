package io.colla.slurm;

import io.colla.platform.Commands;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobState;
import io.colla.platform.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks Slurm what became of a job: the queue first, which forgets ended jobs after minutes, then the accounting, which not every cluster has. */
public final class JobStates {
    private final Commands commands;

    public JobStates(Map<String, String> environment) {
        this(SlurmCommands.in(environment));
    }

    JobStates(Commands commands) {
        this.commands = commands;
    }

    /** Never fails: a job that nobody knows, or a Slurm that does not answer, is {@link JobState#UNKNOWN} with a reason. Blocks for 20 s at most. */
    public JobStatus query(String job) {
        List<String> reasons = new ArrayList<>();
        List<JobStatus> parts = ask(reasons, "squeue", "--noheader", "--states=all", "--format=%T|%r", "--jobs=" + job);
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
        String why = reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")";
        return JobStatus.ofParts(parts)
                .orElseGet(
                        () -> new JobStatus(JobState.UNKNOWN, "", "neither squeue nor sacct knows job " + job + why));
    }

    private List<JobStatus> ask(List<String> reasons, String program, String... arguments) {
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

    private static JobStatus part(String line) {
        String[] fields = line.split("\\|", 2);
        String word = fields[0].strip();
        String reason = fields.length < 2 || fields[1].equals("None") ? "" : fields[1].strip();
        JobState state = SlurmJobState.meaning(word, reason);
        boolean odd = state == JobState.UNKNOWN && SlurmJobState.of(word).isEmpty();
        return new JobStatus(state, word, odd ? "Colla does not know Slurm's state '" + word + "'" : reason);
    }
}
