package io.colla.api;

/** How the ranks of an MPI task are put on nodes where their number on each is left open. */
public enum Fill {
    /** On as few nodes as possible. */
    PACKED,

    /** On as many nodes as possible, evenly. */
    SPREAD
}
