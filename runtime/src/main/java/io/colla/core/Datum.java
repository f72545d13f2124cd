package io.colla.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the application names: an object or a file, through all its versions. */
final class Datum {
    final int id;
    final DatumKind kind;
    final String name;
    /** The newest version; while a group of unordered updates is open, the one that it started from or its result. */
    @Nullable
    Version current;

    @Nullable
    UpdateGroup updates;
    /** The version whose content is at the user's path, or is being written there. */
    @Nullable
    Version atHome;
    /** The version that is at the user's path as a copy. */
    @Nullable
    Version copyAtHome;
    /** A file is being brought to the user's path. */
    boolean publishing;
    /** Waits for the user's path to be free; or null. */
    @Nullable
    List<WaitRecord> homeWaits;
    /** The version whose readers are the last ones of the user's file, which is deleted after them; or null. */
    @Nullable
    Version doomed;

    boolean handleOpen = true;

    Datum(int id, DatumKind kind, String name) {
        this.id = id;
        this.kind = kind;
        this.name = name;
    }

    /** Whether the open handle holds a reader's reference on the version. An open group of commutative updates has taken it over. */
    boolean isReferredTo(Version version) {
        return handleOpen && current == version && (updates == null || updates.concurrent);
    }

    void awaitHome(WaitRecord wait) {
        if (homeWaits == null) {
            homeWaits = new ArrayList<>(1);
        }
        homeWaits.add(wait);
    }

    /** The newest version; a failed one if nothing was ever written. */
    Version newest() {
        Version newest = current;
        if (newest == null || newest.state == Version.State.DEAD) {
            String why = newest == null ? " is read before any task has written it" : " is read after it was deleted";
            newest = new Version(this, null);
            newest.state = Version.State.FAILED;
            newest.failure = Failure.cancelled("", name + why);
            newest.readers = handleOpen ? 1 : 0;
            current = newest;
        }
        return newest;
    }
}
