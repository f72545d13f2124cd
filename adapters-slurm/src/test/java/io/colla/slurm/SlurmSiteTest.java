package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.SiteFacts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlurmSiteTest {
    @Test
    void readsPartitionsWithTheirNodesAndLimits() {
        SiteFacts facts = SlurmSite.of(
                """
                Configuration data as of 2026-11-26T10:00:00
                ClusterName             = nimbus
                """,
                """
                thin*|up|3-00:00:00|90|48|192000|(null)|1-infinite
                thin*|up|3-00:00:00|10|48|384000|(null)|1-infinite
                debug|up|30:00|2|48|192000|(null)|1-2
                gpu|up|1-12:00:00|8|64|512000|gpu:a100:4(S:0-1),nvme:1|1-8
                old|drain|infinite|8|64|512000|(null)|1-8
                all|up|infinite|110|32+|64000+|gpu:2,gpu:v100:1|1-infinite
                """);
        assertThat(facts.name()).isEqualTo("nimbus");
        assertThat(facts.defaultQueue()).isEqualTo("thin");
        long mib = 1 << 20;
        assertThat(facts.queues())
                .containsExactly(
                        new SiteFacts.Queue(
                                "thin",
                                Duration.ofDays(3),
                                0,
                                List.of(
                                        new SiteFacts.Nodes(90, 48, 192_000 * mib, 0),
                                        new SiteFacts.Nodes(10, 48, 384_000 * mib, 0))),
                        new SiteFacts.Queue(
                                "debug",
                                Duration.ofMinutes(30),
                                2,
                                List.of(new SiteFacts.Nodes(2, 48, 192_000 * mib, 0))),
                        new SiteFacts.Queue(
                                "gpu", Duration.ofHours(36), 8, List.of(new SiteFacts.Nodes(8, 64, 512_000 * mib, 4))),
                        new SiteFacts.Queue("all", null, 0, List.of(new SiteFacts.Nodes(110, 32, 64_000 * mib, 3))));
    }

    @Test
    void aClusterWithoutAnythingIsStillOne() {
        assertThat(SlurmSite.of("", "")).isEqualTo(new SiteFacts("", null, List.of()));
    }
}
