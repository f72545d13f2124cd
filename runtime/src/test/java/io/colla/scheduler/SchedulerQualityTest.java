package io.colla.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.scheduler.Cluster.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users see of the scheduler's decisions: how busy the cores are, who waits how long, and in which order. */
class SchedulerQualityTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long FOR_EVER = Long.MAX_VALUE;

    private static Job job(int cores, long nanos) {
        return new Job(cores + " cores", Requirement.cores(cores), nanos);
    }

    private static Job gang(int nodes, int cores, long nanos) {
        return new Job(nodes + " nodes", new Requirement(cores, 0, Map.of(), Map.of(), nodes), nanos);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 8, 48})
    void aMixedBagKeepsTheCoresBusy(int cores) {
        Random random = new Random(42);
        Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);
        int nodes = 20;
        cluster.addWorkers(1, nodes, cores);
        long work = 0;
        for (int i = 0; i < 400 * cores; i++) {
            int kind = random.nextInt(100);
            long nanos = MILLI * (10 + random.nextInt(190));
            Job job = kind < 3 ? gang(2, 4, nanos) : job(kind < 60 ? 1 : kind < 85 ? 2 : 4, nanos);
            work += nanos * job.need.allCores();
            cluster.offer(job);
        }
        long took = cluster.run(FOR_EVER);
        double used = (double) work / took / (nodes * cores);
        assertThat(used).as("part of the cores' time that was used").isGreaterThan(0.9);
    }

    @Test
    void aWideTaskIsNotStarvedByNarrowOnesThatKeepComing() {
        Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);
        cluster.addWorkers(1, 4, 8);
        Runnable refill = () -> {
            while (cluster.scheduler.queued() < 64) {
                cluster.offer(job(1, (20 + (cluster.begun.size() * 7L) % 60) * MILLI));
            }
        };
        refill.run();
        cluster.afterEach = refill;
        cluster.run(500 * MILLI);
        Job wide = job(8, 100 * MILLI);
        Job gang = gang(3, 8, 100 * MILLI);
        cluster.offer(wide);
        cluster.offer(gang);
        cluster.run(8 * SECOND);
        assertThat(wide.startedAt).as("start of the wide task").isBetween(1L, 4 * SECOND);
        assertThat(gang.startedAt).as("start of the gang").isBetween(1L, 7 * SECOND);
    }

    @Test
    void narrowTasksAreNotStarvedByWideOnesThatKeepComing() {
        Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);
        cluster.addWorkers(1, 2, 8);
        Runnable refill = () -> {
            while (cluster.scheduler.queued() < 16) {
                cluster.offer(job(8, 50 * MILLI));
            }
        };
        refill.run();
        cluster.afterEach = refill;
        cluster.run(200 * MILLI);
        Job narrow = job(1, 50 * MILLI);
        cluster.offer(narrow);
        cluster.run(5 * SECOND);
        assertThat(narrow.startedAt).as("start of the narrow task").isBetween(1L, 3 * SECOND);
    }

    @Test
    void theTailIsSharedWithAWorkerThatComesLate() {
        Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);
        cluster.addWorkers(1, 1, 4);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(job(1, 2 * MILLI));
        }
        jobs.forEach(cluster::offer);
        cluster.run(FOR_EVER);
        for (int i = 0; i < 16; i++) {
            cluster.offer(job(1, 200 * MILLI));
        }
        long start = cluster.now();
        cluster.dispatch();
        cluster.addWorkers(2, 1, 4);
        long took = cluster.run(FOR_EVER) - start;
        assertThat(cluster.recalled).as("tasks called back").isPositive();
        assertThat(took).as("time for 16 tasks on 8 cores").isLessThanOrEqualTo(400 * MILLI);
    }

    @Test
    void tasksRunWhereTheirDataAreUnlessThatWorkerIsFull() {
        Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);
        cluster.addWorkers(1, 4, 2);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Job job = job(1, 10 * MILLI);
            job.preferred = 1 + i % 4;
            jobs.add(job);
        }
        jobs.forEach(cluster::offer);
        cluster.dispatch();
        for (int i = 0; i < 8; i++) {
            assertThat(jobs.get(i).worker).isEqualTo(1 + i % 4);
        }
        cluster.run(FOR_EVER);
        List<Job> crowd = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Job job = job(1, 10 * MILLI);
            job.preferred = 1;
            crowd.add(job);
        }
        crowd.forEach(cluster::offer);
        cluster.dispatch();
        assertThat(crowd.stream().filter(job -> job.worker == 1).count())
                .as("at their data")
                .isGreaterThanOrEqualTo(2);
        assertThat(crowd).as("nobody waits while a core is free").allMatch(job -> job.startedAt >= 0);
    }

    @Test
    void prioritiesComeFirstThenThePolicysOrder() {
        assertThat(order(PlacementPolicy.FIFO)).containsExactly("urgent a", "urgent b", "a", "b", "c");
        assertThat(order(PlacementPolicy.LIFO)).containsExactly("urgent b", "urgent a", "c", "b", "a");
    }

    private static List<String> order(PlacementPolicy policy) {
        Cluster cluster = new Cluster(policy);
        cluster.addWorkers(1, 1, 1);
        for (String name : List.of("a", "urgent a", "b", "urgent b", "c")) {
            Job job = new Job(name, Requirement.ONE_CORE, 2 * SECOND);
            job.urgency = name.startsWith("urgent") ? 1 : 0;
            cluster.offer(job);
        }
        cluster.run(FOR_EVER);
        return cluster.begun.stream().map(Job::toString).toList();
    }

    @Test
    void anImplementationThatIsFasterIsPreferred() {
        Scheduler scheduler = new Scheduler(PlacementPolicy.FIFO);
        scheduler.addWorker(1, new NodeCapacity(8, 0));
        TaskClass both = scheduler.classFor(List.of(Requirement.cores(1), Requirement.cores(2)), 7);
        int[] chosen = new int[2];
        for (int i = 0; i < 20; i++) {
            Job job = job(1, 0);
            scheduler.offer(job, both, 0, i);
            scheduler.dispatch(i, new Scheduler.Sink() {
                @Override
                public void place(Schedulable task, int worker, Gang gang, boolean ahead) {
                    chosen[task.implementation]++;
                }

                @Override
                public void recall(Schedulable task, int worker) {}
            });
            scheduler.ran(job, job.implementation == 0 ? 100 * MILLI : 60 * MILLI);
            scheduler.left(job, 1);
        }
        assertThat(chosen[0]).as("runs of the slower one").isEqualTo(2);
        assertThat(chosen[1]).isEqualTo(18);
    }
}
