package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The MPI examples in batch jobs of three nodes, as a user runs them: a C program, Java methods and Python functions on ranks compute the same bits, and so does a
 * sequential solution; MrBayes finds the trees that it finds by hand.
 */
@Tag("cluster")
@Timeout(360)
class MpiExamplesOnClusterTest extends Cluster {
    private static final Duration LIMIT = Duration.ofSeconds(240);
    private static final String TWELVE_CORES = "-N3 -n3 -c4 --time=5";
    /** Ranks share two real cores with each other here; one that waits must let others work. */
    private static final List<String> OPTIONS =
            List.of("--env", "OMPI_MCA_mpi_yield_when_idle=1", "--python", "/usr/bin/python3");

    private Path examples;

    @BeforeEach
    void copyExamples() throws Exception {
        examples = Files.createDirectory(work.resolve("examples"));
        try (var files = Files.newDirectoryStream(Path.of("../examples/mpi"), "*.{c,py,java}")) {
            for (Path file : files) {
                Files.copy(file, examples.resolve(file.getFileName()));
            }
        }
    }

    private Job python(String script, String... arguments) throws Exception {
        List<Object> words = new ArrayList<>(List.of(examples.resolve(script)));
        words.addAll(List.of(arguments));
        return batch(TWELVE_CORES, Home.python(OPTIONS, words.toArray()));
    }

    private Job java(String... arguments) throws Exception {
        String jar = System.getenv("COLLA_MPI_JAVA");
        assumeThat(jar).as("COLLA_MPI_JAVA, which names mpi.jar").isNotNull();
        Path compiled = Files.createDirectory(work.resolve("classes"));
        List<String> javac = new ArrayList<>(List.of("-nowarn", "-parameters", "-d", compiled.toString(), "-cp"));
        try (var jars = Files.newDirectoryStream(Home.FOLDER.resolve("lib"), "colla-api-*.jar")) {
            javac.add(jars.iterator().next() + ":" + jar);
        }
        for (String source : List.of("Heat", "HeatSolver", "Plate")) {
            javac.add(examples.resolve(source + ".java").toString());
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, javac.toArray(String[]::new)))
                .isZero();
        List<String> words = new ArrayList<>(OPTIONS);
        words.addAll(List.of("-cp", compiled + ":" + jar, "Heat", "--source", examples.resolve("heat.c") + ""));
        words.addAll(List.of(arguments));
        return batch(TWELVE_CORES, Home.python(words));
    }

    private static List<String> metals(Launched.Ended ended) {
        return ended.out().lines().filter(line -> line.contains("check sum")).toList();
    }

    @Test
    void heatInCJavaAndPythonIsTheSame() throws Exception {
        Launched.Ended inPython = python("heat.py", "--ranks", "2,3,4,5,6,4", "--steps", "200")
                .await(LIMIT)
                .hasCode(0)
                .prints("verified: C and Python give the bits of the sequential solution");
        assertRanksOnAllNodes();
        Launched.Ended inJava = java("--steps", "200")
                .await(LIMIT)
                .hasCode(0)
                .prints("verified: C and Java give the bits of the sequential solution");
        assertRanksOnAllNodes();
        assertThat(metals(inPython)).hasSize(6).doesNotHaveDuplicates().isEqualTo(metals(inJava));
    }

    private void assertRanksOnAllNodes() throws IOException {
        for (String node : NODES) {
            assertThat(placements())
                    .as("placements")
                    .anyMatch(row -> row.matches("[^,]*(heat|solve)[^,]*," + node + ",.*"));
        }
    }

    /** In the middle of the work: the program has used some processor time. */
    private void killARank(Job job, String program) {
        List<Marked.Found> ranks = job.awaitProcesses("ranks of " + program, 2, found -> found.isProgram(program));
        Marked.Found victim = ranks.get(ranks.size() - 1);
        Awaitility.await("work of process " + victim.pid())
                .atMost(JOB_ENDS)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> processorTicks(victim.pid()) >= 5);
        assertThat(victim.signal("KILL")).as("the rank was there").isTrue();
    }

    private static long processorTicks(long pid) throws IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        String[] fields = Files.readString(stat).replaceFirst("^.*\\) ", "").split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    @Test
    void aRankThatIsKilledIsTriedAgainWithTheSameResult() throws Exception {
        Job job = python("heat.py", "--ranks", "3", "--steps", "1500", "--rows", "400", "--columns", "400");
        killARank(job, "heat");
        job.await(LIMIT).hasCode(0).prints("verified: C and Python give the bits of the sequential solution");
        assertThat(Files.readString(work.resolve("colla-runs/latest/run.log")))
                .containsPattern("heat_c.* failed, trying again: .*(SIGKILL|signal 9|[Kk]illed)");
    }

    @Test
    void mrBayesFindsTheTreesThatItFindsByHand() throws Exception {
        python("mrbayes.py", "--chains", "2,3,4", "--seeds", "2", "--generations", "2000")
                .await(LIMIT)
                .hasCode(0)
                .prints("6 runs of 2000 generations", "Homo_sapiens Pan");
        Map<String, List<String>> byHand = new TreeMap<>();
        for (String run : List.of("chains2-seed1", "chains4-seed2")) {
            byHand.put(run, treesByHand(run));
        }
        byHand.forEach((run, trees) -> assertThat(trees(work.resolve("mrbayes-results/" + run)))
                .as("trees of " + run)
                .hasSizeGreaterThan(80)
                .isEqualTo(trees));
        assertThat(byHand.get("chains2-seed1")).isNotEqualTo(byHand.get("chains4-seed2"));
    }

    /** With mpirun on the first node, as the user would do it. */
    private List<String> treesByHand(String run) throws Exception {
        Path folder = Files.createDirectory(work.resolve("by-hand-" + run));
        Files.copy(work.resolve("mrbayes-results/" + run + "/commands.nex"), folder.resolve("commands.nex"));
        folder.toFile().setWritable(true, false);
        String mpirun = "exec mpirun -n 2 --oversubscribe --bind-to none /usr/lib/mrbayes-mpi/mb-mpi commands.nex";
        on("ctl", List.of("sh", "-c", "cd " + folder + " && " + mpirun))
                .await(Duration.ofMinutes(2))
                .hasCode(0);
        return trees(folder);
    }

    /** Without the line that is different each time. */
    private static List<String> trees(Path folder) {
        try {
            return Files.readAllLines(folder.resolve("primates.t")).stream()
                    .filter(line -> !line.startsWith("[ID"))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
