package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Jobs that were submitted with Slurm's imitation of PBS's commands, by a plain user. Such a job is Slurm's; with Slurm's variables taken away, what is left is a PBS with a
 * node file, a qstat that is not PBS's, and no task manager.
 */
@Tag("cluster")
@Timeout(180)
class PbsOnClusterTest extends Cluster {
    private static final String WITHOUT_SLURM =
            "for name in $(env | sed -n 's/^\\(SLURM[A-Za-z0-9_]*\\)=.*/\\1/p'); do unset $name; done\n";

    /** What the job printed; it must have ended well. */
    private String qsub(String resources, String before, List<String> command) throws Exception {
        Path script = work.resolve("job.sh");
        String line =
                String.join(" ", command.stream().map(word -> "'" + word + "'").toList());
        Files.writeString(
                script,
                "#!/bin/sh\nexport " + Marked.VARIABLE + "=" + mark.value() + "\ncd " + work + "\n" + before + line
                        + " >out 2>&1\necho $? >code.part\nmv code.part code\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        on("ctl", List.of("qsub", "-l", resources, script.toString())).await().hasCode(0);
        Path code = work.resolve("code");
        Awaitility.await("the end of the job").atMost(JOB_ENDS).until(() -> Files.exists(code));
        String out = Files.readString(work.resolve("out"));
        assertThat(Files.readString(code).strip()).as(out).isEqualTo("0");
        return out;
    }

    @Test
    void aJobOfSlurmIsSlurmsHoweverItWasSubmitted() throws Exception {
        assertThat(qsub("nodes=3:ppn=2", "", List.of(Home.command(), "alloc")))
                .contains("slurm job", "3 nodes, 6 cores");
    }

    @Test
    void theNodeFileAndSshAreEnough() throws Exception {
        String out = qsub("nodes=3:ppn=2", WITHOUT_SLURM, app(List.of(), "Occupancy", work, 6));
        assertThat(out).contains("node1: ", "node2: ", "node3: ", "cores: 6");
        assertThat(Files.readString(work.resolve("colla-runs/latest/run.log")))
                .contains("the qstat on the PATH (/usr/bin/qstat) is Slurm's imitation of it");
    }
}
