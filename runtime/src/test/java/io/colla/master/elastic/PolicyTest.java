package io.colla.master.elastic;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.master.elastic.Policy.Decision;
import io.colla.master.elastic.Situation.Job;
import io.colla.master.elastic.Situation.Stage;
import io.colla.master.elastic.Situation.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int CORES_OF_JOB = 4;

    private final Policy policy =
            new Policy(new Policy.Terms(Duration.ofSeconds(60), Duration.ofSeconds(15), Duration.ofSeconds(10)));

    private long now;
    private int cores;
    private int most = 5;
    private List<Job> jobs = new ArrayList<>();

    private static Wanted tasks(int count, long seconds, boolean placeable) {
        return new Wanted(count, 1, seconds * SECOND, 0, placeable);
    }

    private Decision decide(Wanted... wanted) {
        return policy.decide(new Situation(now, List.of(wanted), cores, jobs, CORES_OF_JOB, most));
    }

    private void job(int number, Stage stage) {
        jobs.add(new Job(number, stage, false, 0));
    }

    private static Decision nothing() {
        return new Decision(0, List.of(), List.of());
    }

    @Test
    void submitsNothingWhileNothingWaits() {
        assertThat(decide()).isEqualTo(nothing());
    }

    @Test
    void submitsAtOnceWhatTasksNeedThatNoWorkerCanRun() {
        assertThat(decide(tasks(1, 0, false)).submit()).isEqualTo(1);
        assertThat(decide(tasks(8, 0, false)).submit()).as("a core for each").isEqualTo(2);
    }

    @Test
    void neverExceedsTheMost() {
        assertThat(decide(tasks(1000, 600, false)).submit()).isEqualTo(5);
        job(1, Stage.WORKING);
        job(2, Stage.QUEUED);
        job(3, Stage.LEAVING);
        assertThat(decide(tasks(1000, 600, true)).submit()).isEqualTo(2);
        most = 0;
        assertThat(decide(tasks(1000, 600, true)).submit()).isZero();
    }

    @Test
    void countsOnWhatIsQueuedAlready() {
        job(1, Stage.QUEUED);
        job(2, Stage.STARTING);
        assertThat(decide(tasks(8, 600, false)).submit()).isZero();
        assertThat(decide(tasks(9, 600, false)).submit()).isEqualTo(1);
    }

    @Test
    void leavesWhatIsSoonDoneToTheWorkersThatAreThere() {
        cores = 4;
        assertThat(decide(tasks(60, 1, true)).submit()).as("15 s of work").isZero();
        assertThat(decide(tasks(120, 1, true)).submit()).as("30 s of work").isEqualTo(1);
        assertThat(decide(tasks(600, 1, true)).submit()).as("150 s of work").isEqualTo(5);
    }

    @Test
    void asksForNoMoreCoresThanTasks() {
        cores = 4;
        assertThat(decide(tasks(5, 3600, true)).submit()).isEqualTo(2);
    }

    @Test
    void doesNotCountOnWorkersThatHaveBegunNothingForLong() {
        cores = 64;
        assertThat(decide(new Wanted(4, 1, SECOND, 59 * SECOND, true)).submit()).isZero();
        assertThat(decide(new Wanted(4, 1, SECOND, 60 * SECOND, true)).submit()).isEqualTo(1);
    }

    @Test
    void takesBackTheNewestThatAreQueuedForNothingAfterAWhile() {
        job(1, Stage.STARTING);
        job(2, Stage.QUEUED);
        job(3, Stage.QUEUED);
        assertThat(decide(tasks(4, 600, false))).isEqualTo(nothing());
        now = 9 * SECOND;
        assertThat(decide(tasks(12, 600, false))).as("they are needed again").isEqualTo(nothing());
        now = 11 * SECOND;
        assertThat(decide(tasks(4, 600, false))).isEqualTo(nothing());
        now = 21 * SECOND;
        assertThat(decide(tasks(4, 600, false)).cancel()).containsExactly(3, 2);
        assertThat(decide().cancel())
                .as("one that starts is let go when it is idle")
                .containsExactly(3, 2);
    }

    @Test
    void letsGoWhatIsIdleForLong() {
        now = 100 * SECOND;
        jobs.add(new Job(1, Stage.WORKING, true, 41 * SECOND));
        jobs.add(new Job(2, Stage.WORKING, true, 40 * SECOND));
        jobs.add(new Job(3, Stage.WORKING, false, 0));
        jobs.add(new Job(4, Stage.LEAVING, true, 0));
        assertThat(decide()).isEqualTo(new Decision(0, List.of(), List.of(2)));
    }

    /** A run whose tasks come in bursts, with jobs that start after a random while: there are never too many, all tasks are done, and no job comes and goes for nothing. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void servesBurstsWithoutFlapping(long seed) {
        Random random = new Random(seed);
        ElasticWorld world = new ElasticWorld(policy, CORES_OF_JOB, most, random);
        int bursts = 6;
        for (int i = 0; i < bursts; i++) {
            world.add(20 + random.nextInt(200), 5 + random.nextInt(30));
            world.run(30 + random.nextInt(600));
        }
        world.run(4000);
        assertThat(world.waiting()).as("tasks that wait").isZero();
        assertThat(world.jobs()).as("jobs that are left").isZero();
        assertThat(world.mostAtATime).isLessThanOrEqualTo(most);
        assertThat(world.submitted).as("jobs in all").isLessThanOrEqualTo(bursts * most);
        assertThat(world.idleEnds)
                .as("jobs that ended without having run anything")
                .isZero();
    }
}
