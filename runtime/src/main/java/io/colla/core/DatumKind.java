package io.colla.core;

/** What a datum is, as far as the place of its contents goes. */
public enum DatumKind {
    OBJECT,
    /** A file whose path every node sees. */
    SHARED_FILE,
    /** A file whose path only the application's node sees. */
    LOCAL_FILE,
    /** A file of the run without a path of the user's, in a folder that every node sees. */
    SHARED_TEMPORARY,
    /** The same in the stores of the nodes. */
    LOCAL_TEMPORARY;

    public boolean isFile() {
        return this != OBJECT;
    }

    boolean hasHome() {
        return this == SHARED_FILE || this == LOCAL_FILE;
    }

    boolean isShared() {
        return this == SHARED_FILE || this == SHARED_TEMPORARY;
    }
}
