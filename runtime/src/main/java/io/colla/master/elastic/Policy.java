package io.colla.master.elastic;

import io.colla.master.elastic.Situation.Job;
import io.colla.master.elastic.Situation.Stage;
import io.colla.master.elastic.Situation.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides how many further jobs a run has. As many as bring what waits to its end in about {@link Terms#worth}, and never more cores than waiting tasks; one is not
 * worth it while the workers that are there need less than that. What is queued and not needed any more is taken back, and what is idle let go, each only after a
 * while, so that no job is given up for another that is asked for a moment later. Not thread-safe; no clock of its own.
 */
public final class Policy {
    /** How long a task is taken to last of which nothing is known: such as are worth a job. */
    private static final long UNKNOWN = Duration.ofSeconds(60).toNanos();
    /** Tasks that have not moved for so long do not count on the workers that are there. */
    private static final long STALLED = Duration.ofSeconds(60).toNanos();

    /**
     * @param idle how long a job's workers are idle before they are let go
     * @param worth the time in which what waits should be done, and for which no job is submitted
     * @param unneeded how long a queued job is not needed before it is taken back
     */
    public record Terms(Duration idle, Duration worth, Duration unneeded) {
        /** With the usual patience. */
        public static Terms of(Duration idle) {
            return new Terms(idle, Duration.ofSeconds(15), Duration.ofSeconds(10));
        }
    }

    /**
     * @param submit so many further jobs
     * @param cancel the numbers of queued jobs that are not needed
     * @param letGo the numbers of jobs whose workers are idle
     */
    public record Decision(int submit, List<Integer> cancel, List<Integer> letGo) {}

    private final Terms terms;
    private boolean tooMany;
    private long tooManySince;

    public Policy(Terms terms) {
        this.terms = terms;
    }

    /** What to do now. */
    public Decision decide(Situation now) {
        List<Integer> letGo = new ArrayList<>();
        List<Job> pending = new ArrayList<>();
        for (Job job : now.jobs()) {
            if (job.stage() == Stage.WORKING
                    && job.idle()
                    && now.now() - job.idleSince() >= terms.idle().toNanos()) {
                letGo.add(job.number());
            } else if (job.stage() == Stage.QUEUED || job.stage() == Stage.STARTING) {
                pending.add(job);
            }
        }
        int needed = jobsNeeded(now);
        int room = Math.max(0, now.most() - now.jobs().size());
        int submit = Math.min(room, Math.max(0, needed - pending.size()));
        return new Decision(submit, surplus(now, pending, needed), letGo);
    }

    private List<Integer> surplus(Situation now, List<Job> pending, int needed) {
        if (pending.size() <= needed) {
            tooMany = false;
            return List.of();
        }
        if (!tooMany) {
            tooMany = true;
            tooManySince = now.now();
        }
        if (now.now() - tooManySince < terms.unneeded().toNanos()) {
            return List.of();
        }
        List<Integer> cancel = new ArrayList<>();
        for (int i = pending.size() - 1; i >= 0 && pending.size() - cancel.size() > needed; i--) {
            if (pending.get(i).stage() == Stage.QUEUED) {
                cancel.add(pending.get(i).number());
            }
        }
        return cancel;
    }

    /** Beside the workers that are there. */
    private int jobsNeeded(Situation now) {
        long tasksCores = 0;
        double work = 0;
        boolean all = true;
        for (Wanted wanted : now.wanted()) {
            tasksCores += wanted.allCores();
            work += (double) wanted.allCores() * (wanted.nanos() > 0 ? wanted.nanos() : UNKNOWN);
            all &= wanted.placeable() && wanted.stalledNanos() < STALLED;
        }
        if (tasksCores == 0) {
            return 0;
        }
        double worth = terms.worth().toNanos();
        int present = all ? now.cores() : 0;
        if (all && work <= worth * present) {
            return 0;
        }
        double cores = Math.min(tasksCores, Math.ceil(work / worth) - present);
        return (int) Math.max(1, Math.min(1 << 20, Math.ceil(cores / Math.max(1, now.coresOfJob()))));
    }
}
