package io.colla.tracing;

import java.util.Locale;

/** Kinds of events that a run records or not. */
public enum EventGroup {
    /** Tasks: what ran where and when, with the amounts that it had. */
    TASKS,
    /** What the main program calls and waits for. */
    API,
    /** Contents that went from one node to another. */
    TRANSFERS,
    /** What the application itself records. */
    USER,
    /** What master and workers do: their phases, the depth of the ready queue, affinity. */
    RUNTIME,
    /** Which task waited for which. */
    DEPENDENCIES,
    /** What Python does in tasks and in the main program: (de)serialisation, user code, sizes. */
    BINDING,
    /** Use of each node's cores, memory and network, sampled. */
    COUNTERS,
    /** The processor's own counters for each task, by PAPI. */
    HARDWARE;

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
