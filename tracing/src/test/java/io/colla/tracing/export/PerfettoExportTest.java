package io.colla.tracing.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerfettoExportTest {
    @TempDir
    Path folder;

    private List<String> exported() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long events = PerfettoExport.write(SmallTrace.in(folder), out);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize((int) events + 2);
        assertThat(lines.get(0)).isEqualTo("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("]}");
        assertThat(lines.get(lines.size() - 2)).endsWith("}");
        return lines.stream().map(line -> line.replaceAll(",$", "")).toList();
    }

    @Test
    void machinesAndThreadsHaveNames() throws IOException {
        assertThat(exported())
                .contains(
                        "{\"ph\":\"M\",\"pid\":1,\"tid\":0,\"name\":\"process_name\",\"args\":{\"name\":\"n1 (master)\"}}",
                        "{\"ph\":\"M\",\"pid\":2,\"tid\":0,\"name\":\"process_name\",\"args\":{\"name\":\"n2\"}}",
                        "{\"ph\":\"M\",\"pid\":2,\"tid\":3,\"name\":\"thread_name\",\"args\":{\"name\":\"EXECUTOR (2.2.1)\"}}",
                        "{\"ph\":\"M\",\"pid\":2,\"tid\":4,\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":4}}");
    }

    @Test
    void aTaskIsASliceWithinWhatIsAroundIt() throws IOException {
        assertThat(exported())
                .contains(
                        "{\"ph\":\"X\",\"pid\":2,\"tid\":3,\"name\":\"count(int,\\\"a\\\")\",\"cat\":\"Task\",\"ts\":2.000,\"dur\":2998.500,\"args\":{\"task\":7}}",
                        "{\"ph\":\"X\",\"pid\":2,\"tid\":3,\"name\":\"Task Running\",\"cat\":\"Runtime\",\"ts\":1.000,\"dur\":3000.000}",
                        "{\"ph\":\"i\",\"pid\":2,\"tid\":4,\"name\":\"failed\",\"s\":\"t\",\"ts\":4002.000}");
    }

    @Test
    void whatNeverEndsLastsAsLongAsTheTrace() throws IOException {
        assertThat(exported())
                .contains(
                        "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"name\":\"Barrier\",\"cat\":\"API\",\"ts\":0.000,\"dur\":5000.000}");
    }

    @Test
    void anEventOfTheApplicationsOwnIsAMoment() throws IOException {
        assertThat(exported())
                .contains("{\"ph\":\"i\",\"pid\":1,\"tid\":1,\"name\":\"Rounds 9\",\"s\":\"t\",\"ts\":0.006}");
        assertThat(exported()).as("amounts").noneMatch(line -> line.contains("7777"));
    }

    @Test
    void transfersThatOverlapHaveLanesAndArrows() throws IOException {
        assertThat(exported())
                .contains(
                        "{\"ph\":\"M\",\"pid\":1,\"tid\":5,\"name\":\"thread_name\",\"args\":{\"name\":\"sent\"}}",
                        "{\"ph\":\"M\",\"pid\":2,\"tid\":8,\"name\":\"thread_name\",\"args\":{\"name\":\"received 2\"}}",
                        "{\"ph\":\"X\",\"pid\":1,\"tid\":5,\"name\":\"to n2\",\"cat\":\"transfer\",\"ts\":2.500,\"dur\":6.500,\"args\":{\"bytes\":4096,\"content\":3}}",
                        "{\"ph\":\"X\",\"pid\":2,\"tid\":8,\"name\":\"from n1\",\"cat\":\"transfer\",\"ts\":2.600,\"dur\":5.400,\"args\":{\"bytes\":100,\"content\":4}}",
                        "{\"ph\":\"s\",\"pid\":1,\"tid\":5,\"name\":\"transfer\",\"cat\":\"transfer\",\"id\":1,\"ts\":2.500}",
                        "{\"ph\":\"f\",\"pid\":2,\"tid\":6,\"name\":\"transfer\",\"cat\":\"transfer\",\"bp\":\"e\",\"id\":1,\"ts\":8.999}");
    }

    @Test
    void aDependencyIsAnArrowFromSliceToSlice() throws IOException {
        assertThat(exported())
                .contains(
                        "{\"ph\":\"s\",\"pid\":2,\"tid\":3,\"name\":\"dependency\",\"cat\":\"dependency\",\"id\":3,\"ts\":3000.499}",
                        "{\"ph\":\"f\",\"pid\":2,\"tid\":4,\"name\":\"dependency\",\"cat\":\"dependency\",\"bp\":\"e\",\"id\":3,\"ts\":3002.001}");
    }

    @Test
    void runningAndReadyTasksAreCounters() throws IOException {
        assertThat(exported())
                .containsSubsequence(
                        "{\"ph\":\"C\",\"pid\":1,\"tid\":0,\"name\":\"Ready queue count\",\"args\":{\"value\":2},\"ts\":0.005}",
                        "{\"ph\":\"C\",\"pid\":2,\"tid\":0,\"name\":\"Running tasks\",\"args\":{\"value\":1},\"ts\":2.000}",
                        "{\"ph\":\"C\",\"pid\":2,\"tid\":0,\"name\":\"Running tasks\",\"args\":{\"value\":0},\"ts\":3000.500}");
    }
}
