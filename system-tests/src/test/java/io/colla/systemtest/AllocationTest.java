package io.colla.systemtest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Colla uses of real Slurm jobs exactly the cores, the memory and the folders that they were given. */
@Tag("cluster")
@Timeout(120)
class AllocationTest extends Cluster {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-N3 -n7 -m arbitrary | 4 2 1",
                "-N3 -n3 -c2 --mem=600 | 2 2 2",
                "-N2 -n2 -c4 --mem-per-cpu=100 -w node2,node3 | 0 4 4",
                "-N1 -n1 -c2 -w node1 : -N1 -n1 -c3 -w node3 | 2 0 3",
            })
    void exactlyTheCoresOfTheJob(String directives, String perNode) throws Exception {
        String[] cores = perNode.split(" ");
        int all = 0;
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < cores.length; i++) {
            all += Integer.parseInt(cores[i]);
            if (!cores[i].equals("0")) {
                lines.add("node" + (i + 1) + ": " + cores[i] + "\n");
            }
        }
        lines.add("cores: " + all);
        Job job = batch(layout(directives), app(List.of(), "Occupancy", work, all));
        job.await().hasCode(0).prints(lines.toArray(String[]::new));
    }

    /** Slurm lays tasks out as a file lists the nodes, one line for each task. */
    private String layout(String directives) throws Exception {
        if (!directives.contains("arbitrary")) {
            return directives + " --time=2";
        }
        return "-N3 -n7 --nodelist="
                + Files.writeString(work.resolve("layout"), "node1\nnode1\nnode1\nnode1\nnode2\nnode2\nnode3\n")
                + " --distribution=arbitrary --time=2";
    }

    @Test
    void theLauncherMayBeOutsideTheNodesOfTheJob() {
        List<String> command = new ArrayList<>(List.of("salloc", "-N2", "-n2", "-c2", "--time=2"));
        command.addAll(app(List.of(), "Occupancy", work, 4));
        on("ctl", command).await(JOB_ENDS).hasCode(0).prints("node1: 2\n", "node2: 2\n", "cores: 4");
    }

    /** Each node has a /tmp of its own; the file is the launcher's node's. */
    @Test
    void aFileOnANodesOwnDiskIsMovedVersionedAndBroughtBack() throws Exception {
        Path file = Path.of("/tmp/system-test-" + mark.value());
        try {
            batch("-N3 -n3 -c1 --time=2", app(List.of(), "LocalFiles", file, 12))
                    .await()
                    .hasCode(0)
                    .prints("versions right", "at the end: 0 1 2 3 4 5 6 7 8 9 10 11 12");
        } finally {
            cluster("on", "node1", "rm", "-f", file.toString());
        }
    }

    @Test
    void aFileInASharedFolderIsVersioned() throws Exception {
        batch("-N3 -n3 -c1 --time=2", app(List.of(), "LocalFiles", work.resolve("file"), 6))
                .await()
                .hasCode(0)
                .prints("versions right", "at the end: 0 1 2 3 4 5 6");
    }

    @Test
    void aFileInASharedFolderIsReadWhereItIs() throws Exception {
        Path file = Files.writeString(work.resolve("input"), "text");
        batch("-N3 -n3 -c1 --time=2", app(List.of(), "InPlace", file))
                .await()
                .hasCode(0)
                .prints("in place");
    }

    @Test
    void aFileThatTheUserMayNotRead() throws Exception {
        Path file = Files.writeString(work.resolve("secret"), "text");
        file.toFile().setReadable(false, false);
        on("ctl", app(List.of(), "Trouble", "unreadable", file))
                .await()
                .hasCode(2)
                .says("Trouble.size reads " + file + ", which may not be read");
    }

    @Test
    void aConstraintThatNoNodeOfTheJobCanMeet() throws Exception {
        batch("-N3 -n3 -c2 --time=2", app(List.of(), "Trouble", "constraint"))
                .await()
                .hasCode(2)
                .says("needs 1000 cores on a node and the largest node has 2");
    }
}
