package io.colla.launcher;

import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.mpi.java.Bindings;
import io.colla.mpi.java.RankCommand;
import io.colla.mpi.launch.MpiStarter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hands what the person wants of MPI to the executors of MPI tasks: as properties in this JVM, as variables in others. */
final class MpiSettings {
    private record Way(Option<?> option, String property) {}

    private static final List<Way> WAYS = List.of(
            new Way(Options.MPI, MpiStarter.PROPERTY),
            new Way(Options.MPI_JAVA, Bindings.PROPERTY),
            new Way(Options.MPI_JAVA_OPTS, RankCommand.OPTIONS_PROPERTY));

    private MpiSettings() {}

    /** For workers in this JVM. */
    static void apply(Settings settings) {
        for (Way way : WAYS) {
            Object value = settings.get(way.option());
            if (value != null) {
                System.setProperty(way.property(), text(value));
            }
        }
    }

    private static String text(Object value) {
        return value instanceof Path path ? path.toAbsolutePath().normalize().toString() : value.toString();
    }

    /** For workers in other JVMs. */
    static Map<String, String> variables(Settings settings) {
        Map<String, String> variables = new TreeMap<>();
        for (Way way : WAYS) {
            Object value = settings.get(way.option());
            if (value != null) {
                variables.put(way.option().variable(), text(value));
            }
        }
        return variables;
    }
}
