package io.colla.launcher.jobs;

import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a job has of the shell that submitted it: what finds programs, Python and Java, what modules and virtual environments have set, and Colla's own settings.
 * It is written into the script, so that it is the same with all batch systems.
 */
final class CarriedEnvironment {
    private static final Pattern NAMES = Pattern.compile(
            "PATH|LD_LIBRARY_PATH|PYTHONPATH|PYTHONHOME|VIRTUAL_ENV|CONDA_PREFIX|CONDA_DEFAULT_ENV|CLASSPATH|JAVA_HOME|LANG|LC_ALL|TZ"
                    + "|MODULEPATH|MODULESHOME|LOADEDMODULES|_LMFILES_|LMOD_(?:CMD|DIR|PKG|ROOT)"
                    + "|OMP_[A-Z_]+|MKL_NUM_THREADS|OPENBLAS_NUM_THREADS|NX_ARGS|NANOS6_CONFIG_OVERRIDE|NOSV_CONFIG_OVERRIDE"
                    + "|OPAL_PREFIX|MPI_HOME|I_MPI_ROOT");
    private static final Set<String> OWN =
            Set.of("COLLA_JAVA", "COLLA_JVM_OPTS", "COLLA_CONFIG", "COLLA_SITE_CONFIG", "COLLA_SITE", "COLLA_SSH");

    private CarriedEnvironment() {}

    /** @param more names of further variables that the person wants carried over */
    static Map<String, String> of(Map<String, String> environment, Collection<String> more) {
        Set<String> own = new HashSet<>(OWN);
        for (Option<?> option : Options.ALL) {
            own.add(option.variable());
        }
        Map<String, String> carried = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (NAMES.matcher(name).matches() || own.contains(name) || more.contains(name)) {
                carried.put(name, value);
            }
        });
        return carried;
    }
}
