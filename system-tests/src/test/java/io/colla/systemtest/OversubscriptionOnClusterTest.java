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
    private static final int LEAST_LOOKS = 20;
    /** Cores that are asked of each node, for which there are real ones. */
    private static final int REAL = Math.min(4, Runtime.getRuntime().availableProcessors());

    private static final List<String> OPTIONS = List.of("--env", "OMPI_MCA_mpi_yield_when_idle=1");

    private Path log;
    private Path programs;

    private void prepareNaps() throws Exception {
        log = Files.createFile(work.resolve("naps"));
        programs = Files.createDirectory(work.resolve("programs"));
        Naps.build(programs);
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    /** Looks at the masks again and again until the job ends. */
    private List<Set<Masks.Process>> watch(Job job) {
        List<Set<Masks.Process>> looks = new ArrayList<>();
        while (!job.hasEnded()) {
            Set<Masks.Process> now = Masks.now(mark);
            if (!now.isEmpty()) {
                looks.add(now);
            }
        }
        return looks;
    }

    private static void assertDisjoint(Set<Masks.Process> look, int cores) {
        Masks.byTask(look).forEach((host, tasks) -> {
            Set<Integer> taken = new HashSet<>();
            tasks.forEach((task, cpus) -> {
                assertThat(Collections.disjoint(cpus, taken))
                        .as("cpus of %s are of no other of %s on %s; processes: %s", task, tasks, host, look)
                        .isTrue();
                taken.addAll(cpus);
            });
            assertThat(taken).as("cpus of all tasks on %s", host).hasSizeLessThanOrEqualTo(cores);
        });
    }

    private void assertDisjointWhileItRuns(Job job, int cores) {
        List<Set<Masks.Process>> seen = watch(job);
        job.await().hasCode(0);
        assertThat(seen).as("looks at the masks").hasSizeGreaterThan(LEAST_LOOKS);
        seen.forEach(look -> assertDisjoint(look, cores));
        List<Map<String, Map<String, Set<Integer>>>> looks =
                seen.stream().map(Masks::byTask).toList();
        assertThat(looks).as("looks that saw two tasks on a host").anyMatch(look -> look.values().stream()
                .anyMatch(tasks -> tasks.size() > 1));
        assertThat(looks)
                .as("looks that saw a task on several hosts")
                .anyMatch(look -> look.values().stream()
                                .flatMap(tasks -> tasks.keySet().stream())
                                .distinct()
                                .count()
                        < look.values().stream().mapToInt(Map::size).sum());
    }

    private void assertNotMoreThan(int cores) throws Exception {
        Map<String, Integer> most = Naps.read(log).most();
        assertThat(most.keySet()).containsExactlyInAnyOrderElementsOf(NODES);
        assertThat(most.values()).as("cores in use at once: " + most).allMatch(used -> used <= cores);
    }

    private Job naps(int cores, String... bag) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of(log, programs, 1));
        arguments.addAll(List.of(bag));
        return batch("-N3 -n3 --time=4 -c" + cores, app(OPTIONS, "Naps", arguments.toArray()));
    }

    @Test
    void masksOfJavaProgramOmpSsAndMpiTasksAreDisjoint() throws Exception {
        prepareNaps();
        assertDisjointWhileItRuns(
                naps(
                        REAL,
                        "java:1:0.3:12",
                        "java:2:0.2:4",
                        "program:1:0.3:12",
                        "ompss:2:0.3:5",
                        "mpi2:1:0.3:3",
                        "mpi3:1:0.3:3",
                        "mpi2:2:0.3:2"),
                REAL);
        assertThat(Naps.read(log).countByKind())
                .isEqualTo(Map.of("java", 16L, "program", 12L, "ompss", 5L, "mpi2", 10L, "mpi3", 9L));
        assertNotMoreThan(REAL);
    }

    @Test
    void masksOfPythonTasksAndTheirProgramsAreDisjoint() throws Exception {
        prepareNaps();
        Path script = Files.copy(Path.of("src/test/resources/naps.py"), work.resolve("naps.py"));
        List<String> options = new ArrayList<>(OPTIONS);
        options.addAll(List.of("--python", "/usr/bin/python3"));
        assertDisjointWhileItRuns(
                batch("-N3 -n3 --time=4 -c" + REAL, Home.python(options, script, log, programs, 4)), REAL);
        assertThat(Naps.read(log).countByKind())
                .isEqualTo(Map.of("python", 8L, "program", 4L, "ompss", 4L, "mpi3", 12L, "mpi-python", 8L));
        assertNotMoreThan(REAL);
    }

    /** More cores than this machine has: no masks, but as many tasks as there are cores, and never more. */
    @Test
    void allCoresOfTheJobAreInUseAndNoneTwice() throws Exception {
        prepareNaps();
        naps(4, "java:1:0.5:12", "java:3:0.4:4", "program:1:0.5:12", "ompss:4:0.3:3", "mpi6:1:0.3:2", "mpi2:3:0.3:2")
                .await()
                .hasCode(0);
        assertNotMoreThan(4);
        assertThat(Naps.read(log).most()).containsValue(4);
    }
}
