package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scontrol and squeue of several releases print. */
class ControllerAnswersTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Madrid");
    private static final long MIB = 1 << 20;

    @Test
    void readsAJob() {
        JobDetails job = ScontrolJob.parse(FakePrograms.resource("scontrol-job-22.05.txt"), ZoneId.of("UTC"));
        assertThat(job.end()).isEqualTo(Instant.parse("2026-11-23T20:52:46Z"));
        assertThat(job.nodes())
                .containsExactly(
                        Map.entry("node1", new JobDetails.Node(4, 600 * MIB, Gres.NONE)),
                        Map.entry("node2", new JobDetails.Node(2, 600 * MIB, Gres.NONE)),
                        Map.entry("node3", new JobDetails.Node(1, 600 * MIB, Gres.NONE)));
        assertThat(job.notes()).isEmpty();
    }

    @Test
    void readsAllComponentsOfAHeterogeneousJob() {
        JobDetails job = ScontrolJob.parse(FakePrograms.resource("scontrol-job-het-22.05.txt"), ZONE);
        assertThat(job.nodes().keySet()).containsExactly("node1", "node2", "node3");
        assertThat(job.nodes().get("node2")).isEqualTo(new JobDetails.Node(3, 300 * MIB, Gres.NONE));
    }

    @Test
    void readsGpusOfGroupedNodes() {
        JobDetails job = ScontrolJob.parse(FakePrograms.resource("scontrol-job-gpu-24.05.txt"), ZONE);
        Gres gres = new Gres(Map.of("gpu", 2, "nvme", 1), Map.of("gpu", "a100"));
        assertThat(job.nodes())
                .containsExactly(
                        Map.entry("gpu01", new JobDetails.Node(16, 65536 * MIB, gres)),
                        Map.entry("gpu02", new JobDetails.Node(16, 65536 * MIB, gres)),
                        Map.entry("fat7", new JobDetails.Node(8, 65536 * MIB, Gres.NONE)));
        assertThat(job.end()).isEqualTo(Instant.parse("2026-03-01T11:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "slurm_load_jobs error",
                "EndTime=",
                "EndTime=tomorrow",
                "   Nodes=n[ CPU_IDs=0 Mem=1",
                "Nodes=n1 CPU_IDs=z Mem=3",
                "Nodes=n1 what=else"
            })
    void takesOddAnswersForNoAnswer(String text) {
        JobDetails job = ScontrolJob.parse(text, ZONE);
        assertThat(job.nodes()).isEmpty();
        assertThat(job.end()).isNull();
        if (text.contains("=") && text.length() > 8) {
            assertThat(job.notes()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"21.08", "23.02", "23.11", "24.11"})
    void readsQueuesOfManyReleases(String release) {
        JobDetails job = SqueueJson.parse(FakePrograms.resource("squeue-" + release + ".json"), "41");
        assertThat(job.notes()).isEmpty();
        assertThat(job.end()).isEqualTo(Instant.ofEpochSecond(1_800_000_000));
        assertThat(job.nodes())
                .containsExactly(
                        Map.entry("n1", new JobDetails.Node(4, 600 * MIB, new Gres(Map.of("gpu", 2), Map.of()))),
                        Map.entry("n2", new JobDetails.Node(2, 300 * MIB, new Gres(Map.of("gpu", 1), Map.of()))));
    }

    @Test
    void readsTheQueueOfARealCluster() {
        JobDetails job = SqueueJson.parse(FakePrograms.resource("squeue-22.05.json"), "1");
        assertThat(job.nodes().get("node2")).isEqualTo(new JobDetails.Node(2, 600 * MIB, Gres.NONE));
        assertThat(job.end()).isEqualTo(Instant.ofEpochSecond(1_795_467_166));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"jobs\": 7}",
                "{\"jobs\": [{\"job_id\": {}}]}",
                "{\"jobs\": [{\"job_id\": 2}]}",
                "Usage: squeue"
            })
    void takesOddQueuesForNoAnswer(String text) {
        JobDetails job = SqueueJson.parse(text, "1");
        assertThat(job.nodes()).isEmpty();
        assertThat(job.notes()).hasSize(1);
    }

    @Test
    void survivesAnyMissingField() {
        String whole = FakePrograms.resource("squeue-24.11.json");
        for (String field : new String[] {
            "end_time", "gres_detail", "job_resources", "nodes", "allocation", "name", "cpus", "memory", "list"
        }) {
            JobDetails job = SqueueJson.parse(whole.replace("\"" + field + "\"", "\"renamed\""), "41");
            assertThat(job).as(field).isNotNull();
        }
    }

    @Test
    void readsGenericResources() {
        assertThat(Gres.parse("gpu:a100:2(IDX:0-1),gpu:h100:1(IDX:2),nvme:1").amounts())
                .isEqualTo(Map.of("gpu", 3, "nvme", 1));
        assertThat(Gres.parse("gpu:a100:2(IDX:0-1),gpu:h100:1(IDX:2)").types()).isEqualTo(Map.of("gpu", "a100+h100"));
        assertThat(Gres.parse("gpu(IDX:0-3)").amounts()).isEqualTo(Map.of("gpu", 4));
        assertThat(Gres.parse("gpu:tesla(IDX:0,2)")).isEqualTo(new Gres(Map.of("gpu", 2), Map.of("gpu", "tesla")));
        assertThat(Gres.parse("gres/gpu=4").amounts()).isEqualTo(Map.of("gpu", 4));
        assertThat(Gres.parse("scratch:2K").amounts()).isEqualTo(Map.of("scratch", 2048));
        assertThat(Gres.parse("(null)").amounts()).isEmpty();
        assertThat(Gres.parse("").amounts()).isEmpty();
        assertThat(Gres.parse("gpu:0(IDX:)").amounts()).isEmpty();
    }

    @Test
    void readsNodes() {
        Map<String, ScontrolNode> nodes = ScontrolNode.parse(
                "NodeName=n1 Arch=x86_64 CoresPerSocket=4  CPUTot=8 AvailableFeatures=ib,avx512 ActiveFeatures=ib ThreadsPerCore=2 OS=Linux 6.1 #1\n"
                        + "NodeName=n2 Arch=aarch64 AvailableFeatures=(null) ActiveFeatures=(null)\nNode n9 not found\n");
        assertThat(nodes)
                .containsExactly(
                        Map.entry("n1", new ScontrolNode("x86_64", java.util.List.of("ib"), 2)),
                        Map.entry("n2", new ScontrolNode("aarch64", java.util.List.of(), 0)));
    }
}
