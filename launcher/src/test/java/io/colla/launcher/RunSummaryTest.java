package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.colla.master.RunStatus;
import io.colla.master.TaskSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunSummaryTest {
    private static final RunStatus STATUS = new RunStatus(1000, 0, 0, 2, 0, 0, 8, 2);
    private static final List<TaskSummary> TASKS =
            List.of(new TaskSummary("merge", 1, 0, 0.0005, 0.0005), new TaskSummary("search", 1001, 2, 400, 2.5));

    private static RunSummary summary(List<TaskSummary> tasks) {
        return new RunSummary(
                "hmmer",
                "finished",
                0,
                Instant.parse("2026-01-02T03:04:05.678Z"),
                Duration.ofSeconds(100),
                STATUS,
                tasks,
                400,
                Path.of("/w/colla-runs/hmmer-1"));
    }

    @Test
    void tellsWhatRan() {
        assertThat(summary(TASKS).text())
                .isEqualTo(
                        """
                        hmmer: finished
                          1000 tasks done, 2 failed in 1:40; 8 cores on 2 nodes, 50 % busy
                          task                                  count  failed    total     mean      max
                          search                                 1001       2    400 s 399.6 ms   2.50 s
                          merge                                     1       0   500 us   500 us   500 us
                          run folder: /w/colla-runs/hmmer-1
                        """);
    }

    @Test
    void fitsEightyColumnsWhateverTheNames() {
        List<TaskSummary> many = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            many.add(new TaskSummary(
                    "a.very.long.package.name.Class.method" + "x".repeat(i),
                    123_456_789L,
                    1_234_567,
                    9_999_999,
                    99_999));
        }
        assertThat(summary(many).text().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(summary(many).text()).contains("and 10 more tasks, in summary.json");
    }

    @Test
    void tellsProgramsTheSame() throws Exception {
        JsonNode json = new ObjectMapper().readTree(summary(TASKS).json());
        assertThat(json.get("exitCode").asInt()).isZero();
        assertThat(json.get("utilisation").asDouble()).isEqualTo(0.5);
        assertThat(json.get("tasks").get(1).get("name").asText()).isEqualTo("search");
        assertThat(json.get("started").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
    }
}
