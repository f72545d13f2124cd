package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Trace;
import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that a Java application records itself, in its main program and in its tasks, by Colla's names and by Extrae's. */
@Tag("process")
@Timeout(120)
class UserEventsTest extends ThisMachine {
    private static final int STEP = 1000;

    private Path trace(String ending) {
        return work.resolve("colla-runs/latest/trace/Phases-1." + ending);
    }

    private void run(String workers, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--workers", workers));
        all.addAll(List.of(options));
        application(all, "Phases", 8).await().hasCode(0).prints("recorded " + (options.length > 0) + ", sum 28");
    }

    /** How often each value was recorded in rows of this kind: {@code application.task} is 1.1 for the main program, and any other with task 2 for executors. */
    private Map<Long, Integer> values(int type, boolean ofMain) throws IOException {
        Map<Long, Integer> values = new TreeMap<>();
        for (String line : Files.readAllLines(trace("prv"))) {
            String[] words = line.split(":");
            if (!words[0].equals("2")) {
                continue;
            }
            boolean main = words[2].equals("1");
            assertThat(main || !words[3].equals("1") || !line.contains(":" + STEP + ":"))
                    .as("a task's event is in the row of an executor")
                    .isTrue();
            for (int i = 6; i + 1 < words.length; i += 2) {
                if (main == ofMain && Integer.parseInt(words[i]) == type) {
                    values.merge(Long.parseLong(words[i + 1]), 1, Integer::sum);
                }
            }
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "local:2"})
    void areInTheRowOfWhoRecordedThem(String workers) throws Exception {
        run(workers, "--trace");
        assertThat(TraceChecker.check(trace("prv"), Set.of(EventTypes.TASK)).faults())
                .isEmpty();
        assertThat(values(Trace.USER, true)).containsEntry(1L, 1).containsEntry(2L, 1);
        assertThat(values(STEP, false)).isEqualTo(Map.of(0L, 8, 1L, 8, 2L, 8));
        Map<Long, Integer> ofTasks = values(Trace.USER, false);
        for (long task = 0; task < 8; task++) {
            assertThat(ofTasks).containsEntry(100 + task, 1);
        }
        String labels = Files.readString(trace("pcf"));
        assertThat(labels)
                .containsPattern("(?m)^0 +" + Trace.USER + " +Phase$")
                .containsPattern("(?m)^1 +call$")
                .containsPattern("(?m)^2 +collect$")
                .containsPattern("(?m)^0 +" + STEP + " +Step$")
                .containsPattern("(?m)^2 +second$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "local:2"})
    void areAllThatIsRecordedIfTheUserWantsNothingElse(String workers) throws Exception {
        run(workers, "--trace-events=user");
        assertThat(values(STEP, false)).isEqualTo(Map.of(0L, 8, 1L, 8, 2L, 8));
        assertThat(values(EventTypes.TASK, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "local:2"})
    void costNothingWithoutATrace(String workers) throws Exception {
        run(workers);
        assertThat(work.resolve("colla-runs/latest/trace")).doesNotExist();
    }
}
