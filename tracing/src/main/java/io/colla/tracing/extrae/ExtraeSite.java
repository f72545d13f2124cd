package io.colla.tracing.extrae;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this machine has of Extrae.
 *
 * @param library that records threads, or, where there is none, one that takes the process for one; null if there is neither
 * @param merger mpi2prv; null if there is none
 * @param sought where the library was looked for, for people
 */
public record ExtraeSite(@Nullable Path library, @Nullable Path merger, String sought) {
    /** The variable by which sites say where it is. */
    public static final String HOME = "EXTRAE_HOME";

    private static final List<String> LIBRARIES = List.of("libpttrace.so", "libseqtrace.so");
    private static final String MERGER = "mpi2prv";

    /** Why what Extrae has recorded cannot be made a trace where there is no merger, and what to do. */
    public static final String LACKS_MERGER = MERGER + " is neither in " + HOME + "/bin nor on the PATH; set " + HOME
            + " to the folder that Extrae is installed in, and make the trace again with 'colla trace merge'";

    /** Looks in {@value #HOME}, then where the system would look. */
    public static ExtraeSite find(Map<String, String> environment) {
        String home = environment.getOrDefault(HOME, "");
        List<Path> folders = new ArrayList<>();
        if (!home.isEmpty()) {
            folders.add(Path.of(home, "lib"));
            folders.add(Path.of(home, "lib64"));
        }
        folders.addAll(folders(environment, "LD_LIBRARY_PATH"));
        Path library = null;
        for (String name : LIBRARIES) {
            library = library != null ? library : find(folders, name, false);
            library = library != null ? library : ofSystem(name);
        }
        String first = home.isEmpty() ? HOME + ", which is not set" : HOME + " (" + home + ")";
        return new ExtraeSite(library, merger(environment), first + ", LD_LIBRARY_PATH and ldconfig");
    }

    /** mpi2prv alone, which is quickly found; null if there is none. */
    public static @Nullable Path merger(Map<String, String> environment) {
        String home = environment.getOrDefault(HOME, "");
        List<Path> programs = new ArrayList<>();
        if (!home.isEmpty()) {
            programs.add(Path.of(home, "bin"));
        }
        programs.addAll(folders(environment, "PATH"));
        return find(programs, MERGER, true);
    }

    private static List<Path> folders(Map<String, String> environment, String variable) {
        List<Path> folders = new ArrayList<>();
        for (String folder : environment.getOrDefault(variable, "").split(File.pathSeparator)) {
            if (!folder.isEmpty()) {
                folders.add(Path.of(folder));
            }
        }
        return folders;
    }

    private static @Nullable Path find(List<Path> folders, String name, boolean program) {
        for (Path folder : folders) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file) && (!program || Files.isExecutable(file))) {
                return file.toAbsolutePath();
            }
        }
        return null;
    }

    /** Asks the loader's cache, and does not load: a library of Extrae's would begin to record. */
    private static @Nullable Path ofSystem(String name) {
        for (String program : List.of("/sbin/ldconfig", "/usr/sbin/ldconfig")) {
            if (Files.isExecutable(Path.of(program))) {
                return cached(program, name);
            }
        }
        return null;
    }

    private static @Nullable Path cached(String program, String name) {
        Process process = null;
        try {
            process = new ProcessBuilder(program, "-p")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith(name + " ") && line.contains("=> "))
                    .map(line -> Path.of(line.substring(line.indexOf("=> ") + 3)))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    /** Why nothing can be recorded by Extrae, and what to do; empty if it can. */
    public String lacks() {
        return library != null
                ? ""
                : "Extrae is not on this machine: " + String.join(" or ", LIBRARIES) + " is not found by " + sought
                        + "; set " + HOME
                        + " to the folder that it is installed in. Colla's own trace needs no Extrae: --trace or --trace=full";
    }
}
