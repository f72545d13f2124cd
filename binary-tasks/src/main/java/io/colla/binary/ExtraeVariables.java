package io.colla.binary;

import io.colla.platform.ProgramTrace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The variables by which Extrae records a program. A job's script that sets them means the program it starts: in tasks they would record every shell, into one folder. So tasks have them
 * only if they name them themselves, or if the run is to be recorded by Extrae. EXTRAE_HOME records nothing, and scripts look for the library there.
 */
final class ExtraeVariables {
    private static final String PRELOAD = "LD_PRELOAD";
    private static final Pattern LIBRARY = Pattern.compile(
            "(.*/)?lib(seq|(pt|ompi|omp|mpi|nanos|smpss|gaspi|shmem|cuda|ocl|openacc|oacc|hip)+)tracef?(-[\\w.]+)?\\.so(\\.\\d+)*");

    private ExtraeVariables() {}

    /** Whether it has Extrae record. */
    static boolean isOne(String name) {
        return name.startsWith("EXTRAE_") && !name.equals("EXTRAE_HOME");
    }

    /**
     * Changes to a worker's environment that take Extrae out of it.
     *
     * @return LD_PRELOAD without Extrae's libraries, if it names one
     */
    static Map<String, String> without(Map<String, String> environment) {
        List<String> all = Arrays.stream(environment.getOrDefault(PRELOAD, "").split("[ :]"))
                .filter(library -> !library.isEmpty())
                .toList();
        List<String> kept = all.stream()
                .filter(library -> !LIBRARY.matcher(library).matches())
                .toList();
        return kept.size() == all.size() ? Map.of() : Map.of(PRELOAD, String.join(":", kept));
    }

    /**
     * What programs of a traced run have: a folder of the attempt for what Extrae writes, the one clock that all processes of a machine share, and, where they inherit it, what has the
     * worker recorded.
     *
     * @param trace null if the run is not traced
     */
    static Map<String, String> ofTask(@Nullable ProgramTrace trace, Map<String, String> environment) {
        if (trace == null) {
            return Map.of();
        }
        Map<String, String> variables = new HashMap<>();
        if (trace.inherits()) {
            environment.forEach((name, value) -> {
                if (isOne(name) || name.equals(PRELOAD)) {
                    variables.put(name, value);
                }
            });
        }
        String folder = trace.folder().toString();
        variables.put("EXTRAE_DIR", folder);
        variables.put("EXTRAE_FINAL_DIR", folder);
        variables.put("EXTRAE_USE_POSIX_CLOCK", "1");
        return variables;
    }
}
