package io.colla.mpi.launch;

import io.colla.binary.Failures;
import io.colla.binary.spawn.Command;
import io.colla.binary.spawn.ExitStatus;
import io.colla.binary.spawn.Redirect;
import io.colla.binary.spawn.Spawner;
import io.colla.platform.TaskError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the MPI launcher to use on this node. Remembers what it found. Thread-safe. */
public final class Launchers {

    /** The choice of what is there. */
    public static final String AUTO = "auto";

    /** Programs of which the first that is on the PATH is taken. */
    public static final List<String> ANY = List.of("mpirun", "mpiexec", "mpirun.openmpi", "mpiexec.hydra");

    private static final List<String> OPEN_MPI =
            List.of("mpirun", "mpirun.openmpi", "orterun", "prterun", "mpiexec", "mpiexec.openmpi");
    private static final List<String> HYDRA =
            List.of("mpiexec.hydra", "mpiexec", "mpirun", "mpirun.mpich", "mpiexec.mpich");
    private static final Pattern OPEN_MPI_VERSION = Pattern.compile("\\((?:Open MPI|OpenRTE)\\) (\\d+)\\.");
    private static final Pattern HYDRA_VERSION = Pattern.compile("HYDRA|Intel\\(R\\) MPI|hydra");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Map<String, MpiLauncher> known = new ConcurrentHashMap<>();
    private final Spawner spawner;
    private final Path scratch;

    Launchers(Spawner spawner, Path scratch) {
        this.spawner = spawner;
        this.scratch = scratch;
    }

    /**
     * The launcher of this name.
     *
     * @param name {@value #AUTO}, {@code openmpi}, {@code srun}, {@code hydra}, a program's name or path
     * @throws TaskError saying what was looked for if there is none
     */
    MpiLauncher get(String name) throws TaskError {
        MpiLauncher launcher = known.get(name);
        if (launcher == null) {
            launcher = find(name);
            known.put(name, launcher);
        }
        return launcher;
    }

    private MpiLauncher find(String name) throws TaskError {
        return switch (name) {
            case AUTO, "mpirun", "mpiexec" -> any();
            case "openmpi" ->
                search(OPEN_MPI, OpenMpi.class)
                        .orElseThrow(() -> missing("Open MPI's mpirun (" + String.join(", ", OPEN_MPI) + ")"));
            case "hydra" ->
                search(HYDRA, Hydra.class)
                        .orElseThrow(() ->
                                missing("the hydra launcher of MPICH or Intel MPI (" + String.join(", ", HYDRA) + ")"));
            case "srun" -> srun().orElseThrow(Launchers::noSrun);
            default -> byProgram(name);
        };
    }

    private MpiLauncher any() throws TaskError {
        Optional<MpiLauncher> found = search(ANY, MpiLauncher.class);
        return found.isPresent()
                ? found.get()
                : srun().orElseThrow(() ->
                        missing("an MPI launcher (" + String.join(", ", ANY) + (inSlurm() ? ", srun" : "") + ")"));
    }

    private static Optional<MpiLauncher> srun() {
        return inSlurm() && OnPath.find("srun") != null ? Optional.of(new Srun("srun")) : Optional.empty();
    }

    private static boolean inSlurm() {
        return System.getenv("SLURM_JOB_ID") != null;
    }

    private static TaskError noSrun() {
        return inSlurm()
                ? missing("srun")
                : Failures.usage(
                        "MPI tasks are to be started by srun, but this run is in no job of Slurm: use --mpi auto,"
                                + " or start the run in a job");
    }

    private static TaskError missing(String what) {
        return Failures.usage(what + " is not on the PATH of the worker (" + OnPath.text()
                + "): load the site's MPI module before the run, or name its mpirun with --mpi PATH");
    }

    private MpiLauncher byProgram(String name) throws TaskError {
        if (OnPath.find(name) == null) {
            throw name.indexOf('/') < 0
                    ? missing("MPI launcher '" + name + "'")
                    : Failures.usage("MPI launcher " + name
                            + " is no executable file on this node: name the site's mpirun, srun or mpiexec.hydra");
        }
        String base = String.valueOf(Path.of(name).getFileName());
        if (base.equals("srun")) {
            return srun().map(found -> (MpiLauncher) new Srun(name)).orElseThrow(Launchers::noSrun);
        }
        String version = version(name);
        MpiLauncher launcher = recognise(name, version);
        if (launcher == null) {
            throw Failures.usage("MPI launcher " + name + " is neither Open MPI's nor hydra: '" + name
                    + " --version' says '" + firstLine(version) + "'");
        }
        return launcher;
    }

    private Optional<MpiLauncher> search(List<String> programs, Class<? extends MpiLauncher> kind) throws TaskError {
        for (String program : programs) {
            if (OnPath.find(program) != null) {
                MpiLauncher launcher = recognise(program, version(program));
                if (kind.isInstance(launcher)) {
                    return Optional.of(launcher);
                }
            }
        }
        return Optional.empty();
    }

    /** By what {@code --version} printed; null for others. */
    static @Nullable MpiLauncher recognise(String program, String version) {
        Matcher openMpi = OPEN_MPI_VERSION.matcher(version);
        if (openMpi.find()) {
            return new OpenMpi(program, Integer.parseInt(openMpi.group(1)));
        }
        if (version.contains("PRRTE")) {
            return new OpenMpi(program, 5);
        }
        return HYDRA_VERSION.matcher(version).find() ? new Hydra(program) : null;
    }

    /** The name of the launcher that prints this for {@code --version}; null when it is none. */
    public static @Nullable String kind(String program, String version) {
        MpiLauncher launcher = recognise(program, version);
        return launcher == null ? null : launcher.name();
    }

    private String version(String program) throws TaskError {
        Path output = scratch.resolve("mpi-version-" + Thread.currentThread().getId());
        try {
            Command command = Command.of(program, "--version")
                    .withStdout(Redirect.to(output))
                    .withStderr(Redirect.STDOUT);
            var child = spawner.spawn(command);
            Optional<ExitStatus> status = child.await(DEADLINE);
            if (status.isEmpty()) {
                child.terminate(Duration.ofSeconds(1));
                child.await();
                throw Failures.usage("'" + program + " --version' did not end within " + DEADLINE.toSeconds()
                        + " s: try it by hand on the node");
            }
            return Files.readString(output);
        } catch (IOException e) {
            throw new TaskError("'" + program + " --version' could not be run: " + e.getMessage(), "", true, e);
        } finally {
            output.toFile().delete();
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
