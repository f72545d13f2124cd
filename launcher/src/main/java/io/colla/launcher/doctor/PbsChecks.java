package io.colla.launcher.doctor;

import io.colla.pbs.PbsCommands;
import io.colla.pbs.Qstat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** PBS, as far as this machine has one: whose commands these are, and how workers would be started. */
final class PbsChecks {
    private final Map<String, String> environment;
    private final String job;

    PbsChecks(Map<String, String> environment) {
        this.environment = PbsCommands.withFolder(environment);
        this.job = environment.containsKey("SLURM_JOB_ID") ? "" : environment.getOrDefault("PBS_JOBID", "");
    }

    List<Check> all() {
        Qstat.Maker maker = new Qstat(environment).maker();
        Check qstat = job.isEmpty() ? outside(maker) : inside(maker);
        return job.isEmpty() ? List.of(qstat) : List.of(qstat, starter());
    }

    private Check outside(Qstat.Maker maker) {
        if (maker == Qstat.Maker.NONE) {
            return Check.ok("no PBS here (qstat is not on the PATH)");
        }
        return Check.ok(
                maker.isPbs()
                        ? "qstat is " + maker.words() + ", " + path() + "; this is not inside a job of PBS"
                        : "no PBS here (" + path() + " is " + maker.words() + ")");
    }

    private Check inside(Qstat.Maker maker) {
        return maker.isPbs()
                ? Check.ok("PBS job " + job + "; qstat is " + maker.words() + ", " + path())
                : Check.warn(
                        "this is PBS job " + job + ", but qstat "
                                + (maker == Qstat.Maker.NONE
                                        ? "is not on the PATH"
                                        : "(" + path() + ") is " + maker.words()),
                        "Put PBS's commands first on the PATH of the job; without them, cores are counted by the lines of PBS_NODEFILE.");
    }

    private String path() {
        return Commands.find("qstat", environment).map(Path::toString).orElse("?");
    }

    private Check starter() {
        Optional<Path> found = Stream.of("pbs_tmrsh", "pbsdsh")
                .flatMap(name -> Commands.find(name, environment).stream())
                .findFirst();
        return found.map(path -> Check.ok("workers are started by " + path))
                .orElseGet(() -> Check.warn(
                        "neither pbs_tmrsh nor pbsdsh is on the PATH, so that workers are started by ssh",
                        "Put PBS's commands on the PATH of the job, so that PBS counts and ends the workers."));
    }
}
