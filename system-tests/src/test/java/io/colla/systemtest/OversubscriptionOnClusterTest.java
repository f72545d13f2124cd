package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Cores are never given to two tasks at once, whatever mix of tasks runs. Looked at in two ways: by the affinity masks of all processes of tasks on all hosts, while
 * they run, and by what the tasks say of when they ran. Masks are those of real cores, of which this machine may have fewer than the hosts pretend to: so the jobs
 * whose masks are looked at ask for no more of each node than the machine has.
 */
@Tag("cluster")
@Timeout(240)
class OversubscriptionOnClusterTest extends Cluster {
    private static final int LEAST_LOOKS = 30;

    private Path log;
    private Path programs;

    private void prepareNaps() throws Exception {
        log = Files.createFile(work.resolve("naps"));
        programs = Files.createDirectory(work.resolve("programs"));
        Naps.build(programs);
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    /** Looks at the masks again and again until the job ends. */
    private List<Map<String, Map<String, Set<Integer>>>> watch(Job job) {
        List<Map<String, Map<String, Set<Integer>>>> looks = new ArrayList<>();
        while (!job.hasEnded()) {
            Map<String, Map<String, Set<Integer>>> now = Masks.now(mark);
            if (!now.isEmpty()) {
                looks.add(now);
            }
        }
        return looks;
    }

    private static void assertDisjoint(Map<String, Map<String, Set<Integer>>> look, int cores) {
        look.forEach((host, tasks) -> {
            Set<Integer> taken = new HashSet<>();
            tasks.forEach((task, cpus) -> {
                assertThat(Collections.disjoint(cpus, taken))
                        .as("cpus of %s are of no other of %s on %s", task, tasks, host)
                        .isTrue();
                taken.addAll(cpus);
            });
            assertThat(taken).as("cpus of all tasks on %s", host).hasSizeLessThanOrEqualTo(cores);
        });
    }

    @Test
    void masksOfJavaProgramAndMpiTasksAreDisjoint() throws Exception {
        prepareNaps();
        int cores = Math.min(4, Runtime.getRuntime().availableProcessors());
        Job job = batch(
                "-N3 -n3 -c" + cores + " --time=4",
                app(
                        List.of(),
                        "Naps",
                        log,
                        programs,
                        1,
                        "java:1:0.3:20",
                        "java:2:0.2:5",
                        "program:1:0.3:20",
                        "program:2:0.3:8",
                        "mpi2:1:0.3:3",
                        "mpi3:1:0.3:3",
                        "mpi2:2:0.3:2"));
        List<Map<String, Map<String, Set<Integer>>>> looks = watch(job);
        job.await().hasCode(0);
        assertThat(looks).hasSizeGreaterThan(LEAST_LOOKS);
        looks.forEach(look -> assertDisjoint(look, cores));
        System.err.println(looks.size() + " looks; " + looks.get(looks.size() / 2)
                + Naps.read(log).most());
        Naps naps = Naps.read(log);
        assertThat(naps.countByKind()).containsEntry("java", 25L).containsEntry("program", 28L);
        assertThat(naps.most().values()).allMatch(most -> most <= cores);
    }
}
