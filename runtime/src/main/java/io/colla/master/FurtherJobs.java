package io.colla.master;

import io.colla.api.CollaException;
import io.colla.core.Engine;
import io.colla.master.elastic.ElasticSettings;
import io.colla.master.elastic.JobShape;
import io.colla.master.elastic.JoinTicket;
import io.colla.master.elastic.Policy;
import io.colla.master.elastic.Situation;
import io.colla.master.elastic.Situation.Stage;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobInfo;
import io.colla.platform.JobState;
import io.colla.scheduler.Demand;
import io.colla.scheduler.FutureNodes;
import io.colla.scheduler.NodeCapacity;
import io.colla.scheduler.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The further batch jobs of a run: submits them while tasks wait, takes in their workers, lets them go. A thread of its own looks four times a second; what it knows
 * is guarded by this object. Calls of the batch system are made outside of that guard.
 */
final class FurtherJobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FurtherJobs.class);
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final long FIRST_POLL = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_POLL = TimeUnit.SECONDS.toNanos(15);
    private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(60);
    private static final long LONGEST_PAUSE = TimeUnit.MINUTES.toNanos(16);
    private static final long SURE = TimeUnit.SECONDS.toNanos(3);
    /** How long a job may take to end when its workers have. */
    private static final long ENDING = TimeUnit.SECONDS.toNanos(30);

    private static final Duration LAST_ENDING = Duration.ofSeconds(8);
    private static final Duration ENDS_PERIOD = Duration.ofMillis(300);
    /** So many jobs, one after the other, that ended before a worker had joined, and no more are submitted. */
    private static final int MOST_STRIKES = 2;

    private static final int MOST_SILENCE = 10;

    /** What this needs of the run. */
    interface Run {
        <T> @Nullable T ask(Function<Engine, T> question);

        void post(RunEvents.Call call);

        /** Nodes that jobs may bring. */
        void expect(List<FutureNodes> nodes);

        /** Tells a worker to end, as it is not needed any more. */
        void release(int worker);

        /** Workers of the run's own allocation that are there or may still come. */
        boolean hasOwnWorkers();

        /** No worker is left and none will come. */
        void noWorkers(String why);

        /** Nothing that waits can be done in the time that jobs have. */
        void timeUp(String why);

        /** Something that people should know at once. */
        void tell(String sentence);
    }

    private final ElasticSettings settings;
    private final Run run;
    private final Scheduler scheduler;
    private final IntFunction<JoinTicket> tickets;
    private final Policy policy;
    private final Ticker ticker;
    private final Map<Integer, FurtherJob> jobs = new TreeMap<>();
    private final Map<Integer, Integer> jobOfWorker = new HashMap<>();
    private int most;
    private int nextNumber = 1;
    private int strikes;
    private long nextPoll;
    private long pollInterval = FIRST_POLL;
    private long pause = FIRST_PAUSE;
    private long refusedUntil;
    private boolean refused;
    private String lastRefusal = "";
    private @Nullable NodeCapacity seen;
    private @Nullable Duration lasts;
    private List<FutureNodes> expected = List.of();
    private long stuckSince;
    private String endedBecause = "";
    private boolean over;
    private boolean toldTooSmall;
    private boolean closing;

    /** @param tickets what a job with this number is told */
    FurtherJobs(ElasticSettings settings, Run run, Scheduler scheduler, IntFunction<JoinTicket> tickets) {
        this.settings = settings;
        this.run = run;
        this.scheduler = scheduler;
        this.tickets = tickets;
        this.policy = new Policy(Policy.Terms.of(settings.idle()));
        this.most = settings.most();
        this.ticker = new Ticker(PERIOD, this::step);
        Duration time = settings.shape().time();
        this.lasts = time == null ? null : time.minus(TimeKeeper.margin(time));
    }

    void start() {
        expect();
        ticker.start();
    }

    // What the pool tells

    /** Whether a worker of this job may join. */
    synchronized boolean admits(int number) {
        FurtherJob job = jobs.get(number);
        return job != null && !job.dismissed && job.stage != Stage.LEAVING && !closing;
    }

    /** A worker has joined. @return when it is to begin nothing more; null for never */
    synchronized @Nullable Instant joined(
            int number, int worker, String node, NodeCapacity capacity, @Nullable Instant end) {
        FurtherJob job = jobs.get(number);
        if (job == null) {
            return null;
        }
        if (!job.joined) {
            LOG.info("{}: its first worker has joined", job.label());
            job.joined = true;
            job.idleSince = System.nanoTime();
            strikes = 0;
        }
        job.stage = Stage.WORKING;
        job.members.put(worker, new FurtherJob.Member(worker, node, capacity.cores()));
        jobOfWorker.put(worker, number);
        seen = capacity;
        if (end != null && job.end == null) {
            Duration whole = Duration.between(Instant.now(), end);
            Duration margin = TimeKeeper.margin(whole);
            job.end = end;
            job.lastStart = end.minus(margin);
            lasts = whole.minus(margin);
        }
        return job.lastStart;
    }

    /** A worker is gone. @return why, if that is in order; else null */
    synchronized @Nullable String left(int worker) {
        Integer number = jobOfWorker.remove(worker);
        FurtherJob job = number == null ? null : jobs.get(number);
        if (job == null) {
            return null;
        }
        job.members.remove(worker);
        if (job.members.isEmpty()) {
            job.emptySince = System.nanoTime();
        }
        nextPoll = System.nanoTime() + FIRST_POLL;
        pollInterval = FIRST_POLL;
        return job.dismissed ? job.label() + " has been let go" : null;
    }

    /** Whether workers may still come from jobs. */
    synchronized boolean mayCome() {
        return !over && !closing;
    }

    /** What the run waits for, for people; empty when for nothing. */
    synchronized String waitingFor() {
        for (FurtherJob job : jobs.values()) {
            if (job.stage == Stage.QUEUED || job.stage == Stage.STARTING) {
                long seconds = (System.nanoTime() - job.submitted) / 1_000_000_000L;
                String reason = job.info.status().reason();
                String how = job.stage == Stage.STARTING ? "starting" : "queued " + seconds + " s";
                boolean said = job.stage == Stage.QUEUED && !reason.isEmpty() && !reason.equals("None");
                return job.label() + " (" + how + (said ? ": " + reason : "") + ")";
            }
        }
        return "";
    }

    // The regular look

    private void step() {
        long now = System.nanoTime();
        poll(now);
        Look look = run.ask(engine -> look(engine, now));
        if (look == null) {
            return;
        }
        Policy.Decision decision;
        int submit;
        synchronized (this) {
            if (closing || over) {
                return;
            }
            markIdle(look, now);
            decision = policy.decide(situation(look, now));
            submit = refused && now - refusedUntil < 0 ? 0 : decision.submit();
        }
        decision.letGo().forEach(number -> leave(number, "it was idle"));
        decision.cancel().forEach(this::takeBack);
        for (int i = 0; i < submit && submit(now); i++) {
            LOG.debug("submitted {} of {}", i + 1, submit);
        }
        keepTime();
        letGo(now);
        checkHope(look, now);
        expect();
    }

    /**
     * What the engine says.
     *
     * @param idle for each worker of a job, whether nothing runs there
     */
    private record Look(List<Demand> demand, int cores, Map<Integer, Boolean> idle, int running, int left) {}

    private Look look(Engine engine, long now) {
        Map<Integer, Boolean> idle = new HashMap<>();
        synchronized (this) {
            jobOfWorker.keySet().forEach(worker -> idle.put(worker, scheduler.isIdle(worker)));
        }
        return new Look(
                scheduler.demand(now), scheduler.coresTaking(now), idle, scheduler.coresTaken(), engine.unfinished());
    }

    private void markIdle(Look look, long now) {
        for (FurtherJob job : jobs.values()) {
            boolean idle = !job.members.isEmpty()
                    && job.members.keySet().stream()
                            .allMatch(worker -> look.idle().getOrDefault(worker, false));
            if (!idle || !job.idle) {
                job.idleSince = now;
            }
            job.idle = idle;
        }
    }

    private Situation situation(Look look, long now) {
        List<Situation.Wanted> wanted = new ArrayList<>();
        for (Demand each : look.demand()) {
            if (each.helped()) {
                wanted.add(new Situation.Wanted(
                        each.waiting(),
                        (int) Math.min(1 << 20, each.cores()),
                        each.meanNanos(),
                        each.stalledNanos(),
                        each.placeable()));
            } else if (!each.placeable() && !toldTooSmall) {
                toldTooSmall = true;
                LOG.warn("no further job is submitted for tasks that need {}: it could not run them", each.need());
            }
        }
        List<Situation.Job> seenJobs = new ArrayList<>();
        jobs.values().forEach(job -> seenJobs.add(new Situation.Job(job.number, job.stage, job.idle, job.idleSince)));
        JobShape shape = settings.shape();
        NodeCapacity known = seen;
        int cores = shape.nodes() * (known == null ? shape.cores() : known.cores());
        return new Situation(now, wanted, look.cores(), seenJobs, cores, most);
    }

    /** Tells the engine what may still come. */
    private void expect() {
        List<FutureNodes> now;
        synchronized (this) {
            JobShape shape = settings.shape();
            int more = over || closing
                    ? 0
                    : Math.max(
                            0,
                            most
                                    - (int) jobs.values().stream()
                                            .filter(j -> j.joined)
                                            .count());
            NodeCapacity known = seen;
            NodeCapacity capacity = known != null
                    ? known
                    : new NodeCapacity(
                            shape.cores(),
                            shape.memory() == 0 ? Long.MAX_VALUE : shape.memory(),
                            shape.resources(),
                            Map.of());
            long nanos = lasts == null ? Long.MAX_VALUE : lasts.toNanos();
            // A job that works can be followed by another when it has ended.
            int later = over || closing || more > 0 ? 0 : most;
            now = more + later == 0
                    ? List.of()
                    : List.of(new FutureNodes(capacity, known != null, (more + later) * shape.nodes(), nanos));
            if (now.equals(expected)) {
                return;
            }
            expected = now;
        }
        run.expect(now);
    }

    private boolean submit(long now) {
        int number;
        synchronized (this) {
            number = nextNumber++;
        }
        try {
            String id = settings.site().submit(number, tickets.apply(number));
            synchronized (this) {
                jobs.put(number, new FurtherJob(number, id, now));
                refused = false;
                pause = FIRST_PAUSE;
                nextPoll = now + FIRST_POLL;
                pollInterval = FIRST_POLL;
            }
            run.tell("submitted job " + id + ", as tasks wait for more cores");
            return true;
        } catch (CommandException | CollaException e) {
            refused(String.valueOf(e.getMessage()), now);
            return false;
        }
    }

    private void refused(String words, long now) {
        boolean fresh;
        boolean alone = !run.hasOwnWorkers();
        synchronized (this) {
            refused = true;
            refusedUntil = now + pause;
            pause = Math.min(LONGEST_PAUSE, pause * 2);
            fresh = !words.equals(lastRefusal);
            lastRefusal = words;
            if (jobs.isEmpty() && alone) {
                most = 0;
                endedBecause = words;
            }
        }
        if (fresh) {
            LOG.warn("{}", words);
            run.tell("no further job: " + words);
        }
    }

    private void takeBack(int number) {
        FurtherJob job;
        synchronized (this) {
            job = jobs.get(number);
            if (job == null || job.joined) {
                return;
            }
            job.dismissed = true;
        }
        settings.site().forget(number, job.id);
        cancel(job, "it is not needed any more");
    }

    private void cancel(FurtherJob job, String why) {
        LOG.info("{} is cancelled: {}", job.label(), why);
        try {
            settings.site().cancel(job.id);
        } catch (CommandException e) {
            LOG.warn("{} could not be cancelled: {}", job.label(), e.getMessage());
            run.tell(job.label() + " could not be cancelled: " + e.getMessage());
        }
        synchronized (this) {
            nextPoll = System.nanoTime();
        }
    }

    // The states of jobs

    private void poll(long now) {
        Map<String, FurtherJob> byId = new TreeMap<>();
        synchronized (this) {
            if (now - nextPoll < 0 && nextPoll != 0) {
                return;
            }
            jobs.values().forEach(job -> byId.put(job.id, job));
            pollInterval = Math.min(LONGEST_POLL, pollInterval + pollInterval / 4);
            nextPoll = now + pollInterval;
        }
        if (byId.isEmpty()) {
            return;
        }
        Map<String, JobInfo> infos = settings.site().query(byId.keySet());
        byId.forEach((id, job) -> {
            JobInfo info = infos.get(id);
            if (info != null) {
                heard(job, info);
            }
        });
    }

    private void heard(FurtherJob job, JobInfo info) {
        boolean gone;
        synchronized (this) {
            boolean changed = job.info.state() != info.state();
            job.info = info;
            job.silent = info.state() == JobState.UNKNOWN ? job.silent + 1 : 0;
            if (info.state() == JobState.RUNNING && job.stage == Stage.QUEUED) {
                job.stage = Stage.STARTING;
            }
            if (changed) {
                pollInterval = FIRST_POLL;
                nextPoll = System.nanoTime() + FIRST_POLL;
                LOG.info("{} is {}", job.label(), info.state());
            }
            gone = info.state().ended() || (job.silent >= MOST_SILENCE && job.members.isEmpty());
            if (gone) {
                jobs.remove(job.number);
            }
        }
        if (gone) {
            ended(job, info);
        }
    }

    private void ended(FurtherJob job, JobInfo info) {
        settings.site().forget(job.number, job.id);
        if (job.dismissed) {
            return;
        }
        boolean byHand = info.state() == JobState.CANCELLED;
        if (!byHand && job.joined) {
            LOG.info("{} has ended: {}", job.label(), words(info));
            return;
        }
        String last = job.joined ? "" : settings.site().lastWords(job.number);
        String sentence = job.label()
                + (byHand
                        ? " was cancelled, and no other is submitted in its place"
                        : " ended before a worker had joined (" + words(info) + ")")
                + (last.isEmpty() ? "" : ": " + last);
        synchronized (this) {
            if (byHand) {
                most = Math.max(0, most - 1);
            } else if (++strikes >= MOST_STRIKES) {
                most = 0;
                sentence += "; no more are submitted";
            }
            endedBecause = sentence;
        }
        LOG.warn("{}", sentence);
        run.tell(sentence);
    }

    private static String words(JobInfo info) {
        String reason = info.status().reason();
        Integer code = info.exitCode();
        return info.state()
                + (code == null ? "" : ", exit code " + code)
                + (reason.isEmpty() || reason.equals("None") ? "" : ", " + reason);
    }

    // Letting go

    private void leave(int number, String why) {
        List<Integer> members;
        synchronized (this) {
            FurtherJob job = jobs.get(number);
            if (job == null || job.stage == Stage.LEAVING) {
                return;
            }
            LOG.info("{} takes no more tasks: {}", job.label(), why);
            job.stage = Stage.LEAVING;
            members = List.copyOf(job.members.keySet());
        }
        members.forEach(worker -> run.post(engine -> engine.drain(worker)));
    }

    /** Jobs near their end take nothing more; what still runs there shortly before it is broken off, to run elsewhere. */
    private void keepTime() {
        Instant now = Instant.now();
        List<FurtherJob> ending;
        synchronized (this) {
            ending = jobs.values().stream()
                    .filter(job -> job.lastStart != null && !now.isBefore(job.lastStart))
                    .toList();
        }
        for (FurtherJob job : ending) {
            leave(job.number, "its time is nearly over");
            if (!job.evicted && !now.isBefore(job.beforeEnd(2))) {
                job.evicted = true;
                evict(job);
            }
        }
    }

    private void evict(FurtherJob job) {
        List<Integer> members;
        synchronized (this) {
            members = List.copyOf(job.members.keySet());
        }
        String why = "the time of " + job.label() + " is over";
        members.forEach(worker -> run.post(engine -> engine.evict(worker, why, System.nanoTime())));
    }

    private void letGo(long now) {
        List<FurtherJob> leaving;
        synchronized (this) {
            leaving = jobs.values().stream()
                    .filter(job -> job.stage == Stage.LEAVING)
                    .toList();
        }
        for (FurtherJob job : leaving) {
            List<Integer> members;
            synchronized (this) {
                members = List.copyOf(job.members.keySet());
            }
            if (members.isEmpty() && now - job.emptySince > ENDING) {
                synchronized (this) {
                    job.emptySince = now;
                }
                cancel(job, "its workers have ended, and it has not");
            }
            members.forEach(worker -> letGo(job, worker));
        }
    }

    private void letGo(FurtherJob job, int worker) {
        Boolean ready = run.ask(engine -> scheduler.isIdle(worker) && engine.evacuate(worker) == 0);
        boolean mustGo = !Instant.now().isBefore(job.beforeEnd(4));
        if (mustGo || Boolean.TRUE.equals(ready)) {
            synchronized (this) {
                job.dismissed = true;
            }
            run.release(worker);
        }
    }

    // Whether there is any hope

    private void checkHope(Look look, long now) {
        String why = null;
        boolean alone = !run.hasOwnWorkers();
        synchronized (this) {
            if (jobs.isEmpty() && most == 0) {
                over = true;
                why = endedBecause;
            } else if (alone && isStuck(look, now)) {
                over = true;
            }
        }
        if (why != null && alone) {
            run.noWorkers("no worker is left to run tasks, and no job will bring one: " + why);
        } else if (why == null && over) {
            run.timeUp(tooLong(look));
        }
    }

    /** Nothing runs, and all that waits takes longer than any job of this run. */
    private boolean isStuck(Look look, long now) {
        boolean stuck = look.running() == 0
                && !look.demand().isEmpty()
                && look.demand().stream().noneMatch(each -> each.placeable() || each.helped());
        if (!stuck) {
            stuckSince = 0;
            return false;
        }
        stuckSince = stuckSince == 0 ? now : stuckSince;
        return now - stuckSince > SURE;
    }

    private String tooLong(Look look) {
        long nanos = look.demand().stream()
                .mapToLong(Demand::shortestLateNanos)
                .filter(each -> each > 0)
                .min()
                .orElse(0);
        Duration left = lasts;
        return "the run ends in order, since its " + look.left() + " tasks that are left take longer (about "
                + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s) than the jobs that it may submit have for them"
                + (left == null ? "" : " (" + left.toSeconds() + " s)")
                + ". What is written stays; ask for longer jobs with --time";
    }

    /** Submits nothing more, and takes back what is queued. */
    void halt() {
        List<FurtherJob> waiting;
        synchronized (this) {
            closing = true;
            waiting = jobs.values().stream().filter(job -> !job.joined).toList();
        }
        ticker.close();
        for (FurtherJob job : waiting) {
            settings.site().forget(job.number, job.id);
            cancel(job, "the run is over");
        }
    }

    /** Ends all jobs: those whose workers have been told to end have a moment to do so. */
    @Override
    public void close() {
        List<FurtherJob> left;
        synchronized (this) {
            left = jobs.values().stream().filter(job -> job.joined).toList();
        }
        awaitEnds(left);
        left.forEach(job -> settings.site().forget(job.number, job.id));
        settings.site().close();
    }

    private void awaitEnds(List<FurtherJob> ending) {
        Map<String, FurtherJob> byId = new TreeMap<>();
        ending.forEach(job -> byId.put(job.id, job));
        long deadline = System.nanoTime() + LAST_ENDING.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!byId.isEmpty() && System.nanoTime() - deadline < 0) {
                settings.site().query(List.copyOf(byId.keySet())).forEach((id, info) -> {
                    if (info.state().ended() || info.state() == JobState.UNKNOWN) {
                        byId.remove(id);
                    }
                });
                if (!byId.isEmpty() && never.await(ENDS_PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        byId.values().forEach(job -> cancel(job, "the run is over, and the job has not ended"));
    }
}
