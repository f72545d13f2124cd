package io.colla.pbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What qstat prints, as it was recorded. */
class PbsJobTest {
    private static PbsJob only(List<PbsJob> jobs) {
        assertThat(jobs).hasSize(1);
        return jobs.get(0);
    }

    private static Map<String, Given> given(PbsJob job) {
        return Given.byHost(job.get("exec_host"), job.get("exec_vnode"));
    }

    @Test
    void readsJsonWithVariablesThatAreNotQuiteJson() throws IOException {
        PbsJob job = only(PbsJob.fromJson(Programs.resource("openpbs-23.06.json")));
        assertThat(job.id()).isEqualTo("41.head");
        assertThat(job.get("job_state")).isEqualTo("R");
        assertThat(job.get("Resource_List.select")).isEqualTo("2:ncpus=2:mem=200mb");
        assertThat(job.get("comment")).startsWith("Job run at");
        assertThat(job.end(ZoneOffset.UTC)).contains(Instant.parse("2023-11-02T21:02:46Z"));
        assertThat(given(job)).isEqualTo(Map.of("node1", new Given(4, 400 << 20, Map.of("gpu", 1, "nvme", 3))));
    }

    @Test
    void readsTheTextWithItsBrokenLines() {
        PbsJob job = only(PbsJob.fromText(Programs.resource("openpbs-23.06.txt")));
        assertThat(given(job))
                .isEqualTo(Map.of(
                        "node1",
                        new Given(4, 200 << 20, Map.of()),
                        "node2",
                        new Given(2, 200 << 20, Map.of()),
                        "node3",
                        new Given(2, 200 << 20, Map.of())));
        assertThat(job.end(ZoneOffset.UTC)).contains(Instant.parse("2023-11-23T21:52:46Z"));
    }

    @Test
    void readsTorques() {
        PbsJob job = only(PbsJob.fromText(Programs.resource("torque-6.1.txt")));
        assertThat(job.id()).isEqualTo("12[3].torque.site.org");
        assertThat(given(job)).isEqualTo(Map.of("n1", new Given(4, 0, Map.of()), "n2", new Given(3, 0, Map.of())));
        assertThat(job.end(ZoneOffset.UTC)).contains(Instant.parse("2023-11-23T22:52:46Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "qstat: no",
                "{}",
                "[1]",
                "{\"Jobs\":{\"1\":{\"job_state\":\"R\"}}}",
                "{\"pbs_version\":1",
                "{\"a\":{\"b\":["
            })
    void refusesWhatIsNoAnswerOfPbs(String text) {
        assertThatThrownBy(() -> PbsJob.fromJson(text)).isInstanceOf(IOException.class);
        assertThat(PbsJob.fromText(text)).isEmpty();
    }

    @Test
    void knowsNoEndWithoutStartOrLimit() {
        assertThat(new PbsJob("1", Map.of("Resource_List.walltime", "1:00")).end(ZoneOffset.UTC))
                .isEmpty();
        assertThat(new PbsJob("1", Map.of("stime", "Thu Nov 23 20:52:46 2023")).end(ZoneOffset.UTC))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "204800kb, 209715200",
        "2gb, 2147483648",
        "1mw, 8388608",
        "1000, 1000",
        "1000b, 1000",
        "3TB, 3298534883328",
        "many, 0",
        "-1, 0",
        "999999999999999999pb, 0",
    })
    void readsSizes(String text, long bytes) {
        assertThat(Sizes.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"48:00:00, 172800", "100:00:01, 360001", "10:30, 630", "3600, 3600", "soon, -1", "'', -1"})
    void readsTimes(String text, long seconds) {
        assertThat(Sizes.seconds(text)).isEqualTo(seconds);
    }
}
