package io.colla.python.gateway.streams;

/** How often an element reaches a task that fails and is tried again. */
enum Mode {
    AT_MOST_ONCE,
    /** The next attempt gets again what the failed one's last poll was answered with. */
    AT_LEAST_ONCE,
    /** The next attempt gets again all that the failed one has polled. */
    EXACTLY_ONCE
}
