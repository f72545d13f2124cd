package io.colla.pbs;

import io.colla.platform.Commands;
import io.colla.platform.Commands.Answer;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobControl;
import io.colla.platform.JobInfo;
import io.colla.platform.JobRequest;
import io.colla.platform.JobState;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** qsub, qstat, qselect and qdel of OpenPBS, PBS Professional and Torque. */
final class PbsJobs implements JobControl {
    /** What qdel says of a job that is over: by exit code 35 and 153 in both families, and in words. */
    private static final Pattern OVER = Pattern.compile("(?i)has finished|unknown job|invalid for state");

    private static final Pattern INSIDE = Pattern.compile(
            "PBS_(?!EXEC|CONF_FILE|SERVER|DEFAULT)|SLURM_|PMI_|PMIX_|OMPI_|PRTE_|COLLA_JOB_|COLLA_ARRAY_INDEX$");

    private final Commands commands;
    private final PbsQueue queue;
    private final boolean torque;

    PbsJobs(Map<String, String> environment, boolean torque) {
        Map<String, String> outside = new TreeMap<>(environment);
        outside.keySet().removeIf(name -> INSIDE.matcher(name).lookingAt());
        this.commands = new Commands(PbsCommands.withFolder(outside));
        this.queue =
                new PbsQueue(commands, torque, environment.getOrDefault("USER", System.getProperty("user.name", "")));
        this.torque = torque;
    }

    @Override
    public String system() {
        return "pbs";
    }

    @Override
    public String script(JobRequest request) {
        return PbsScript.of(request, torque);
    }

    @Override
    public String submit(Path script) throws CommandException {
        Answer answer = commands.ask("qsub", List.of(script.toString()));
        String id = answer.out().strip().lines().reduce((first, last) -> last).orElse("");
        if (answer.code() != 0 || id.isEmpty()) {
            throw new CommandException("PBS refused the job: " + plain(answer));
        }
        return id;
    }

    private static String plain(Answer answer) {
        return answer.words().replaceAll("(?:qsub|qdel): (?:submit error )?", "");
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
        Answer answer = commands.ask("qdel", List.of(job));
        if (answer.code() != 0 && !OVER.matcher(answer.err()).find()) {
            throw new CommandException("PBS says: " + plain(answer));
        }
    }

    /** {@inheritDoc} A signal of PBS's would end the login shell that the script runs in, and with it the job. */
    @Override
    public boolean cancelInOrder(String job) throws CommandException {
        JobState state =
                query(List.of(job)).getOrDefault(job, JobInfo.unknown(job, "")).state();
        if (state.ended()) {
            return true;
        }
        if (state == JobState.QUEUED || state == JobState.HELD) {
            cancel(job);
            return true;
        }
        return false;
    }

    @Override
    public List<String> cancelCommand() {
        return List.of("qdel");
    }
}
