package io.colla.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Machines as /proc and /sys show them. */
class LocalSystemTest {
    private static final long GIB = 1 << 30;
    private static final String UNIFIED = "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";

    @TempDir
    Path root;

    @BeforeEach
    void makeMachine() throws IOException {
        file("proc/self/status", "Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\nMems_allowed_list:\t0\n");
        file("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:         1000 kB\nMemAvailable:    2000 kB\n");
        file("proc/self/mountinfo", "24 1 0:22 / /sys rw - sysfs sysfs rw\n");
        file("proc/self/cgroup", "");
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private NodeShare local(String... variables) {
        return allocation(variables).nodes().get(0);
    }

    private Allocation allocation(String... variables) {
        return new LocalSystem(root).allocation(variables.length == 0 ? Map.of() : Map.of(variables[0], variables[1]));
    }

    @Test
    void isTheWholeMachineWithoutLimits() {
        NodeShare local = local();
        assertThat(local.name()).isEqualTo("local");
        assertThat(local.cores()).isEqualTo(8);
        assertThat(local.cpus()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(local.memory()).isEqualTo(16 * GIB);
        assertThat(local.resources()).isEmpty();
        assertThat(allocation().notes()).isEmpty();
    }

    @Test
    void isBoundByTheAffinityMask() throws IOException {
        file("proc/self/status", "Cpus_allowed_list:\t2,5-6\n");
        assertThat(local().cores()).isEqualTo(3);
        assertThat(local().cpus()).containsExactly(2, 5, 6);
    }

    @ParameterizedTest
    @CsvSource({
        "250000 100000,2",
        "50000 100000,1",
        "199999 100000,2",
        "max 100000,8",
        "900000 100000,8",
        "nonsense,8",
        "0 0,8"
    })
    void isBoundByTheTimeOfVersion2(String quota, int cores) throws IOException {
        file("proc/self/mountinfo", UNIFIED);
        file("proc/self/cgroup", "0::/user.slice/run.scope\n");
        file("sys/fs/cgroup/user.slice/run.scope/cpu.max", quota + "\n");
        assertThat(local().cores()).isEqualTo(cores);
        assertThat(local().cpus()).hasSize(cores == 8 ? 8 : 0);
    }

    @Test
    void isBoundByTheTightestGroupUpTheHierarchy() throws IOException {
        file("proc/self/mountinfo", UNIFIED);
        file("proc/self/cgroup", "0::/a/b/c\n");
        file("sys/fs/cgroup/a/b/c/memory.max", "max\n");
        file("sys/fs/cgroup/a/b/memory.max", (2 * GIB) + "\n");
        file("sys/fs/cgroup/a/memory.max", (3 * GIB) + "\n");
        file("sys/fs/cgroup/a/b/c/cpu.max", "600000 100000\n");
        file("sys/fs/cgroup/a/cpu.max", "300000 100000\n");
        assertThat(local().memory()).isEqualTo(2 * GIB);
        assertThat(local().cores()).isEqualTo(3);
        assertThat(allocation().notes()).containsExactly("a control group grants 3.00 CPUs' time: 3 cores are used");
    }

    @Test
    void isBoundByVersion1() throws IOException {
        file(
                "proc/self/mountinfo",
                "31 24 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
                        + "32 24 0:28 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n");
        file("proc/self/cgroup", "4:memory:/slurm/uid_1/job_5\n3:cpu,cpuacct:/slurm/uid_1/job_5\n1:name=systemd:/x\n");
        file("sys/fs/cgroup/memory/slurm/uid_1/job_5/memory.limit_in_bytes", GIB + "\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        file("sys/fs/cgroup/cpu,cpuacct/slurm/uid_1/job_5/cpu.cfs_quota_us", "-1\n");
        file("sys/fs/cgroup/cpu,cpuacct/slurm/uid_1/cpu.cfs_quota_us", "400000\n");
        file("sys/fs/cgroup/cpu,cpuacct/slurm/uid_1/cpu.cfs_period_us", "100000\n");
        assertThat(local().memory()).isEqualTo(GIB);
        assertThat(local().cores()).isEqualTo(4);
    }

    @Test
    void seesItsContainersGroupAtTheMountPoint() throws IOException {
        file("proc/self/mountinfo", "30 24 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
        file("proc/self/cgroup", "0::/docker/abc\n");
        file("sys/fs/cgroup/memory.max", GIB + "\n");
        assertThat(local().memory()).isEqualTo(GIB);
        file("proc/self/cgroup", "0::/../../elsewhere\n");
        assertThat(local().memory()).isEqualTo(GIB);
    }

    @Test
    void countsGpusThatAreVisible() throws IOException {
        assertThat(local("CUDA_VISIBLE_DEVICES", "0,2").resources()).isEqualTo(Map.of("gpu", 2));
        assertThat(local("CUDA_VISIBLE_DEVICES", "GPU-8932f937").resources()).isEqualTo(Map.of("gpu", 1));
        file("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: X\n");
        assertThat(local().resources()).isEqualTo(Map.of("gpu", 1));
        assertThat(local("CUDA_VISIBLE_DEVICES", "").resources()).isEmpty();
        assertThat(local("CUDA_VISIBLE_DEVICES", "-1").resources()).isEmpty();
        assertThat(local("CUDA_VISIBLE_DEVICES", "1,-1,0").resources()).isEqualTo(Map.of("gpu", 1));
    }

    @Test
    void goesOnWhereTheKernelTellsNothing() throws IOException {
        file("proc/self/status", "");
        file("proc/meminfo", "odd\n");
        assertThat(local().cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(local().memory()).isZero();
        assertThat(allocation().notes()).hasSize(1);
    }

    @Test
    void isSharedByWorkers() throws IOException {
        file("proc/driver/nvidia/gpus/a/information", "");
        List<NodeShare> shares = new LocalSystem(root).allocation(Map.of(), 3).nodes();
        assertThat(shares).extracting(NodeShare::name).containsExactly("local-1", "local-2", "local-3");
        assertThat(shares).extracting(NodeShare::cores).containsExactly(2, 3, 3);
        assertThat(shares)
                .extracting(NodeShare::cpus)
                .containsExactly(List.of(0, 1), List.of(2, 3, 4), List.of(5, 6, 7));
        assertThat(shares).allMatch(share -> share.memory() == 16 * GIB / 3);
        assertThat(shares)
                .extracting(share -> share.resources().getOrDefault("gpu", 0))
                .containsExactly(0, 0, 1);
    }

    @Test
    void letsMoreWorkersThanCoresCompete() throws IOException {
        file("proc/self/status", "Cpus_allowed_list:\t0-1\n");
        Allocation allocation = new LocalSystem(root).allocation(Map.of(), 3);
        assertThat(allocation.nodes())
                .allMatch(share -> share.cores() == 1 && share.cpus().isEmpty());
        assertThat(allocation.notes()).containsExactly("3 workers compete for 2 cores of this machine");
    }

    @Test
    void describesTheRealMachine() {
        NodeShare local = new LocalSystem().allocation(Map.of()).nodes().get(0);
        assertThat(local.cores()).isBetween(1, Runtime.getRuntime().availableProcessors());
        assertThat(local.memory()).isGreaterThan(1 << 20);
    }
}
