package io.colla.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.SettingsLoader;
import io.colla.launcher.doctor.Check.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against programs that answer as Slurm's do, or do not. */
@Tag("process")
class ChecksTest {
    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    private void program(String name, String script) throws IOException {
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.deleteIfExists(folder.resolve(name));
        Files.writeString(Files.createFile(folder.resolve(name), mode), "#!/bin/sh\n" + script + "\n");
        environment.put("PATH", folder.toString());
    }

    private List<Check> slurm() {
        return new SlurmChecks(environment).all();
    }

    @Test
    void noSlurmIsFineOutsideAJobAndAFailureInsideOne() {
        environment.put("PATH", folder.toString());
        assertThat(slurm()).extracting(Check::status).containsExactly(Status.OK);
        environment.put("SLURM_JOB_ID", "7");
        assertThat(slurm()).extracting(Check::status).containsExactly(Status.FAIL);
        assertThat(slurm().get(0).finding()).contains("Slurm job 7", "srun is not on the PATH");
    }

    @Test
    void asksSlurmAboutTheJob() throws IOException {
        program("srun", "echo slurm 22.05.8");
        program("scontrol", "[ \"$1 $2 $3\" = 'show job 7' ] || { echo 'Invalid job id specified' >&2; exit 1; }");
        environment.put("SLURM_JOB_ID", "7");
        assertThat(slurm()).extracting(Check::status).containsExactly(Status.OK, Status.OK);
        assertThat(slurm().get(0).finding()).startsWith("slurm 22.05.8");
        environment.put("SLURM_JOB_ID", "8");
        assertThat(slurm().get(1).finding()).isEqualTo("scontrol show job 8 fails: Invalid job id specified");
        assertThat(slurm().get(1).status()).isEqualTo(Status.FAIL);
    }

    @Test
    void aBrokenSlurmHurtsOnlyInsideAJob() throws IOException {
        program("srun", "echo 'no configuration' >&2; exit 1");
        program("scontrol", "exit 1");
        assertThat(slurm()).extracting(Check::status).containsExactly(Status.WARN, Status.WARN);
        environment.put("SLURM_JOB_ID", "7");
        assertThat(slurm()).extracting(Check::status).containsExactly(Status.FAIL, Status.FAIL);
    }

    private List<Check> pbs() {
        return new PbsChecks(environment).all();
    }

    @Test
    void saysWhoseQstatThereIs() throws IOException {
        environment.put("PATH", folder.toString());
        assertThat(pbs()).containsExactly(Check.ok("no PBS here (qstat is not on the PATH)"));
        program("qstat", "# shows the jobs of Slurm");
        assertThat(pbs().get(0).finding()).isEqualTo("no PBS here (" + folder + "/qstat is Slurm's imitation of it)");
        environment.put("PBS_JOBID", "7.head");
        assertThat(pbs()).extracting(Check::status).containsExactly(Status.WARN, Status.WARN);
        program("qstat", "echo pbs_version = 23.06.06");
        assertThat(pbs()).extracting(Check::status).containsExactly(Status.OK, Status.WARN);
        program("pbsdsh", "exit 0");
        assertThat(pbs()).extracting(Check::status).containsExactly(Status.OK, Status.OK);
        assertThat(pbs().get(1).finding()).isEqualTo("workers are started by " + folder + "/pbsdsh");
        environment.put("SLURM_JOB_ID", "7");
        assertThat(pbs()).hasSize(1);
    }

    @Test
    void findsFoldersThatCannotBeUsedAndVariablesWithASlip() {
        environment.put("COLLA_WOKRERS", "auto");
        SettingsLoader loader = new SettingsLoader(environment, Path.of("/proc/1"), null, null);
        Settings settings = new SettingsLoader(Map.of(), folder, null, null)
                .load(
                        Map.of(Options.SHARED, List.of("/nowhere/shared"), Options.SCRATCH, List.of(folder.toString())),
                        null);
        List<Check> checks = Checks.of(settings, loader).all();
        assertThat(checks)
                .filteredOn(check -> check.status() == Status.FAIL)
                .extracting(Check::finding)
                .anyMatch(finding -> finding.contains("working folder /proc/1 cannot be written"))
                .anyMatch(finding -> finding.contains("/nowhere/shared is not there"));
        assertThat(checks)
                .anyMatch(
                        check -> check.status() == Status.OK && check.finding().startsWith("scratch folder " + folder))
                .anyMatch(check -> check.finding().contains("COLLA_WOKRERS")
                        && check.advice().contains("COLLA_WORKERS"));
        assertThat(checks).filteredOn(check -> check.status() != Status.OK).allMatch(check -> !check.advice()
                .isEmpty());
    }

    @Test
    void saysWhatThereIsOfExtrae() throws IOException {
        Settings any = new SettingsLoader(Map.of(), folder, null, null).load(Map.of(), null);
        environment.put("PATH", folder.toString());
        environment.put("EXTRAE_HOME", folder.toString());
        assertThat(new ExtraeChecks(any, environment).all())
                .containsExactly(Check.ok("no Extrae here, which Colla's own traces do not need"));
        Settings wanted = new SettingsLoader(Map.of("COLLA_TRACE", "extrae"), folder, null, null).load(Map.of(), null);
        assertThat(new ExtraeChecks(wanted, environment).all().get(0).status()).isEqualTo(Status.FAIL);
        Path library =
                Files.createFile(Files.createDirectories(folder.resolve("lib")).resolve("libpttrace.so"));
        assertThat(new ExtraeChecks(wanted, environment).all().get(0).status()).isEqualTo(Status.WARN);
        program("mpi2prv", "true");
        assertThat(new ExtraeChecks(wanted, environment).all())
                .containsExactly(Check.ok("Extrae can record runs: " + library + ", " + folder.resolve("mpi2prv")));
    }
}
