package io.colla.launcher.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.JobControl;
import io.colla.platform.JobInfo;
import io.colla.platform.JobRequest;
import io.colla.platform.JobState;
import io.colla.platform.JobStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JobWatchTest {
    @TempDir
    Path folder;

    /** A batch system that says what a test wants, and notes what it was asked. */
    private static final class Fake implements JobControl {
        final List<List<String>> questions = new ArrayList<>();
        final List<String> cancelled = new ArrayList<>();
        Function<String, JobState> answer = job -> JobState.RUNNING;

        @Override
        public String system() {
            return "fake";
        }

        @Override
        public String script(JobRequest request) {
            return "";
        }

        @Override
        public String submit(Path script) {
            return "1";
        }

        @Override
        public Map<String, JobInfo> query(Collection<String> jobs) {
            questions.add(List.copyOf(jobs));
            Map<String, JobInfo> all = new LinkedHashMap<>();
            jobs.forEach(job -> all.put(
                    job,
                    new JobInfo(job, "a", new JobStatus(answer.apply(job), "", ""), null, "q", 1, null, List.of())));
            return all;
        }

        @Override
        public List<JobInfo> mine() {
            return List.of();
        }

        @Override
        public void cancel(String job) {
            cancelled.add("now " + job);
            answer = each -> JobState.CANCELLED;
        }

        @Override
        public boolean cancelInOrder(String job) {
            cancelled.add("in order " + job);
            return true;
        }
    }

    private final Fake fake = new Fake();

    private JobDesk desk() {
        return new JobDesk(new JobBook(folder.resolve("book")), system -> fake);
    }

    @Test
    void asksForAllJobsAtOnceAndOnlyForThoseThatAreLeft() throws Exception {
        fake.answer = job -> job.equals("1") || fake.questions.size() > 1 ? JobState.SUCCEEDED : JobState.RUNNING;
        Map<String, JobView> views = new JobWatch(desk(), List.of("1", "2"), view -> {}).await(null, () -> {});
        assertThat(fake.questions).containsExactly(List.of("1", "2"), List.of("2"));
        assertThat(views.values()).allMatch(view -> view.state() == JobState.SUCCEEDED);
    }

    @Test
    void givesUpAJobThatNobodyKnows() throws Exception {
        fake.answer = job -> JobState.UNKNOWN;
        Map<String, JobView> views = new JobWatch(desk(), List.of("1"), view -> {}).await(null, () -> {});
        assertThat(views.get("1").exitCode(74)).isEqualTo(74);
        assertThat(fake.questions).hasSizeBetween(3, 8);
    }

    @Test
    void asksMoreAndMoreRarely() throws Exception {
        new JobWatch(desk(), List.of("1"), view -> {}).await(Duration.ofSeconds(4), () -> {});
        assertThat(fake.questions).hasSizeBetween(2, 4);
    }

    @Test
    void anExitCodeInTheFolderIsWorthAQuestion() throws Exception {
        JobBook book = new JobBook(folder.resolve("book"));
        book.add(new JobRecord("fake", "1", "a", folder.toString(), "/x", "", Instant.now()));
        fake.answer = job -> Files.exists(folder.resolve("exit-code")) ? JobState.FAILED : JobState.RUNNING;
        List<JobState> seen = new ArrayList<>();
        JobWatch watch = new JobWatch(desk(), List.of("1"), view -> seen.add(view.state()));
        Map<String, JobView> views = watch.await(null, () -> {
            try {
                Files.writeString(folder.resolve("exit-code"), "7\n");
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(views.get("1").exitCode(74)).isEqualTo(7);
        assertThat(seen).containsExactly(JobState.RUNNING, JobState.FAILED);
    }

    @Test
    void aRunThatDoesNotEndInTimeIsEnded() throws Exception {
        JobBook book = new JobBook(folder.resolve("book"));
        JobOrders.prepare(folder);
        book.add(new JobRecord("fake", "1", "a", folder.toString(), "/x", "", Instant.now()));
        JobCancellation cancellation = new JobCancellation(desk());
        cancellation.cancel(List.of("1"), Duration.ofMillis(300));
        assertThat(fake.cancelled).containsExactly("in order 1", "now 1");
        assertThat(JobOrders.wasTold(folder)).isTrue();
        assertThat(cancellation.outcomes())
                .containsEntry("1", "has not ended in time, and was ended by the batch system");
        assertThat(cancellation.allOver()).isTrue();
    }

    @Test
    void aJobThatIsNotCollasIsLeftToTheBatchSystem() throws Exception {
        JobCancellation cancellation = new JobCancellation(desk());
        cancellation.cancel(List.of("5"), Duration.ofSeconds(30));
        assertThat(fake.cancelled).containsExactly("now 5");
    }

    @Test
    void ordersReachARun() throws Exception {
        JobOrders.prepare(folder);
        java.util.concurrent.CountDownLatch ended = new java.util.concurrent.CountDownLatch(1);
        JobOrders.follow(folder, ended::countDown);
        JobOrders.tellToEnd(folder);
        assertThat(ended.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theBookFindsPartsAndShortIds() {
        JobBook book = new JobBook(folder.resolve("book"));
        JobRecord record = new JobRecord("pbs", "12[].head", "a", "/f", "/o", "1-3", Instant.EPOCH);
        book.add(record);
        for (String id : List.of("12[].head", "12", "12[2]", "12[2].head", "12_2")) {
            assertThat(book.find(id)).as(id).contains(record);
        }
        assertThat(book.find("1")).isEmpty();
        assertThat(book.all()).containsExactly(record);
    }
}
