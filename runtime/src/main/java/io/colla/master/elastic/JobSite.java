package io.colla.master.elastic;

import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobInfo;
import java.util.Collection;
import java.util.Map;

/** Where a run's further jobs come from. Methods run commands and block; called by one thread. */
public interface JobSite extends AutoCloseable {
    /**
     * Submits a job that joins the run.
     *
     * @param number of the job in the run
     * @param ticket what its workers are told; a secret
     * @return the batch system's id
     * @throws CommandException if the batch system refuses, with its words
     */
    String submit(int number, JoinTicket ticket) throws CommandException;

    /** How these jobs stand; an entry for each. */
    Map<String, JobInfo> query(Collection<String> ids);

    /** Ends a job or takes it out of the queue; well if it has ended. */
    void cancel(String id) throws CommandException;

    /** The job is over, or is not to join any more. */
    void forget(int number, String id);

    /** The end of what a job has printed, in one line; empty if nothing. */
    String lastWords(int number);

    /** All jobs are over or cancelled. */
    @Override
    void close();
}
