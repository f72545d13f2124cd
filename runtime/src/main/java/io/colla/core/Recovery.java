package io.colla.core;

import io.colla.core.Version.State;
import io.colla.scheduler.Gang;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lost nodes and lost contents: what was running goes elsewhere, what is needed is computed again. */
final class Recovery {
    /** How often an input may fail to be fetched before its task has failed, and a datum before the wait for it has. */
    static final int MOST_UNFETCHED = 10;

    private static final int MOST_EVACUATED_AT_ONCE = 16;

    private final Core core;
    private final List<Version> postponed = new ArrayList<>();
    /** What was asked for, of each worker that is to leave. */
    private final Map<Integer, Set<Integer>> evacuating = new HashMap<>();

    Recovery(Core core) {
        this.core = core;
    }

    void workerLost(int worker, String why) {
        if (!core.scheduler.knows(worker)) {
            return;
        }
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
        evacuating.remove(worker);
        core.waiting.restartBroken();
        endStranded();
    }

    /** Ends the tasks that no worker can run any more. */
    void endStranded() {
        core.scheduler.stranded().forEach(taskClass -> {
            List<TaskRecord> stranded = new ArrayList<>();
            core.scheduler.forEachQueued(taskClass, task -> stranded.add((TaskRecord) task));
            stranded.forEach(this::stranded);
        });
    }

    /** Breaks off what runs on a worker, to run elsewhere. How long it ran counts as what such tasks take, so that it begins where there is more time. */
    void evict(int worker, String why) {
        List<TaskRecord> tasks = new ArrayList<>();
        core.tasks.forEach(task -> {
            if (task.state == TaskState.ASSIGNED && isOn(task, worker)) {
                tasks.add(task);
            }
        });
        for (TaskRecord task : tasks) {
            if (task.state == TaskState.ASSIGNED) {
                task.nodesLost++;
                task.lastLoss = why;
                core.scheduler.brokenOff(task, core.now);
                core.move(task, TaskState.STOPPING);
                task.restarting = true;
                core.effects.stop(task.worker, task.id, task.attempt, why);
            }
        }
    }

    /** Asks for a part of what only that worker has. @return how much is not at the master yet */
    int evacuate(int worker) {
        Set<Integer> asked = evacuating.computeIfAbsent(worker, w -> new HashSet<>());
        asked.removeIf(number -> {
            Content content = core.contents.get(number);
            return content == null || content.workers().length != 1 || !content.isAt(worker);
        });
        int[] left = {0};
        core.contents.forEach(content -> {
            if (content.place == Place.STORE && content.workers().length == 1 && content.isAt(worker)) {
                left[0]++;
                if (asked.size() < MOST_EVACUATED_AT_ONCE && asked.add(content.id)) {
                    bring(content);
                }
            }
        });
        return left[0];
    }

    private void bring(Content content) {
        Datum datum = content.owner.datum;
        boolean file = datum.kind != DatumKind.OBJECT;
        core.effects.bring(content.id, file, datum.name, content.workers().clone());
    }

    private static boolean isOn(TaskRecord task, int worker) {
        if (task.state != TaskState.ASSIGNED && task.state != TaskState.STOPPING) {
            return false;
        }
        Gang gang = task.gang();
        return task.worker == worker || (gang != null && gang.has(worker));
    }

    private void takeBack(TaskRecord task, int worker, String why) {
        if (!isOn(task, worker)) {
            return;
        }
        boolean cancelled = task.state == TaskState.STOPPING && !task.restarting;
        if (!cancelled && !task.restarting) {
            task.nodesLost++;
            task.lastLoss = why;
        }
        if (task.worker != worker) {
            if (task.state == TaskState.ASSIGNED) {
                core.move(task, TaskState.STOPPING);
                task.restarting = true;
                core.effects.stop(task.worker, task.id, task.attempt, "another node of the task was lost");
            }
            return;
        }
        if (task.state == TaskState.STOPPING) {
            core.outcomes.stopped(task, 0, true);
        } else {
            core.attempts.abandon(task, true);
            restart(task);
        }
    }

    /** Runs a task again whose attempt was broken off by the loss of a node. */
    void restart(TaskRecord task) {
        if (task.nodesLost < core.settings.nodeLosses()) {
            core.outcomes.again(task);
            return;
        }
        String message =
                task.label() + " was running on " + task.nodesLost + " nodes when they were lost, the last time: "
                        + task.lastLoss + "; it may be what ends them (too much memory?)";
        core.outcomes.giveUp(task, 0, new Failure(Failure.Kind.NODES, task.label(), "", message, null, ""));
    }

    /** A worker no longer has the content. */
    void lost(Content content, int worker) {
        content.removeWorker(worker);
        if (!content.isSomewhere()) {
            core.versions.lost(content);
        }
    }

    /** What members of a group of concurrent updates have made was on a lost node, and their updates cannot be made again one by one. */
    void lostUpdates(TaskRecord task, UpdateGroup group) {
        Failure failure = new Failure(
                Failure.Kind.LOST,
                task.label(),
                "",
                "what " + task.label() + " and others have updated concurrently in " + group.last.datum.name
                        + " was on a node that is gone, and cannot be computed again",
                null,
                "");
        core.cascade.cancel(task, failure);
        core.cascade.failAll(failure);
    }

    /** The task could not begin since an input could not be fetched. Tries again, but not for ever. */
    void unfetched(TaskRecord task, int content) {
        if (task.state == TaskState.STOPPING) {
            core.outcomes.stopped(task, 0, false);
            return;
        }
        core.attempts.abandon(task, false);
        if (++task.unfetched < MOST_UNFETCHED) {
            task.avoided = task.worker;
            core.outcomes.again(task);
            return;
        }
        String message = task.label() + " could not begin: " + nameOf(task, content)
                + " could not be fetched from any node that has it, " + task.unfetched + " times";
        core.outcomes.giveUp(task, 0, new Failure(Failure.Kind.LOST, task.label(), "", message, null, ""));
    }

    private static String nameOf(TaskRecord task, int content) {
        for (Version input : task.in) {
            Content read = input == null ? null : input.content;
            if (input != null && read != null && read.id == content) {
                return input.datum.name;
            }
        }
        return "an input";
    }

    /**
     * No source gave the content.
     *
     * @param reporter who says so: surely knows of itself
     */
    void unreachable(int content, int[] workers, int reporter) {
        Content known = core.contents.get(content);
        if (known == null) {
            return;
        }
        for (int worker : workers) {
            // When another could not reach the master, its copy may be all there is, and it will be asked again.
            if ((worker != 0 || reporter == 0) && known.isAt(worker)) {
                lost(known, worker);
                core.effects.drop(worker, content);
            }
        }
    }

    /** A task's books are closed: what was postponed for its sake goes on. */
    void resume() {
        if (postponed.isEmpty()) {
            return;
        }
        List<Version> waiting = List.copyOf(postponed);
        postponed.clear();
        waiting.forEach(this::recompute);
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
                core.cascade.fail(version, lostFor(version));
            } else if (producer.state == TaskState.DONE && !producer.retained) {
                // It is just finishing: what it delivered has led here before its books were closed.
                postponed.add(version);
            } else if (producer.state == TaskState.DONE) {
                rerun(producer, pending);
            } else if (producer.state == TaskState.STOPPING && !producer.restarting) {
                core.cascade.fail(version, producer.failure != null ? producer.failure : lostFor(version));
            } else {
                version.state = State.PENDING;
            }
        }
    }

    static Failure lostFor(Version version) {
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
        core.cascade.cancel(task, failure);
        core.cascade.failAll(failure);
    }
}
