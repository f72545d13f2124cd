package io.colla.master.elastic;

import io.colla.master.elastic.Situation.Job;
import io.colla.master.elastic.Situation.Stage;
import io.colla.master.elastic.Situation.Wanted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** A batch system, its jobs and one class of tasks, second by second. */
final class ElasticWorld {
    private static final long SECOND = 1_000_000_000L;

    private static final class Running {
        final int number;
        final long startsAt;
        final List<Long> ends = new ArrayList<>();
        long idleSince;
        boolean worked;

        Running(int number, long startsAt) {
            this.number = number;
            this.startsAt = startsAt;
        }
    }

    private final Policy policy;
    private final int cores;
    private final int most;
    private final Random random;
    private final List<Running> jobs = new ArrayList<>();
    private final Deque<Integer> tasks = new ArrayDeque<>();
    private long now;
    private int next = 1;
    private long lastSeconds;
    int mostAtATime;
    int submitted;
    int idleEnds;

    ElasticWorld(Policy policy, int cores, int most, Random random) {
        this.policy = policy;
        this.cores = cores;
        this.most = most;
        this.random = random;
    }

    void add(int count, int seconds) {
        for (int i = 0; i < count; i++) {
            tasks.add(seconds);
        }
    }

    int waiting() {
        return tasks.size();
    }

    int jobs() {
        return jobs.size();
    }

    void run(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now++;
            work();
            decide();
        }
    }

    private void work() {
        for (Running job : jobs) {
            if (job.startsAt > now) {
                continue;
            }
            if (job.startsAt == now) {
                job.idleSince = now;
            }
            if (job.ends.removeIf(end -> end <= now)) {
                job.idleSince = now;
            }
            while (job.ends.size() < cores && !tasks.isEmpty()) {
                lastSeconds = tasks.poll();
                job.ends.add(now + lastSeconds);
                job.worked = true;
            }
        }
    }

    private void decide() {
        List<Job> seen = new ArrayList<>();
        int present = 0;
        for (Running job : jobs) {
            boolean working = job.startsAt <= now;
            present += working ? cores : 0;
            seen.add(new Job(
                    job.number,
                    working ? Stage.WORKING : Stage.QUEUED,
                    working && job.ends.isEmpty(),
                    job.idleSince * SECOND));
        }
        List<Wanted> wanted = tasks.isEmpty()
                ? List.of()
                : List.of(new Wanted(tasks.size(), 1, lastSeconds * SECOND, 0, present > 0));
        Policy.Decision decision = policy.decide(new Situation(now * SECOND, wanted, present, seen, cores, most));
        for (Running job : List.copyOf(jobs)) {
            if (decision.cancel().contains(job.number)) {
                jobs.remove(job);
            } else if (decision.letGo().contains(job.number)) {
                jobs.remove(job);
                idleEnds += job.worked ? 0 : 1;
            }
        }
        for (int i = 0; i < decision.submit(); i++) {
            jobs.add(new Running(next++, now + 5 + random.nextInt(40)));
            submitted++;
        }
        mostAtATime = Math.max(mostAtATime, jobs.size());
    }
}
