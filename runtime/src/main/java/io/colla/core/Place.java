package io.colla.core;

/** Where a content is kept. */
public enum Place {
    /** In the stores of the workers that have it. */
    STORE,
    /** A file of the run in a folder that every node sees. */
    SHARED,
    /** A file at the path that the user named, which every node sees. */
    HOME
}
