package io.colla.tracing.counters;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.EventTypes;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.log.TraceLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NodeCountersTest {
    private static final String ONE_CPU =
            "32 31 0:29 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct,cpu\n";
    private static final String ONE_MEMORY =
            "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n";
    private static final String TWO = "41 31 0:38 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw\n";

    @TempDir
    Path root;

    @BeforeEach
    void aNode() throws IOException {
        file("proc/stat", "cpu  100 20 30 9000 500 4 6 7 0 0\ncpu0 100 20 30 9000 500 4 6 7 0 0\nintr 5\n");
        file("proc/meminfo", "MemTotal:       4096 kB\nMemFree:        1 kB\nMemAvailable:   1024 kB\n");
        file(
                "proc/net/dev",
                """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                    lo: 999 3637180    0    0    0     0          0         0 999 3637180    0    0    0     0       0          0
                  eth0:1000 110403    0    0    0     0          0         0  300   76794    0    0    0     0       0          0
                 bond0:1000 110403    0    0    0     0          0         0  300   76794    0    0    0     0       0          0
                """);
        file("sys/class/net/eth0/device/vendor", "x");
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private NodeUse use() {
        return new NodeUse(root);
    }

    @Test
    void withoutAJobAllOfTheNodeCounts() throws IOException {
        file("proc/self/cgroup", "0::/user.slice/user-1000.slice/session-3.scope\n");
        file("proc/self/mountinfo", TWO);
        file("sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope/cpu.stat", "usage_usec 5\n");
        assertThat(use().isOfJob()).isFalse();
        assertThat(use().cpuNanos()).isEqualTo(160 * 10_000_000L);
        assertThat(use().memory()).isEqualTo(3072 * 1024L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/system.slice/slurmstepd.scope/job_77",
                "/slurm/uid_1000/job_77",
                "/pbs_jobs.service/jobid/77.head",
                "/pbspro.service/jobid/77.head",
                "/pbspro/77.head",
                "/torque/77.head"
            })
    void theGroupOfTheJobCountsWhicheverStepThisIs(String job) throws IOException {
        file("proc/self/cgroup", "0::" + job + "/step_0/user/task_0\n");
        file("proc/self/mountinfo", TWO);
        file("sys/fs/cgroup" + job + "/step_0/user/task_0/cpu.stat", "usage_usec 1\n");
        file("sys/fs/cgroup" + job + "/cpu.stat", "usage_usec 2500\nuser_usec 2000\n");
        file("sys/fs/cgroup" + job + "/memory.current", "5000\n");
        file("sys/fs/cgroup" + job + "/memory.stat", "anon 3000\ninactive_file 1500\n");
        assertThat(use().isOfJob()).isTrue();
        assertThat(use().cpuNanos()).isEqualTo(2_500_000);
        assertThat(use().memory()).isEqualTo(3500);
    }

    @Test
    void controllersOfVersionOneHaveGroupsOfTheirOwn() throws IOException {
        String job = "/slurm/uid_1000/job_77";
        file(
                "proc/self/cgroup",
                "4:memory:" + job + "/step_batch\n2:cpu,cpuacct:" + job + "/step_batch/task_0\n0::/\n");
        file("proc/self/mountinfo", ONE_CPU + ONE_MEMORY);
        file("sys/fs/cgroup/cpuacct" + job + "/cpuacct.usage", "123456789\n");
        file("sys/fs/cgroup/memory" + job + "/memory.usage_in_bytes", "9000\n");
        file("sys/fs/cgroup/memory" + job + "/memory.stat", "inactive_file 7\ntotal_inactive_file 1000\n");
        assertThat(use().cpuNanos()).isEqualTo(123_456_789);
        assertThat(use().memory()).isEqualTo(8000);
    }

    @Test
    void aJobsGroupWithoutAControllerLeavesTheNodesFigures() throws IOException {
        file("proc/self/cgroup", "0::/system.slice/slurmstepd.scope/job_77/step_0\n");
        file("proc/self/mountinfo", TWO);
        file("sys/fs/cgroup/system.slice/slurmstepd.scope/job_77/cgroup.procs", "");
        assertThat(use().cpuNanos()).isEqualTo(160 * 10_000_000L);
        assertThat(use().memory()).isEqualTo(3072 * 1024L);
    }

    @Test
    void whatPassesABondCountsOnceAndWhatANodeSaysToItselfNever() throws IOException {
        assertThat(use().network()).containsExactly(1000, 300);
        Files.delete(root.resolve("sys/class/net/eth0/device/vendor"));
        Files.delete(root.resolve("sys/class/net/eth0/device"));
        assertThat(use().network()).as("no hardware to be seen").containsExactly(2000, 600);
    }

    @Test
    void aSampleSaysWhatWasUsedSinceTheOneBefore() throws Exception {
        file("proc/self/cgroup", "");
        Path file = root.resolve("node.ctl");
        long begun;
        long ended;
        try (TraceLog log = TraceLog.open(file, Map.of("role", "worker", "node", "n1"))) {
            begun = System.nanoTime();
            NodeCounters counters = NodeCounters.start(log, use());
            // 200 s of processor time, whenever that is: at the end of a sample of unknown length.
            file("proc/stat", "cpu  20100 20 30 9000 500 4 6 7 0 0\n");
            file("proc/meminfo", "MemTotal:       4096 kB\nMemAvailable:   2048 kB\n");
            org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(values(file, EventTypes.NODE_CPU))
                    .isNotEmpty());
            counters.close();
            ended = System.nanoTime();
        }
        List<Long> busy = values(file, EventTypes.NODE_CPU);
        assertThat(busy).endsWith(0L);
        double all = busy.stream().mapToLong(Long::longValue).max().orElseThrow();
        assertThat(all).isBetween(200e9 / (ended - begun) * 1000 * 0.9, 200e9 / 0.95e9 * 1000);
        assertThat(values(file, EventTypes.NODE_RECEIVED)).as("no byte came").containsOnly(0L);
        assertThat(values(file, EventTypes.NODE_MEMORY)).startsWith(3L).endsWith(0L);
    }

    @Test
    void thisMachineSaysSomething() {
        NodeUse here = new NodeUse(Path.of("/"));
        assertThat(here.cpuNanos()).isPositive();
        assertThat(here.memory()).isGreaterThan(1 << 20);
    }

    private static List<Long> values(Path file, int type) throws IOException {
        Map<Integer, List<Long>> values = new TreeMap<>();
        try (LogReader reader = LogReader.open(file)) {
            LogReader.Cursor cursor = reader.cursor(0);
            long last = Long.MIN_VALUE;
            while (cursor.next()) {
                assertThat(cursor.time()).isGreaterThanOrEqualTo(last);
                last = cursor.time();
                values.computeIfAbsent(cursor.type(), t -> new ArrayList<>()).add(cursor.value());
            }
        }
        return values.getOrDefault(type, List.of());
    }
}
