package io.colla.launcher;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where Python programs of this installation find the packages {@code colla} and {@code pycompss}. */
final class PythonPath {
    private static final String VARIABLE = "PYTHONPATH";

    private PythonPath() {}

    /** The folder of the installation's packages; null without an installation. */
    static @Nullable Path packages() {
        String home = System.getProperty("colla.home");
        return home == null ? null : Path.of(home, "python");
    }

    /** What is added to a program's environment: the packages come before what the person has. */
    static Map<String, String> variables(Map<String, String> environment) {
        Path packages = packages();
        if (packages == null) {
            return Map.of();
        }
        String own = environment.getOrDefault(VARIABLE, "");
        String home = String.valueOf(packages.getParent());
        return Map.of(VARIABLE, packages + (own.isEmpty() ? "" : File.pathSeparator + own), "COLLA_HOME", home);
    }
}
