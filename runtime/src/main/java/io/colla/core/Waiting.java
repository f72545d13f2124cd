package io.colla.core;

import io.colla.core.WaitRecord.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The waits of the application: for data, which are brought where it can use them, and for groups of tasks. */
final class Waiting {
    private final Core core;

    Waiting(Core core) {
        this.core = core;
    }

    void start(int id, Datum datum) {
        core.updates.close(datum);
        Version version = datum.newest();
        version.readers++;
        WaitRecord wait = new WaitRecord(id, version);
        core.waits.put(id, wait);
        proceed(wait);
    }

    /** Takes the wait one step further, if it is not over. */
    void proceed(WaitRecord wait) {
        if (core.waits.get(wait.id) != wait || wait.step != Step.WAITING) {
            return;
        }
        Version version = wait.version;
        switch (version.state) {
            case AVAILABLE -> bring(wait);
            case PENDING, MOVING -> version.addWaiter(wait);
            case LOST -> {
                version.addWaiter(wait);
                core.recovery.recompute(version);
            }
            case FAILED -> end(wait, require(version.failure));
            case DEAD -> end(wait, Recovery.lostFor(version));
        }
    }

    /** The version is there: bring it where the application can use it. */
    private void bring(WaitRecord wait) {
        Version version = wait.version;
        Content content = require(version.content);
        Datum datum = version.datum;
        if (!content.isAt(0) && !content.isEverywhere()) {
            wait.step = Step.BRINGING;
            wait.moving = content;
            core.effects.bring(content.id, datum.kind.isFile(), datum.name, content.workers());
            return;
        }
        boolean atHome = content.place == Place.HOME || datum.copyAtHome == version;
        if (!datum.kind.hasHome() || atHome || core.userFiles.publish(wait, content)) {
            done(wait, content.id);
        }
    }

    private void done(WaitRecord wait, int content) {
        wait.step = Step.DONE;
        core.effects.waitDone(wait.id, content);
    }

    /** The file is at the user's path; {@code error} says why not. */
    void published(int id, boolean moved, @Nullable String error) {
        WaitRecord wait = core.waits.get(id);
        if (wait == null || wait.step != Step.PUBLISHING) {
            return;
        }
        Content content = wait.moving;
        wait.step = Step.WAITING;
        if (wait.abandoned) {
            core.waits.remove(id);
            core.versions.release(wait.version);
        } else if (error == null) {
            done(wait, content == null ? -1 : content.id);
        } else {
            end(wait, new Failure(Failure.Kind.LOST, "", "", error, null, ""));
        }
        core.userFiles.published(wait, moved, error);
    }

    void arrivedAtMaster(Content content) {
        List<WaitRecord> arrived = new ArrayList<>();
        core.waits.forEach(wait -> {
            if (wait.step == Step.BRINGING && wait.moving == content) {
                arrived.add(wait);
            }
        });
        arrived.forEach(this::restart);
    }

    private void restart(WaitRecord wait) {
        wait.step = Step.WAITING;
        wait.moving = null;
        proceed(wait);
    }

    /** Starts the waits over whose content was lost on its way. */
    void restartBroken() {
        List<WaitRecord> broken = new ArrayList<>();
        core.waits.forEach(wait -> {
            if (wait.step == Step.BRINGING && wait.moving != wait.version.content) {
                broken.add(wait);
            }
        });
        broken.forEach(this::restart);
    }

    /** Asks again for a content that could not be brought from some of the workers that have it, or for what replaces it. */
    void retryBring(int content) {
        giveUpBringing(content);
        Content known = core.contents.get(content);
        if (known != null) {
            arrivedAtMaster(known);
        }
        restartBroken();
    }

    /** Computing it again does not help if, for instance, it cannot be serialized. */
    private void giveUpBringing(int content) {
        List<WaitRecord> hopeless = new ArrayList<>();
        core.waits.forEach(wait -> {
            boolean waits = wait.step == Step.BRINGING && wait.moving != null && wait.moving.id == content;
            if (waits && ++wait.unfetched >= Recovery.MOST_UNFETCHED) {
                hopeless.add(wait);
            }
        });
        for (WaitRecord wait : hopeless) {
            String message = wait.version.datum.name + " could not be fetched from any node that has it, "
                    + wait.unfetched + " times; the run's log says why";
            end(wait, new Failure(Failure.Kind.LOST, "", "", message, null, ""));
        }
    }

    void end(WaitRecord wait, Failure failure) {
        if (core.waits.get(wait.id) != wait) {
            return;
        }
        core.waits.remove(wait.id);
        acknowledged(failure);
        core.effects.waitFailed(wait.id, failure);
        core.versions.release(wait.version);
    }

    /** The application has what it waited for, or does not want it any more. */
    void taken(int id) {
        WaitRecord wait = core.waits.get(id);
        if (wait == null) {
            return;
        }
        if (wait.step == Step.PUBLISHING) {
            wait.abandoned = true;
            return;
        }
        core.waits.remove(id);
        core.versions.release(wait.version);
    }

    void barrier(int id, GroupRecord group) {
        if (group.unfinished == 0) {
            endBarrier(group, id);
        } else {
            group.barriers.add(id);
        }
    }

    void endBarrier(GroupRecord group, int wait) {
        Failure failure = group == core.all ? core.pendingFailure : group.failure;
        group.failure = null;
        group.endedBy = null;
        if (failure == null) {
            core.effects.waitDone(wait, -1);
        } else {
            acknowledged(failure);
            core.effects.waitFailed(wait, failure);
        }
    }

    /** The application hears of the failure that ended its tasks: it may go on. */
    void acknowledged(Failure failure) {
        if (core.pendingFailure == failure) {
            core.pendingFailure = null;
        }
    }

    private static <T> T require(@Nullable T object) {
        if (object == null) {
            throw new IllegalStateException("a version has neither content nor failure");
        }
        return object;
    }
}
