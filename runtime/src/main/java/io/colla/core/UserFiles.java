package io.colla.core;

import io.colla.api.Direction;
import io.colla.core.Version.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is at the paths that users named, and who may put another version there or delete it. */
final class UserFiles {
    private final Core core;

    UserFiles(Core core) {
        this.core = core;
    }

    /** Whether a task may write the version straight to the user's path: nothing there may be read, now or to compute something again. */
    static boolean mayWrite(Version output) {
        Datum datum = output.datum;
        if (output.state != State.PENDING || datum.publishing || datum.doomed != null) {
            return false;
        }
        Version there = datum.atHome;
        if (there == null || there == output) {
            return true;
        }
        return switch (there.state) {
            case PENDING, MOVING -> false;
            case AVAILABLE -> !isRead(there) && !isRemembered(there);
            case LOST, FAILED, DEAD -> true;
        };
    }

    /** A task writes the version straight to the user's path. */
    void claim(Version output) {
        evict(output);
        output.datum.atHome = output;
        output.datum.copyAtHome = null;
    }

    /** What is at the user's path will be overwritten with the version. */
    private void evict(Version next) {
        Version there = next.datum.atHome;
        Content content = there == null || there == next ? null : there.content;
        if (content != null && content.place == Place.HOME) {
            core.versions.lost(content);
        }
    }

    private static boolean isRead(Version there) {
        Content content = there.content;
        if (content == null) {
            return false;
        }
        for (Version version : content.versions()) {
            if (version.readers > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRemembered(Version there) {
        Content content = there.content;
        if (content == null) {
            return false;
        }
        for (Version version : content.versions()) {
            if (version.lineage > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Brings the version of a wait to the user's path, now or as soon as nobody reads what is there.
     *
     * @return whether there is nothing to do, since a newer one is there
     */
    boolean publish(WaitRecord wait, Content content) {
        Version version = wait.version;
        Datum datum = version.datum;
        Version there = datum.atHome;
        if (there != null && there != version && there == datum.current && there.isAvailable()) {
            return true;
        }
        if (datum.publishing || (there != null && there != version && isBusy(there))) {
            datum.awaitHome(wait);
            return false;
        }
        evict(version);
        datum.atHome = null;
        datum.copyAtHome = null;
        datum.publishing = true;
        wait.step = WaitRecord.Step.PUBLISHING;
        wait.moving = content;
        int others = version.readers - 1 - (datum.isReferredTo(version) ? 1 : 0);
        boolean move = content.place == Place.SHARED && others == 0 && content.isExclusive();
        if (move) {
            version.state = State.MOVING;
        }
        core.effects.publish(wait.id, datum.id, content.id, content.place, move);
        return false;
    }

    private static boolean isBusy(Version there) {
        return switch (there.state) {
            case PENDING, MOVING -> true;
            case AVAILABLE -> isRead(there);
            case LOST, FAILED, DEAD -> false;
        };
    }

    /** The version of the wait is at the user's path, or could not be brought there. */
    void published(WaitRecord wait, boolean moved, @Nullable String error) {
        Version version = wait.version;
        Datum datum = version.datum;
        Content content = wait.moving;
        wait.moving = null;
        datum.publishing = false;
        if (error == null && content != null && content == version.content) {
            if (moved) {
                content.place = Place.HOME;
            } else {
                datum.copyAtHome = version;
            }
        }
        if (version.state == State.MOVING && content != null) {
            core.versions.available(version, content);
        }
        free(datum);
    }

    /** Nobody reads the version any more, or it is at the user's path now, or it never will be. */
    void changed(Version version) {
        Datum datum = version.datum;
        if (datum.homeWaits != null || datum.doomed != null) {
            free(datum);
        }
    }

    /** The user's path may have become free. */
    private void free(Datum datum) {
        Version doomed = datum.doomed;
        Version there = datum.atHome;
        boolean busy = datum.publishing || (there != null && isBusy(there));
        if (doomed != null && !busy && doomed.readers == 0 && doomed.state != State.PENDING) {
            datum.doomed = null;
            Content content = there == null ? null : there.content;
            if (content != null && content.place == Place.HOME) {
                core.versions.lost(content);
            }
            core.effects.dropShared(datum.id, -1, Place.HOME);
        }
        List<WaitRecord> waits = datum.homeWaits;
        if (waits != null) {
            datum.homeWaits = null;
            waits.forEach(core.waiting::proceed);
        }
    }

    /** The task is done: deletes the files that it was the last one to read. */
    void deleteRead(TaskRecord task) {
        for (int i = 0; i < task.directions.length; i++) {
            Version input = task.in[i];
            if (task.directions[i] == Direction.IN_DELETE && input != null) {
                delete(input);
            }
        }
    }

    /** Deletes the user's file as soon as nobody reads this version of it, which is the last one. */
    void delete(Version last) {
        if (last.datum.kind.hasHome()) {
            last.datum.doomed = last;
            free(last.datum);
        }
    }
}
