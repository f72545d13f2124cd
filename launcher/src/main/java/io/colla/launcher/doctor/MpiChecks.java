package io.colla.launcher.doctor;

import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.mpi.java.Bindings;
import io.colla.mpi.launch.Launchers;
import io.colla.platform.TaskError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What MPI tasks need, as far as this machine has it: a launcher, in a job of Slurm its PMIx, and mpi.jar for Java methods. */
final class MpiChecks {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String NAME_ONE =
            "Load the site's MPI module before the run, or name its mpirun with --mpi PATH.";

    private final String wanted;
    private final @Nullable Path jar;
    private final Map<String, String> environment;

    MpiChecks(Settings settings, Map<String, String> environment) {
        this.wanted = settings.need(Options.MPI);
        this.jar = settings.get(Options.MPI_JAVA);
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
        if (jar != null || Commands.find("mpirun", environment).isPresent()) {
            checks.add(bindings());
        }
        return checks;
    }

    private Check bindings() {
        Map<String, String> seen = new HashMap<>(environment);
        if (jar != null) {
            seen.put(Bindings.VARIABLE, jar.toAbsolutePath().toString());
        }
        try {
            Bindings.Found found = new Bindings(seen).find(ClassLoader.getPlatformClassLoader());
            return found.library() == null
                    ? Check.warn(
                            "Java methods can run on MPI ranks with " + found.jar()
                                    + ", if the system finds libmpi_java.so",
                            "Name the mpi.jar beside it with --mpi-java, or add its folder to LD_LIBRARY_PATH.")
                    : Check.ok("Java methods can run on MPI ranks with " + found.jar());
        } catch (TaskError e) {
            String finding = String.valueOf(e.getMessage());
            return jar == null ? Check.ok(finding) : Check.fail(finding, "Correct it, or leave --mpi-java away.");
        }
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
