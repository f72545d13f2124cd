package io.colla.slurm;

import io.colla.platform.Commands;
import io.colla.platform.Commands.Answer;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobControl;
import io.colla.platform.JobInfo;
import io.colla.platform.JobRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Slurm's sbatch, squeue, sacct and scancel. */
final class SlurmJobs implements JobControl {
    private static final String GONE = "Invalid job id specified";
    private static final String OVER = "already completing or completed";

    private final Map<String, String> environment;
    private final Commands commands;
    private final SlurmQueue queue;

    SlurmJobs(Map<String, String> environment) {
        this.environment = SlurmCommands.outside(environment);
        this.commands = SlurmCommands.in(this.environment);
        this.queue = new SlurmQueue(commands);
    }

    @Override
    public String system() {
        return "slurm";
    }

    @Override
    public String script(JobRequest request) {
        return SlurmScript.of(request);
    }

    @Override
    public String submit(Path script) throws CommandException {
        Commands sbatch = SlurmCommands.in(SlurmCommands.submitting(environment, read(script)));
        Answer answer = sbatch.ask("sbatch", List.of("--parsable", script.toString()));
        if (answer.code() != 0) {
            throw new CommandException("Slurm refused the job: " + refusal(answer.words()));
        }
        return answer.out()
                .strip()
                .lines()
                .reduce((first, last) -> last)
                .orElse("")
                .split(";")[0];
    }

    private static String read(Path script) throws CommandException {
        try {
            return Files.readString(script);
        } catch (IOException e) {
            throw new CommandException("cannot read the script " + script + ": " + e.getMessage());
        }
    }

    /** sbatch's own words, without what it puts before them. */
    static String refusal(String words) {
        String plain = words.replaceAll("(?:sbatch|scancel): (?:error|fatal): ", "");
        return plain.replaceFirst("(?:^|; )Batch job submission failed: ", plain.startsWith("Batch") ? "" : "; ");
    }

    @Override
    public Map<String, JobInfo> query(Collection<String> jobs) {
        return queue.query(jobs);
    }

    @Override
    public List<JobInfo> mine() throws CommandException {
        return queue.mine();
    }

    @Override
    public void cancel(String job) throws CommandException {
        scancel(List.of(job));
    }

    /** {@inheritDoc} Only the batch script of a running job gets the signal; its steps are the run's to end. */
    @Override
    public boolean cancelInOrder(String job) throws CommandException {
        scancel(List.of("--state=PENDING", job));
        scancel(List.of("--state=SUSPENDED", job));
        scancel(List.of("--state=RUNNING", "--batch", "--signal=TERM", job));
        return true;
    }

    private void scancel(List<String> arguments) throws CommandException {
        Answer answer = commands.ask("scancel", arguments);
        boolean over = answer.err().contains(GONE) || answer.err().contains(OVER);
        if (answer.code() != 0 && !over) {
            throw new CommandException("Slurm says: " + refusal(answer.words()));
        }
    }

    @Override
    public List<String> cancelCommand() {
        return List.of("scancel");
    }
}
