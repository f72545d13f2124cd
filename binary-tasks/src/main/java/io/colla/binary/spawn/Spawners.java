package io.colla.binary.spawn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses and makes the {@link Spawner}. Nothing is loaded or started before {@link #open} is called. */
public final class Spawners {

    /** The property that names the implementation to use; the environment variable COLLA_SPAWNER does so too. */
    public static final String PROPERTY = "colla.spawner";

    private static final String VARIABLE = "COLLA_SPAWNER";
    private static final Logger LOG = LoggerFactory.getLogger(Spawners.class);

    /** The implementations, the preferred one first. */
    public enum Kind {
        /** Small Python processes that start the programs. */
        HELPER,
        /** posix_spawn in this JVM, through JNA. */
        POSIX_SPAWN,
        /** The JDK's ProcessBuilder. */
        PROCESS_BUILDER;

        /** The name in options and logs. */
        public String option() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private Spawners() {}

    /**
     * The spawner that the user chose by {@value #PROPERTY} or COLLA_SPAWNER; else the first that works on this machine, saying
     * in the log why others do not.
     *
     * @throws SpawnException if the chosen one does not exist or does not work here, or if none works
     */
    public static Spawner open() throws SpawnException {
        String property = System.getProperty(PROPERTY);
        String chosen = property != null ? property : System.getenv(VARIABLE);
        if (chosen == null || chosen.isBlank() || chosen.equals("auto")) {
            return openFirst();
        }
        for (Kind kind : Kind.values()) {
            if (kind.option().equals(chosen)) {
                return open(kind);
            }
        }
        throw unavailable(
                (property != null ? PROPERTY : VARIABLE) + "=" + chosen + " names no spawner: use auto, " + options());
    }

    private static Spawner openFirst() throws SpawnException {
        StringBuilder reasons = new StringBuilder();
        for (Kind kind : Kind.values()) {
            try {
                Spawner spawner = open(kind);
                LOG.debug("programs are started by {}", kind.option());
                return spawner;
            } catch (SpawnException e) {
                LOG.info("{}; trying the next one", e.getMessage());
                reasons.append(reasons.length() == 0 ? "" : "; ").append(e.getMessage());
            }
        }
        throw unavailable("no way to start programs works here: " + reasons);
    }

    /** Makes one of a given kind, or says why it does not work here. */
    public static Spawner open(Kind kind) throws SpawnException {
        try {
            return switch (kind) {
                case POSIX_SPAWN -> new PosixSpawner();
                case HELPER -> new HelperSpawner(python(), "spawn");
                case PROCESS_BUILDER -> new ProcessBuilderSpawner();
            };
        } catch (IOException | LinkageError e) {
            throw unavailable("spawner " + kind.option() + " does not work here: " + firstLine(e));
        }
    }

    private static Path python() throws IOException {
        Path python = HelperSpawner.findPython();
        if (python == null) {
            throw new IOException("no python3 on PATH (COLLA_PYTHON names one)");
        }
        return python;
    }

    private static String firstLine(@Nullable Throwable e) {
        String message = e == null || e.getMessage() == null ? String.valueOf(e) : e.getMessage();
        return message.lines().findFirst().orElse("");
    }

    private static String options() {
        return Arrays.stream(Kind.values()).map(Kind::option).collect(Collectors.joining(", "));
    }

    private static SpawnException unavailable(String sentence) {
        return new SpawnException(SpawnException.Reason.UNAVAILABLE, 0, sentence);
    }
}
