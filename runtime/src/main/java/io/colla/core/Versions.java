package io.colla.core;

import io.colla.core.Version.State;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Counts who may still read a version, makes it available, and frees it. A version's content is dropped when nobody will read it and it could be
 * computed again if that turned out wrong; the version itself is forgotten when no finished task that is still remembered has read it. Releases cascade
 * without recursion, since chains are long.
 */
final class Versions {
    private final Core core;
    private final Deque<Version> unread = new ArrayDeque<>();
    private final ArrayDeque<TaskRecord> retained = new ArrayDeque<>();
    private int retainedCount;
    private boolean settling;

    Versions(Core core) {
        this.core = core;
    }

    /** Makes a version the newest of its datum. */
    void supersede(Datum datum, Version next) {
        Version old = datum.current;
        datum.current = next;
        if (datum.handleOpen) {
            next.readers++;
        }
        if (old != null && datum.handleOpen) {
            release(old);
        }
    }

    Content newContent(Version owner, int id, Place place, long size) {
        Content content = new Content(id, owner, place, size);
        core.contents.put(id, content);
        return content;
    }

    /** The version has this content now; whoever waited for it goes on. */
    void available(Version version, Content content) {
        version.content = content;
        version.state = State.AVAILABLE;
        if (content.place == Place.HOME) {
            version.datum.atHome = version;
        }
        if (version.readers == 0) {
            settle(version);
            return;
        }
        for (Waiter waiter : version.takeWaiters()) {
            if (waiter instanceof TaskRecord task) {
                core.readiness.inputArrived(task);
            } else if (waiter instanceof WaitRecord wait) {
                core.waiting.proceed(wait);
            }
        }
        core.userFiles.changed(version);
    }

    /** A reader has finished. */
    void release(Version version) {
        if (--version.readers == 0) {
            settle(version);
        }
    }

    void releaseInputs(TaskRecord task) {
        for (Version input : task.in) {
            if (input != null) {
                release(input);
            }
        }
    }

    private void settle(Version first) {
        unread.add(first);
        if (settling) {
            return;
        }
        settling = true;
        try {
            for (Version version = unread.poll(); version != null; version = unread.poll()) {
                settleOne(version);
            }
        } finally {
            settling = false;
        }
    }

    private void settleOne(Version version) {
        if (version.readers > 0 || version.state == State.DEAD || version.state == State.MOVING) {
            return;
        }
        boolean root = version.producer == null;
        if (version.state == State.AVAILABLE && (version.lineage == 0 || !root)) {
            letGo(version);
        }
        if (version.lineage == 0 && version.state != State.PENDING) {
            version.state = State.DEAD;
            retireProducer(version);
        }
        core.userFiles.changed(version);
    }

    /** Drops the content; a file at the user's path stays there, and could still be read if something had to be computed again. */
    private void letGo(Version version) {
        Content content = version.content;
        if (content == null || content.place != Place.HOME || version.lineage == 0) {
            dropContent(version);
        }
    }

    private void retireProducer(Version version) {
        TaskRecord producer = version.producer;
        if (producer == null) {
            return;
        }
        version.producer = null;
        if (--producer.liveOutputs == 0 && producer.retained) {
            retire(producer);
        }
    }

    private void retire(TaskRecord task) {
        task.retained = false;
        retainedCount--;
        core.tasks.remove(task.id);
        releaseLineage(task);
    }

    private void releaseLineage(TaskRecord task) {
        for (Version input : task.in) {
            if (input != null && --input.lineage == 0 && input.readers == 0) {
                settle(input);
            }
        }
    }

    /** Deletes the content wherever it is. The version could be computed again if it has a producer. */
    void dropContent(Version version) {
        Content content = version.content;
        version.content = null;
        if (version.state == State.AVAILABLE) {
            version.state = State.LOST;
        }
        if (content != null) {
            unlink(version, content);
        }
    }

    private void unlink(Version version, Content content) {
        if (content.disown(version)) {
            discard(content);
        } else if (version.datum.atHome == version) {
            version.datum.atHome = content.versions().get(0);
        }
    }

    /** Deletes a content that no version needs, wherever it is; a file at the user's path stays. */
    void discard(Content content) {
        core.contents.remove(content.id);
        if (content.place == Place.SHARED) {
            core.effects.dropShared(content.owner.datum.id, content.id, content.place);
        }
        for (int worker : content.workers()) {
            core.effects.drop(worker, content.id);
        }
    }

    /** The content is gone without anybody having asked for it. */
    void lost(Content content) {
        core.contents.remove(content.id);
        for (Version version : content.versions()) {
            if (version.content == content) {
                version.content = null;
                version.state = State.LOST;
            }
        }
    }

    /** Takes the content away without deleting it: it is being changed in place. */
    void detach(Version version) {
        version.content = null;
        version.state = State.LOST;
    }

    /**
     * The task has finished and has given up its readers' references: remember it while its results may be lost, else forget it.
     */
    void retain(TaskRecord task) {
        if (task.liveOutputs == 0) {
            core.tasks.remove(task.id);
            return;
        }
        task.retained = true;
        retainedCount++;
        retained.add(task);
        for (Version input : task.in) {
            if (input != null) {
                input.lineage++;
            }
        }
        if (retainedCount > core.settings.lineage()) {
            evictOldest();
        } else if (retained.size() > 2 * retainedCount + 1024) {
            retained.removeIf(t -> !t.retained);
        }
    }

    /** The task runs again: it reads its inputs once more. */
    void unretain(TaskRecord task) {
        task.retained = false;
        retainedCount--;
        for (Version input : task.in) {
            if (input != null) {
                input.lineage--;
                input.readers++;
            }
        }
    }

    private void evictOldest() {
        TaskRecord oldest = retained.poll();
        while (oldest != null && !oldest.retained) {
            oldest = retained.poll();
        }
        if (oldest == null) {
            return;
        }
        for (Version output : oldest.out) {
            if (output != null && output.producer == oldest) {
                output.producer = null;
            }
        }
        oldest.liveOutputs = 0;
        retire(oldest);
    }

    /** Whether an update may use the content up: it is somewhere else too, or its task is remembered. */
    static boolean isRecoverable(Version version, int worker) {
        if (version.producer != null) {
            return true;
        }
        Content content = version.content;
        if (content == null) {
            return false;
        }
        for (int other : content.workers()) {
            if (other != worker) {
                return true;
            }
        }
        return false;
    }

    int retainedTasks() {
        return retainedCount;
    }
}
