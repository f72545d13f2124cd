package io.colla.pbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.SiteFacts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PbsSiteTest {
    @Test
    void readsQueuesAndNodesOfOpenPbs() {
        SiteFacts facts = PbsSite.of(
                """
                Server: head.cirrus.example
                    server_state = Active
                    default_queue = workq
                """,
                """
                Queue: workq
                    queue_type = Execution
                    total_jobs = 0
                    resources_max.nodect = 128
                    resources_max.walltime = 24:00:00
                    enabled = True
                    started = True

                Queue: route
                    queue_type = Route
                    enabled = True
                    started = True

                Queue: closed
                    queue_type = Execution
                    enabled = False
                    started = True

                Queue: gpuq
                    queue_type = Execution
                    default_chunk.Qlist = gpuq
                    enabled = True
                    started = True
                """,
                """
                node1
                     Mom = node1.cirrus.example
                     state = free
                     resources_available.mem = 528280976kb
                     resources_available.ncpus = 64

                node2
                     state = job-busy
                     resources_available.mem = 528280988kb
                     resources_available.ncpus = 64

                gpu1
                     state = free
                     resources_available.mem = 256gb
                     resources_available.ncpus = 48
                     resources_available.ngpus = 2
                """);
        assertThat(facts.name()).isEqualTo("head");
        assertThat(facts.defaultQueue()).isEqualTo("workq");
        List<SiteFacts.Nodes> nodes =
                List.of(new SiteFacts.Nodes(2, 64, 503L << 30, 0), new SiteFacts.Nodes(1, 48, 256L << 30, 2));
        assertThat(facts.queues())
                .containsExactly(
                        new SiteFacts.Queue("workq", Duration.ofHours(24), 128, nodes),
                        new SiteFacts.Queue("gpuq", null, 0, List.of()));
    }

    @Test
    void readsQueuesAndNodesOfTorque() {
        SiteFacts facts = PbsSite.of(
                "Server: stratus\n    default_queue = batch\n",
                """
                Queue: batch
                    queue_type = Execution
                    resources_max.walltime = 48:00:00
                    enabled = True
                    started = True
                """,
                """
                n1
                     state = free
                     np = 16
                     gpus = 1
                     status = rectime=1,physmem=65859704kb,ncpus=16
                """);
        assertThat(facts.queues())
                .containsExactly(new SiteFacts.Queue(
                        "batch", Duration.ofHours(48), 0, List.of(new SiteFacts.Nodes(1, 16, 62L << 30, 1))));
    }
}
