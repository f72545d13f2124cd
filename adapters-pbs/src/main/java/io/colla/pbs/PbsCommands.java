package io.colla.pbs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Where PBS's commands are. */
public final class PbsCommands {
    private static final Path CONFIGURATION = Path.of("/etc/pbs.conf");

    private PbsCommands() {}

    /**
     * The environment, with the folder of PBS's commands at the beginning of its PATH: PBS_EXEC/bin, as the environment or PBS's configuration names it. Jobs often
     * do not have it on their PATH, or have another system's qstat before it. Without such a folder, the environment as it is.
     */
    public static Map<String, String> withFolder(Map<String, String> environment) {
        String folder = environment.getOrDefault("PBS_EXEC", configured());
        if (folder.isBlank()) {
            return environment;
        }
        Map<String, String> longer = new TreeMap<>(environment);
        longer.merge("PATH", folder + "/bin", (path, bin) -> bin + ":" + path);
        return longer;
    }

    private static String configured() {
        Path file = Path.of(System.getenv().getOrDefault("PBS_CONF_FILE", CONFIGURATION.toString()));
        if (!Files.isReadable(file)) {
            return "";
        }
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("PBS_EXEC="))
                    .map(line -> line.substring("PBS_EXEC=".length()).strip().replace("\"", ""))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
