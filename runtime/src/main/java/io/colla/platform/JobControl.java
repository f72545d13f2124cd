package io.colla.platform;

import io.colla.platform.Commands.CommandException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Batch jobs of one batch system: only its dialect. Who waits for a job polls no more often than needed; nothing here does. Thread-safe. All methods but
 * {@link #script} run commands and block for some ten seconds at most.
 */
public interface JobControl {
    /** The batch system's name, as {@link BatchSystem#name}. */
    String system();

    /**
     * The batch script, to be read by people too.
     *
     * @throws io.colla.api.UsageException if this batch system cannot do what is asked for; the sentence says what to do
     */
    String script(JobRequest request);

    /**
     * Submits a script that {@link #script} made.
     *
     * @return the job's id
     * @throws CommandException if the batch system refuses it or does not answer; the message has its words
     */
    String submit(Path script) throws CommandException;

    /**
     * What the batch system says of these jobs; never fails. A job that it does not know or say anything of is {@link JobState#UNKNOWN}, with a reason.
     *
     * @param jobs as {@link #submit} returned them
     * @return an entry for each
     */
    Map<String, JobInfo> query(Collection<String> jobs);

    /**
     * All jobs of this user that are queued or running, whoever submitted them.
     *
     * @throws CommandException if the batch system does not answer
     */
    List<JobInfo> mine() throws CommandException;

    /**
     * Ends the job, or takes it out of the queue.
     *
     * @throws CommandException if the batch system refuses or does not answer; not for a job that has ended already
     */
    void cancel(String job) throws CommandException;

    /**
     * Asks the main command of a running job to end in order, where this batch system can do that without ending the job at once; takes it out of the queue when it
     * is not running.
     *
     * @return false where the batch system has no way to do so; nothing has happened then
     * @throws CommandException as {@link #cancel}
     */
    boolean cancelInOrder(String job) throws CommandException;

    /** Program and arguments, to be followed by ids, that end jobs when this process no longer can; empty when there is no such command. */
    default List<String> cancelCommand() {
        return List.of();
    }
}
