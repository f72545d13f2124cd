package io.colla.api;

/** What happens to the run when a task has failed. */
public enum FailurePolicy {
    /** Run the task again, {@linkplain TaskOptions#retries(int) twice more} unless told otherwise, on another node when there is one; then as {@link #FAIL}. */
    RETRY,
    /** Cancel all unfinished tasks; the error is thrown by the application's next wait. */
    FAIL,
    /** Go on as if the task had finished: results are {@code null}, updated data keep their old content. */
    IGNORE,
    /** Cancel the tasks that need this one's results, directly or through others; waiting for such a result throws. */
    CANCEL_SUCCESSORS
}
