package io.colla.launcher.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The batch system, as far as this machine has one. */
final class SlurmChecks {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String JOB = "SLURM_JOB_ID";

    private final Map<String, String> environment;

    SlurmChecks(Map<String, String> environment) {
        this.environment = environment;
    }

    List<Check> all() {
        String job = environment.get(JOB);
        Optional<Path> srun = Commands.find("srun", environment);
        Optional<Path> scontrol = Commands.find("scontrol", environment);
        if (srun.isEmpty() || scontrol.isEmpty()) {
            String missing = srun.isEmpty() ? "srun" : "scontrol";
            return List.of(
                    job == null
                            ? Check.ok("no Slurm here (" + missing + " is not on the PATH)")
                            : Check.fail(
                                    "this is Slurm job " + job + ", but " + missing + " is not on the PATH",
                                    "Add the folder of Slurm's commands to the PATH of the job."));
        }
        Commands.Answer version = Commands.ask(List.of(srun.get().toString(), "--version"), LIMIT);
        Check found = version.succeeded()
                ? Check.ok(version.firstLine() + ", " + srun.get())
                : broken(job != null, version.firstLine());
        Check second = job == null ? answers(scontrol.get()) : jobKnown(scontrol.get(), job);
        return List.of(found, second);
    }

    private static Check broken(boolean inJob, String why) {
        String finding = "srun --version fails: " + why;
        return inJob
                ? Check.fail(finding, "Ask your site; Colla starts workers with srun.")
                : Check.warn(
                        finding,
                        "Slurm's commands are installed but not set up here; this does no harm without Slurm.");
    }

    private static Check answers(Path scontrol) {
        Commands.Answer ping = Commands.ask(List.of(scontrol.toString(), "ping"), LIMIT);
        return ping.succeeded()
                ? Check.ok("Slurm's controller answers; this is not inside a job")
                : Check.warn(
                        "Slurm's controller does not answer: " + ping.firstLine(),
                        "Submitting jobs will not work now.");
    }

    private static Check jobKnown(Path scontrol, String job) {
        Commands.Answer show = Commands.ask(List.of(scontrol.toString(), "show", "job", job), LIMIT);
        return show.succeeded()
                ? Check.ok("Slurm job " + job + ": scontrol answers")
                : Check.fail(
                        "scontrol show job " + job + " fails: " + show.firstLine(),
                        "Unset " + JOB + " if this shell is no longer in that job; else ask your site.");
    }
}
