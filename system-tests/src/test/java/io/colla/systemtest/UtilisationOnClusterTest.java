package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A bag of tasks on 1, 2 and 4 cores and of 6 ranks, in random order and with times that nobody has announced, keeps twelve cores of three nodes nearly as busy as the best
 * packing would. The tasks sleep, so that it does not matter how many cores this machine really has.
 */
@Tag("cluster")
@Timeout(300)
class UtilisationOnClusterTest extends Cluster {
    private static final int CORES = 12;
    private static final double OF_THE_BEST_PACKING = 0.9;

    @Test
    void aMixedBagKeepsTheCoresBusy() throws Exception {
        Path log = Files.createFile(work.resolve("naps"));
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path programs = Files.createDirectory(work.resolve("programs"));
        Naps.build(programs);
        Job job = batch(
                "-N3 -n3 -c4 --time=5",
                app(
                        List.of("--env", "OMPI_MCA_mpi_yield_when_idle=1"),
                        "Naps",
                        log,
                        programs,
                        5,
                        "program:1:2:66",
                        "program:2:2.5:26",
                        "program:4:2.2:20",
                        "mpi6:1:2:11"));
        double makespan = number(job.await(Duration.ofSeconds(200)).hasCode(0).out(), "makespan ([0-9.]+)");
        assertThat(Naps.read(log).all()).hasSize(66 + 26 + 20 + 6 * 11);
        double busy = number(
                Files.readString(work.resolve("colla-runs/latest/summary.json")), "\"busyCoreSeconds\": ([0-9.E+]+)");
        // No packing is shorter than all core-seconds over all cores.
        double utilisation = busy / (CORES * makespan);
        System.out.printf(
                Locale.ROOT,
                "mixed bag: %.1f core-seconds (%.1f asleep) in %.2f s on %d cores: %.1f %%%n",
                busy,
                Naps.read(log).coreSeconds(),
                makespan,
                CORES,
                100 * utilisation);
        assertThat(utilisation).as("part of the best packing").isBetween(OF_THE_BEST_PACKING, 1.001);
    }

    private static double number(String text, String regex) {
        Matcher found = Pattern.compile(regex).matcher(text);
        assertThat(found.find()).as(regex + " in " + text).isTrue();
        return Double.parseDouble(found.group(1));
    }
}
