package io.colla.launcher.doctor;

import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.mpi.launch.Launchers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What MPI tasks need, as far as this machine has it: a launcher, and in a job of Slurm its PMIx. */
final class MpiChecks {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String NAME_ONE =
            "Load the site's MPI module before the run, or name its mpirun with --mpi PATH.";

    private final String wanted;
    private final Map<String, String> environment;

    MpiChecks(Settings settings, Map<String, String> environment) {
        this.wanted = settings.need(Options.MPI);
        this.environment = environment;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        if (!wanted.equals("srun")) {
            checks.add(launcher());
        }
        if (environment.containsKey("SLURM_JOB_ID") || wanted.equals("srun")) {
            checks.add(srun());
        }
        return checks;
    }

    private Check launcher() {
        boolean named = !List.of(Launchers.AUTO, "openmpi", "hydra").contains(wanted);
        List<String> candidates = named ? List.of(wanted) : Launchers.ANY;
        for (String candidate : candidates) {
            Optional<Path> path = candidate.indexOf('/') < 0
                    ? Commands.find(candidate, environment)
                    : Optional.of(Path.of(candidate));
            if (path.isPresent()) {
                return launcher(path.get());
            }
        }
        String finding = "no MPI launcher here (" + String.join(", ", candidates) + " on the PATH)";
        return wanted.equals(Launchers.AUTO)
                ? Check.ok(finding + "; MPI tasks need one on the nodes")
                : Check.fail(finding + ", but --mpi is " + wanted, NAME_ONE);
    }

    private Check launcher(Path path) {
        Commands.Answer version = Commands.ask(List.of(path.toString(), "--version"), LIMIT);
        String kind = version.succeeded() ? Launchers.kind(path.toString(), version.text()) : null;
        if (kind == null) {
            return Check.warn(
                    path + " is no MPI launcher that Colla knows: --version says '" + version.firstLine() + "'",
                    NAME_ONE);
        }
        if (List.of("openmpi", "hydra").contains(wanted) && !wanted.equals(kind)) {
            return Check.fail(
                    path + " is " + kind + "'s (" + version.firstLine() + "), but --mpi is " + wanted, NAME_ONE);
        }
        return Check.ok("MPI tasks are started by " + path + ", " + version.firstLine());
    }

    private Check srun() {
        Optional<Path> srun = Commands.find("srun", environment);
        if (srun.isEmpty()) {
            return Check.fail(
                    "srun is to start MPI tasks, but is not on the PATH", "Use --mpi auto, or add Slurm's commands.");
        }
        Commands.Answer list = Commands.ask(List.of(srun.get().toString(), "--mpi=list"), LIMIT);
        return list.succeeded() && list.text().contains("pmix")
                ? Check.ok("srun can start MPI tasks through PMIx (--mpi srun)")
                : Check.warn(
                        "srun has no PMIx: " + list.firstLine(),
                        "Use --mpi openmpi or hydra; with srun, ranks would not find each other.");
    }
}
