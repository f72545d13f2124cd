package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobInfo;
import io.colla.platform.JobState;
import io.colla.platform.JobStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of Slurm's answers, as releases 22.05 and later print them. */
@Tag("process")
class SlurmJobsTest {
    @TempDir
    Path folder;

    private FakePrograms programs;

    @BeforeEach
    void makePrograms() {
        programs = new FakePrograms(folder)
                .add("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1")
                .add("sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1")
                .add("scontrol", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1")
                .add("sbatch", "echo 77")
                .add("scancel", "");
    }

    private SlurmJobs jobs(String... environment) {
        return new SlurmJobs(programs.environment(environment));
    }

    private JobInfo query(String job) {
        return jobs().query(List.of(job)).getOrDefault(job, JobInfo.unknown(job, "no answer"));
    }

    private void squeue(String... lines) {
        programs.add("squeue", "cat <<'END'\n" + String.join("\n", lines) + "\nEND");
    }

    @Test
    void asksTheQueueFirstAndOnceForAll() {
        squeue("7|PENDING|2|debug|N/A|Resources|a|b", "8|RUNNING|1|debug|2026-11-26T11:14:21|None|two words");
        Map<String, JobInfo> all = jobs().query(List.of("7", "8"));
        assertThat(all.get("7"))
                .isEqualTo(new JobInfo(
                        "7",
                        "a|b",
                        new JobStatus(JobState.QUEUED, "PENDING", "Resources"),
                        null,
                        "debug",
                        2,
                        null,
                        List.of()));
        assertThat(all.get("8").end()).isNotNull();
        assertThat(all.get("8").name()).isEqualTo("two words");
        assertThat(programs.calls()).hasSize(1);
    }

    @Test
    void asksTheControllerForTheExitCodeOfAnEndedJob() {
        squeue("7|FAILED|1|debug|2026-11-26T11:14:21|NonZeroExitCode|app");
        programs.add("scontrol", "echo 'JobId=7 JobName=app ExitCode=3:0 DerivedExitCode=0:0'");
        assertThat(query("7").exitCode()).isEqualTo(3);
        assertThat(query("7").end()).isNull();
        programs.add("scontrol", "echo 'JobId=7 JobName=app ExitCode=0:9 DerivedExitCode=0:0'");
        assertThat(query("7").exitCode()).isEqualTo(137);
    }

    @Test
    void asksTheAccountingForWhatTheQueueForgot() {
        programs.add("sacct", "echo '7|OUT_OF_MEMORY|1|debug|0:125|None|app'");
        assertThat(query("7").status()).isEqualTo(new JobStatus(JobState.FAILED, "OUT_OF_MEMORY", ""));
        programs.add("sacct", "echo '7|CANCELLED by 1000|1|debug|0:0|None|app'");
        assertThat(query("7").state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void doesNotTakeAbsenceForSuccess() {
        assertThat(query("7").state()).isEqualTo(JobState.UNKNOWN);
        assertThat(query("7").status().reason())
                .isEqualTo("neither squeue nor sacct knows it (squeue: Invalid job id specified; sacct: Slurm"
                        + " accounting storage is disabled)");
        programs.add("squeue", "true").add("sacct", "true");
        assertThat(query("7").state()).isEqualTo(JobState.UNKNOWN);
    }

    @Test
    void anArrayHasSucceededWhenAllPartsHave() {
        squeue(
                "7_[3-5%2]|PENDING|1|debug|N/A|JobArrayTaskLimit|app",
                "7_1|COMPLETED|1|debug|2026-11-26T11:14:21|None|app",
                "7_2|FAILED|1|debug|2026-11-26T11:14:21|NonZeroExitCode|app");
        assertThat(query("7").state()).isEqualTo(JobState.QUEUED);
        assertThat(query("7").parts()).hasSize(3);
        assertThat(query("7_1").state()).isEqualTo(JobState.SUCCEEDED);
        squeue(
                "7_1|COMPLETED|1|debug|2026-11-26T11:14:21|None|app",
                "7_2|FAILED|1|debug|2026-11-26T11:14:21|NonZeroExitCode|app");
        programs.add(
                "scontrol",
                "echo 'JobId=7 ArrayJobId=7 ArrayTaskId=1 ExitCode=0:0'; echo 'JobId=8 ArrayJobId=7 ArrayTaskId=2 ExitCode=5:0'");
        assertThat(query("7").state()).isEqualTo(JobState.FAILED);
        assertThat(query("7").exitCode()).isEqualTo(5);
    }

    @Test
    void theComponentsOfAHeterogeneousJobAreOneJob() {
        squeue("5+0|RUNNING|1|debug|2026-11-26T11:14:21|None|app", "5+1|RUNNING|2|debug|2026-11-26T11:14:21|None|app");
        assertThat(query("5").state()).isEqualTo(JobState.RUNNING);
        assertThat(query("5").nodes()).isEqualTo(3);
    }

    @Test
    void namesAStateThatItDoesNotKnow() {
        squeue("7|FROBNICATED|1|debug|N/A|None|app");
        assertThat(query("7").status().reason()).isEqualTo("Colla does not know Slurm's state 'FROBNICATED'");
    }

    @Test
    void submitsAsFromOutsideOfAnyJob() throws Exception {
        programs.add("sbatch", "env >" + folder + "/env; echo '77;cluster'");
        Path script = Files.writeString(folder.resolve("job.sh"), "#!/bin/bash\n#SBATCH --time=1\n#SBATCH --nodes=1\n");
        String id = jobs(
                        "SLURM_JOB_ID",
                        "5",
                        "SLURM_CONF",
                        "/etc/c",
                        "SBATCH_TIMELIMIT",
                        "9",
                        "SBATCH_ACCOUNT",
                        "mine",
                        "PBS_JOBID",
                        "3",
                        "PMIX_RANK",
                        "0",
                        "COLLA_JOB_FOLDER",
                        "/x",
                        "COLLA_QUEUE",
                        "q")
                .submit(script);
        assertThat(id).isEqualTo("77");
        assertThat(Files.readString(folder.resolve("env")))
                .contains("SLURM_CONF=/etc/c", "SBATCH_ACCOUNT=mine", "COLLA_QUEUE=q")
                .doesNotContain("SLURM_JOB_ID", "SBATCH_TIMELIMIT", "PBS_JOBID", "PMIX_RANK", "COLLA_JOB_FOLDER");
        assertThat(programs.calls()).containsExactly(List.of("sbatch", "--parsable", script.toString()));
    }

    @Test
    void refusalsAreInSlurmsWords() throws Exception {
        Path script = Files.writeString(folder.resolve("job.sh"), "#!/bin/bash\n");
        programs.add(
                "sbatch",
                "echo 'sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified' >&2; exit 1");
        assertThatThrownBy(() -> jobs().submit(script))
                .isInstanceOf(CommandException.class)
                .hasMessage("Slurm refused the job: Invalid account or account/partition combination specified");
        programs.add(
                "sbatch",
                "printf 'sbatch: error: invalid partition specified: nope\\nsbatch: error: Batch job submission failed: Invalid partition name specified\\n' >&2; exit 1");
        assertThatThrownBy(() -> jobs().submit(script))
                .hasMessage(
                        "Slurm refused the job: invalid partition specified: nope; Invalid partition name specified");
    }

    @Test
    void onlyTheScriptOfARunningJobIsAskedToEnd() throws Exception {
        assertThat(jobs().cancelInOrder("7")).isTrue();
        assertThat(programs.calls())
                .containsExactly(
                        List.of("scancel", "--state=PENDING", "7"),
                        List.of("scancel", "--state=SUSPENDED", "7"),
                        List.of("scancel", "--state=RUNNING", "--batch", "--signal=TERM", "7"));
    }

    @Test
    void aJobThatIsOverNeedsNoCancelling() throws Exception {
        programs.add(
                "scancel", "echo 'scancel: error: Kill job error on job id 7: Invalid job id specified' >&2; exit 1");
        jobs().cancel("7");
        programs.add(
                "scancel", "echo 'scancel: error: Kill job error on job id 7: Access/permission denied' >&2; exit 1");
        assertThatThrownBy(() -> jobs().cancel("7"))
                .hasMessage("Slurm says: Kill job error on job id 7: Access/permission denied");
    }
}
