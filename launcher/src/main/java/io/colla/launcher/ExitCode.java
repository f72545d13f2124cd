package io.colla.launcher;

/** With what {@code colla} ends. An application that calls {@link System#exit} ends with the number that it gave, whatever it is. */
public enum ExitCode {
    OK(0, "all went well"),
    APPLICATION_THREW(1, "the application threw an exception; a check by doctor or trace failed"),
    USAGE(2, "wrong option, configuration or application file; impossible constraint"),
    INTERNAL(70, "an error in Colla itself"),
    TASK_FAILED(71, "a task failed and the application did not handle it"),
    NODES_LOST(72, "nodes or the data on them were lost, or no worker could start"),
    REFUSED(73, "the batch system refused a job or a request, or did not answer"),
    JOB_UNKNOWN(74, "the batch system does not say what became of a job that was waited for"),
    STILL_WAITING(75, "the time for waiting was over before the job was"),
    TIME_LIMIT(124, "the time limit was reached, or the job's time is nearly over"),
    HANGUP(129, "SIGHUP: the terminal was closed"),
    INTERRUPTED(130, "SIGINT: Ctrl-C"),
    WARNED(138, "SIGUSR1: the batch system's warning that the job's time is nearly over"),
    TERMINATED(143, "SIGTERM: scancel, kill");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** What it says, for help and the reference. */
    public String meaning() {
        return meaning;
    }
}
