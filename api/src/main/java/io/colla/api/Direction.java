package io.colla.api;

/** How a task accesses one datum; the runtime derives all dependencies from it. */
public enum Direction {
    /** Reads the newest version. */
    IN,
    /** Writes a new version without reading the old one. */
    OUT,
    /** Reads the newest version and writes the next one. */
    INOUT,
    /** Updates the datum at the same time as other CONCURRENT tasks; the tasks' code keeps the updates safe. */
    CONCURRENT,
    /** Updates the datum in any order with other COMMUTATIVE tasks, one at a time. */
    COMMUTATIVE,
    /** Reads the newest version, which is deleted afterwards; nobody may read the datum again. */
    IN_DELETE;

    /** Whether the task sees the content that was there before. */
    public boolean reads() {
        return this != OUT;
    }

    /** Whether the task leaves new content behind. */
    public boolean writes() {
        return this == OUT || this == INOUT || this == CONCURRENT || this == COMMUTATIVE;
    }
}
