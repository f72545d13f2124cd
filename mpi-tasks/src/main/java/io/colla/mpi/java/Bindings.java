package io.colla.mpi.java;

import io.colla.platform.Commands;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.TaskError;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the site's Java bindings of Open MPI on this node: mpi.jar, and the folder of libmpi_java.so. What was found is remembered. Thread-safe.
 *
 * <p>The jar is, in this order: what the setting names; in the application's own class path; what {@code mpijavac} uses; in the lib folder of Open MPI; where {@code build-mpi-java} puts it.
 */
public final class Bindings {
    /** The property with the setting, which the variable {@value #VARIABLE} gives too. */
    public static final String PROPERTY = "colla.mpi.java";

    public static final String VARIABLE = "COLLA_MPI_JAVA";

    private static final String JAR = "mpi.jar";
    private static final String LIBRARY = "libmpi_java.so";
    private static final Pattern VERSION = Pattern.compile("\\(Open MPI\\) (\\S+)");

    /**
     * @param jar null: the application's class path has the classes
     * @param library folder of libmpi_java.so; null: it has to be found by the system
     */
    public record Found(@Nullable Path jar, @Nullable Path library) {}

    private final Map<String, String> environment;
    private final Commands commands;
    private @Nullable Found known;

    /** @param environment of this process */
    public Bindings(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.commands = new Commands(environment);
    }

    /**
     * The bindings.
     *
     * @param application loads the classes of tasks
     * @throws TaskError if there are none, which says what to do
     */
    public synchronized Found find(ClassLoader application) throws TaskError {
        Found found = known;
        if (found == null) {
            found = search(application);
            known = found;
        }
        return found;
    }

    private Found search(ClassLoader application) throws TaskError {
        String setting = System.getProperty(PROPERTY, environment.getOrDefault(VARIABLE, ""));
        List<Path> folders = folders();
        if (!setting.isBlank()) {
            return of(named(setting), folders);
        }
        if (application.getResource("mpi/MPI.class") != null) {
            return new Found(null, library(folders));
        }
        List<Path> places = new ArrayList<>(compilers());
        folders.forEach(folder -> places.add(folder.resolve(JAR)));
        Path built = built();
        if (built != null) {
            places.add(built);
        }
        for (Path place : places) {
            if (Files.isRegularFile(place)) {
                return of(place, folders);
            }
        }
        throw new TaskError(
                "Java methods on MPI ranks need Open MPI's Java bindings, and no mpi.jar was found by mpijavac or in "
                        + folders + ": build it with " + script() + ", or name it with --mpi-java PATH",
                "",
                false,
                null);
    }

    private static Path named(String setting) throws TaskError {
        Path path = Path.of(setting).toAbsolutePath();
        Path jar = Files.isDirectory(path) ? path.resolve(JAR) : path;
        if (!Files.isRegularFile(jar)) {
            throw new TaskError(
                    "--mpi-java " + setting + ": there is no " + jar + " on this node; name the " + JAR
                            + " of the site's Open MPI, or its folder",
                    "",
                    false,
                    null);
        }
        return jar;
    }

    private static Found of(Path jar, List<Path> folders) {
        Path own = jar.getParent();
        return own != null && Files.exists(own.resolve(LIBRARY))
                ? new Found(jar, own)
                : new Found(jar, library(folders));
    }

    private static @Nullable Path library(List<Path> folders) {
        return folders.stream()
                .filter(folder -> Files.exists(folder.resolve(LIBRARY)))
                .findFirst()
                .orElse(null);
    }

    /** Where Open MPI may have its libraries, the likeliest first. */
    private List<Path> folders() {
        Set<Path> folders = new LinkedHashSet<>();
        for (String home : List.of("EBROOTOPENMPI", "MPI_HOME", "OPENMPI_HOME", "OMPI_HOME", "OPAL_PREFIX")) {
            addPrefix(folders, environment.get(home));
        }
        Commands.find("mpirun", environment).map(Bindings::prefix).ifPresent(prefix -> addPrefix(folders, prefix));
        for (String folder : environment.getOrDefault("LD_LIBRARY_PATH", "").split(File.pathSeparator)) {
            if (!folder.isBlank()) {
                folders.add(Path.of(folder));
            }
        }
        try (Stream<Path> architectures = Files.list(Path.of("/usr/lib"))) {
            architectures
                    .filter(folder -> folder.toString().endsWith("-linux-gnu"))
                    .forEach(folder -> folders.add(folder.resolve("openmpi/lib")));
        } catch (IOException e) {
            // No Debian.
        }
        folders.add(Path.of("/usr/lib64/openmpi/lib"));
        folders.removeIf(folder -> !Files.isDirectory(folder));
        return List.copyOf(folders);
    }

    private static @Nullable String prefix(Path launcher) {
        try {
            Path programs = launcher.toRealPath().getParent();
            return programs == null ? null : String.valueOf(programs.getParent());
        } catch (IOException e) {
            return null;
        }
    }

    private static void addPrefix(Set<Path> folders, @Nullable String prefix) {
        if (prefix != null && !prefix.isBlank()) {
            for (String library : List.of("lib", "lib64", "lib/openmpi", "lib64/openmpi")) {
                folders.add(Path.of(prefix, library));
            }
        }
    }

    /** The jars that the site's compiler of MPI programs in Java names. */
    private List<Path> compilers() {
        try {
            String line = commands.output("mpijavac", "--showme");
            return Pattern.compile("[\\s:]")
                    .splitAsStream(line)
                    .filter(word -> word.endsWith("/" + JAR))
                    .map(Path::of)
                    .toList();
        } catch (CommandException e) {
            return List.of();
        }
    }

    /** Where {@code build-mpi-java} puts the jar of this Open MPI. */
    private @Nullable Path built() {
        String home = environment.getOrDefault("HOME", "");
        String cache = environment.getOrDefault("XDG_CACHE_HOME", home.isEmpty() ? "" : home + "/.cache");
        if (cache.isEmpty()) {
            return null;
        }
        try {
            Matcher version = VERSION.matcher(commands.output("mpirun", "--version"));
            return version.find() ? Path.of(cache, "colla/mpi-java", version.group(1), JAR) : null;
        } catch (CommandException e) {
            return null;
        }
    }

    private static String script() {
        String home = System.getProperty("colla.home");
        Path installed = home == null ? null : Path.of(home, "libexec", "build-mpi-java");
        return installed != null && Files.exists(installed) ? installed.toString() : "scripts/build-mpi-java";
    }
}
