package io.colla.core;

import io.colla.core.Version.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lost nodes and lost contents, and the waits of the application, which go through the same changes. */
final class Recovery {
    private final Core core;

    Recovery(Core core) {
        this.core = core;
    }

    void workerLost(int worker, String why) {
        core.scheduler.removeWorker(worker);
        List<Content> affected = new ArrayList<>();
        core.contents.forEach(content -> {
            if (content.isAt(worker)) {
                affected.add(content);
            }
        });
        affected.forEach(content -> lost(content, worker));
        List<TaskRecord> tasks = new ArrayList<>();
        core.tasks.forEach(task -> {
            if (isOn(task, worker)) {
                tasks.add(task);
            }
        });
        tasks.forEach(task -> takeBack(task, worker, why));
        restartWaits();
        core.scheduler.stranded().forEach(taskClass -> {
            List<TaskRecord> stranded = new ArrayList<>();
            core.scheduler.forEachQueued(taskClass, task -> stranded.add((TaskRecord) task));
            stranded.forEach(this::stranded);
        });
    }

    private static boolean isOn(TaskRecord task, int worker) {
        if (task.state != TaskState.ASSIGNED && task.state != TaskState.STOPPING) {
            return sharesOn(task, worker);
        }
        if (task.worker == worker) {
            return true;
        }
        int[] nodes = task.nodes;
        if (nodes != null) {
            for (int node : nodes) {
                if (node == worker) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean sharesOn(TaskRecord task, int worker) {
        UpdateGroup[] groups = task.updates;
        if (groups == null || task.state.isOver()) {
            return false;
        }
        for (UpdateGroup group : groups) {
            if (group != null && group.concurrent && group.worker == worker) {
                return true;
            }
        }
        return false;
    }

    private void takeBack(TaskRecord task, int worker, String why) {
        if (sharesOn(task, worker)) {
            takeOff(task, worker);
            Failure failure = new Failure(
                    Failure.Kind.LOST,
                    task.label(),
                    "",
                    "the object that " + task.label() + " updates together with others was on a lost node (" + why + ")",
                    null,
                    "");
            if (task.state == TaskState.STOPPING) {
                core.outcomes.cancelled(task, 0);
            } else if (task.state == TaskState.ASSIGNED) {
                core.outcomes.giveUp(task, 0, failure);
            } else if (!task.state.isOver()) {
                core.outcomes.cancel(task, failure);
                core.outcomes.failAll(failure);
            }
            return;
        }
        takeOff(task, worker);
        if (task.state == TaskState.STOPPING) {
            core.outcomes.cancelled(task, 0);
        } else if (++task.nodesLost >= core.settings.nodeLosses()) {
            core.outcomes.giveUp(
                    task,
                    0,
                    new Failure(
                            Failure.Kind.NODES,
                            task.label(),
                            "",
                            task.label() + " was running on " + task.nodesLost + " nodes when they were lost, the last time: "
                                    + why + "; it may be what ends them (too much memory?)",
                            null,
                            ""));
        } else {
            core.outcomes.again(task);
        }
    }

    /** Ends the attempt from the master's side: the other nodes of a gang are told. */
    private void takeOff(TaskRecord task, int lost) {
        if (task.state != TaskState.ASSIGNED && task.state != TaskState.STOPPING) {
            return;
        }
        int first = task.worker;
        core.outcomes.leaveWorker(task);
        core.outcomes.restoreConsumed(task, true);
        if (first != lost) {
            core.effects.stop(first, task.id, task.attempt, "another node of the task was lost");
        }
    }

    /** A worker no longer has the content. */
    void lost(Content content, int worker) {
        content.removeWorker(worker);
        if (content.isSomewhere()) {
            return;
        }
        Version version = content.owner;
        if (version.content != content) {
            return;
        }
        core.contents.remove(content.id);
        version.content = null;
        version.state = State.LOST;
    }

    /** No source gave the content. */
    void unreachable(int content, int[] workers) {
        Content known = core.contents.get(content);
        if (known == null) {
            return;
        }
        for (int worker : workers) {
            if (known.isAt(worker)) {
                lost(known, worker);
                core.effects.drop(worker, content);
            }
        }
    }

    /** Runs the tasks again that lead to a lost version; fails it if there is no way. */
    void recompute(Version wanted) {
        ArrayDeque<Version> pending = new ArrayDeque<>();
        pending.add(wanted);
        for (Version version = pending.poll(); version != null; version = pending.poll()) {
            if (version.state != State.LOST) {
                continue;
            }
            TaskRecord producer = version.producer;
            if (producer == null) {
                core.outcomes.fail(version, lostFor(version));
            } else if (producer.state == TaskState.DONE) {
                rerun(producer, pending);
            } else {
                version.state = State.PENDING;
            }
        }
    }

    private static Failure lostFor(Version version) {
        String name = version.datum.name;
        return new Failure(
                Failure.Kind.LOST,
                "",
                "",
                "the content of " + name
                        + " was only on nodes that are gone or was used up by a failed update, and it cannot be computed again",
                null,
                "");
    }

    private void rerun(TaskRecord task, ArrayDeque<Version> pending) {
        if (task.failure != null) {
            // An ignored failure: its results stand for nothing and cannot be made again.
            for (Version output : task.out) {
                if (output != null && output.state == State.LOST) {
                    core.outcomes.fail(output, lostFor(output));
                }
            }
            return;
        }
        core.move(task, TaskState.WAITING);
        core.versions.unretain(task);
        core.effects.again(task);
        task.group.unfinished++;
        if (task.group != core.all) {
            core.all.unfinished++;
        }
        for (Version output : task.out) {
            if (output != null && output.state == State.LOST) {
                output.state = State.PENDING;
            }
        }
        task.missing = 0;
        boolean failed = false;
        for (Version input : task.in) {
            if (input == null || input.isAvailable()) {
                continue;
            }
            failed |= input.state == State.FAILED;
            task.missing++;
            input.addWaiter(task);
            if (input.state == State.LOST) {
                pending.add(input);
            }
        }
        if (failed || task.missing == 0) {
            core.readiness.await(task);
        }
    }

    /** No worker can run the task any more. */
    void stranded(TaskRecord task) {
        Failure failure = new Failure(
                Failure.Kind.NODES,
                task.label(),
                "",
                "no node that is left can run " + task.label() + ", which needs "
                        + task.template.implementations().get(0),
                null,
                "");
        core.outcomes.cancel(task, failure);
        core.outcomes.failAll(failure);
    }

    // The application's waits

    void startWait(int id, Datum datum) {
        core.readiness.close(datum);
        Version version = datum.newest();
        version.readers++;
        WaitRecord wait = new WaitRecord(id, version);
        core.waits.put(id, wait);
        proceed(wait);
    }

    private void proceed(WaitRecord wait) {
        Version version = wait.version;
        switch (version.state) {
            case AVAILABLE -> deliver(wait);
            case PENDING -> version.addWaiter(wait);
            case LOST -> {
                version.addWaiter(wait);
                recompute(version);
            }
            case FAILED -> endWait(wait, require(version.failure));
            case DEAD -> endWait(wait, lostFor(version));
        }
    }

    /** The version is there: bring it where the application can use it. */
    void deliver(WaitRecord wait) {
        Version version = wait.version;
        Content content = require(version.content);
        Datum datum = version.datum;
        boolean here = content.isAt(0) || content.isEverywhere();
        if (!here) {
            if (wait.moving != content) {
                wait.moving = content;
                core.effects.bring(content.id, datum.kind.isFile(), datum.name, content.workers());
            }
            return;
        }
        wait.moving = null;
        boolean publish = datum.kind.hasHome() && content.place != Place.HOME && !version.published;
        if (publish) {
            wait.moving = content;
            int others = version.readers - 1 - (datum.handleOpen && datum.current == version ? 1 : 0);
            boolean move = content.place == Place.SHARED && others == 0 && content.versions == 1;
            core.effects.publish(wait.id, datum.id, content.id, content.place, move);
        } else {
            core.effects.waitDone(wait.id, content.id);
        }
    }

    /** The file is at the user's path; {@code error} says why not. */
    void published(int id, boolean moved, @Nullable String error) {
        WaitRecord wait = core.waits.get(id);
        if (wait == null) {
            return;
        }
        Version version = wait.version;
        Content content = wait.moving;
        wait.moving = null;
        if (error != null) {
            endWait(wait, new Failure(Failure.Kind.LOST, "", "", error, null, ""));
            return;
        }
        if (content != null && content == version.content) {
            if (moved) {
                content.place = Place.HOME;
                version.datum.atHome = version;
            } else {
                version.published = true;
                version.datum.atHome = null;
            }
        }
        core.effects.waitDone(id, content == null ? -1 : content.id);
    }

    void arrivedAtMaster(Content content) {
        List<WaitRecord> arrived = new ArrayList<>();
        core.waits.forEach(wait -> {
            if (wait.moving == content) {
                arrived.add(wait);
            }
        });
        for (WaitRecord wait : arrived) {
            wait.moving = null;
            proceed(wait);
        }
    }

    /** Starts the waits over whose content was lost on its way. */
    void restartWaits() {
        List<WaitRecord> broken = new ArrayList<>();
        core.waits.forEach(wait -> {
            Content moving = wait.moving;
            if (moving != null && moving != wait.version.content) {
                broken.add(wait);
            }
        });
        for (WaitRecord wait : broken) {
            wait.moving = null;
            proceed(wait);
        }
    }

    /** Asks again for contents that are still somewhere after a failed attempt to bring them. */
    void retryBring(int content) {
        Content known = core.contents.get(content);
        if (known != null) {
            arrivedAtMaster(known);
        }
        restartWaits();
    }

    void endWait(WaitRecord wait, Failure failure) {
        core.waits.remove(wait.id);
        core.versions.release(wait.version);
        acknowledged(failure);
        core.effects.waitFailed(wait.id, failure);
    }

    /** The application has what it waited for. */
    void waitTaken(int id) {
        WaitRecord wait = core.waits.get(id);
        if (wait != null) {
            core.waits.remove(id);
            core.versions.release(wait.version);
        }
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
