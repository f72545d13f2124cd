package io.colla.core;

import org.jspecify.annotations.Nullable;

/** What the application names: an object or a file, through all its versions. */
final class Datum {
    final int id;
    final DatumKind kind;
    final String name;
    /** The newest version; while a group of unordered updates is open, the one that it started from or its result. */
    @Nullable Version current;

    @Nullable UpdateGroup updates;
    /** The version whose content is at the user's path. */
    @Nullable Version atHome;

    boolean handleOpen = true;

    Datum(int id, DatumKind kind, String name) {
        this.id = id;
        this.kind = kind;
        this.name = name;
    }

    /** The newest version; a failed one if nothing was ever written. */
    Version newest() {
        Version newest = current;
        if (newest == null) {
            newest = new Version(this, null);
            newest.state = Version.State.FAILED;
            newest.failure = Failure.cancelled("", name + " is read before any task has written it");
            newest.readers = handleOpen ? 1 : 0;
            current = newest;
        }
        return newest;
    }
}
