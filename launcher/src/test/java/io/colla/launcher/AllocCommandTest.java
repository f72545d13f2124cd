package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.colla.api.UsageException;
import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.SettingsLoader;
import io.colla.platform.Allocation;
import io.colla.platform.NodeShare;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AllocCommandTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Allocation JOB = new Allocation(
            "slurm",
            "4711",
            List.of(
                    new NodeShare(
                            "n1", 4, List.of(0, 1, 2, 8), 8L << 30, Map.of("gpu", 2), Map.of("feature.ib", "yes")),
                    new NodeShare("a-node-with-a-name-longer-than-any-sane-site-has", 2, 0)),
            NOW.plusSeconds(3_725),
            List.of(
                    "the job was given more memory on the first node than on the others, which tasks with a memory constraint see"));

    @Test
    void showsEveryNodeWithinEightyColumns() {
        assertThat(AllocCommand.text(JOB, NOW))
                .isEqualTo(
                        """
                        slurm job 4711: 2 nodes, 6 cores, 1:02:05 left
                        node                              cores    memory  cpus, resources, properties
                        n1                                    4   8.0 GiB  0-2,8 gpu=2 feature.ib=yes
                        a-node-with-a-name-longer-than-\u2026      2         -
                        note: the job was given more memory on the first node than on the others,
                              which tasks with a memory constraint see
                        """);
    }

    @Test
    void tellsProgramsTheSame() throws Exception {
        JsonNode json = new ObjectMapper().readTree(AllocCommand.json(JOB));
        assertThat(json.get("job").asText()).isEqualTo("4711");
        assertThat(json.get("cores").asInt()).isEqualTo(6);
        assertThat(json.get("nodes").get(0).get("cpus")).hasSize(4);
        assertThat(json.get("nodes").get(0).get("resources").get("gpu").asInt()).isEqualTo(2);
        assertThat(json.get("end").asText()).isEqualTo("2026-01-01T01:02:05Z");
    }

    @Test
    void writesNumbersAsRanges() {
        assertThat(AllocCommand.ranges(List.of(7, 0, 1, 2, 4))).isEqualTo("0-2,4,7");
        assertThat(AllocCommand.ranges(List.of())).isEmpty();
    }

    @Test
    void capsThisMachine() {
        Allocation one = find(Map.of(Options.CORES, "1", Options.MEMORY, "1m"));
        assertThat(one.source()).isEqualTo("local");
        assertThat(one.cores()).isEqualTo(1);
        assertThat(one.nodes().get(0).memory()).isEqualTo(1 << 20);
        assertThat(one.nodes().get(0).cpus().size()).isLessThanOrEqualTo(1);
    }

    @Test
    void refusesFewerCoresThanWorkersAndTwoKindsOfPlaces() {
        assertThatThrownBy(() -> find(Map.of(Options.CORES, "1", Options.WORKERS, "local:2")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--cores 1");
        assertThatThrownBy(() -> find(Map.of(Options.HOSTS, "hosts", Options.WORKERS, "local:2")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("exclude each other");
    }

    private static Allocation find(Map<Option<?>, String> flags) {
        Map<Option<?>, List<String>> texts = new HashMap<>();
        flags.forEach((option, text) -> texts.put(option, List.of(text)));
        Settings settings = new SettingsLoader(Map.of(), Path.of("."), null, null).load(texts, null);
        return AllocationRequest.find(settings, Map.of()).allocation();
    }
}
