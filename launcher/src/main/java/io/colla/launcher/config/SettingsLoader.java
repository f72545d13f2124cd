package io.colla.launcher.config;

import io.colla.api.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the settings of a run. A flag weighs more than a variable, that more than the project's file {@code colla.yaml} in the working folder, that
 * more than the user's {@code $XDG_CONFIG_HOME/colla/colla.yaml}, that more than the site's file.
 *
 * @param environment the process' environment
 * @param directory the working folder
 * @param home the user's home folder; null when there is none
 * @param install Colla's own folder; null when it runs from class files
 */
public record SettingsLoader(
        Map<String, String> environment, Path directory, @Nullable Path home, @Nullable Path install) {
    /** Name of the project's and the user's file. */
    public static final String FILE_NAME = "colla.yaml";

    private static final String SITE_VARIABLE = "COLLA_SITE_CONFIG";
    private static final String CONFIG_VARIABLE = "COLLA_CONFIG";

    /** For this process. */
    public static SettingsLoader ofProcess() {
        String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home", ""));
        String install = System.getProperty("colla.home", "");
        return new SettingsLoader(
                System.getenv(),
                Path.of("").toAbsolutePath(),
                home.isEmpty() ? null : Path.of(home),
                install.isEmpty() ? null : Path.of(install));
    }

    /**
     * @param flags texts given on the command line, by option
     * @param config the file of {@code --config}, instead of the project's and the user's; null when not given
     * @throws UsageException if a value or a file is wrong
     */
    public Settings load(Map<Option<?>, List<String>> flags, @Nullable Path config) {
        Settings.Builder builder = new Settings.Builder();
        flags.forEach((option, texts) -> builder.offer(option, texts, new Origin(Origin.Source.FLAG, option.flag())));
        for (Option<?> option : Options.ALL) {
            String text = environment.getOrDefault(option.variable(), "");
            if (!text.isEmpty()) {
                builder.offer(option, option.split(text), new Origin(Origin.Source.ENVIRONMENT, option.variable()));
            }
        }
        loadFiles(builder, config);
        return builder.build();
    }

    private void loadFiles(Settings.Builder builder, @Nullable Path config) {
        Path named = config != null ? config : fromVariable(CONFIG_VARIABLE);
        if (named != null) {
            offer(builder, named, Origin.Source.PROJECT_FILE);
        } else {
            offerIfThere(builder, projectFile(), Origin.Source.PROJECT_FILE);
            offerIfThere(builder, userFile(), Origin.Source.USER_FILE);
        }
        Path site = fromVariable(SITE_VARIABLE);
        if (site != null) {
            offer(builder, site, Origin.Source.SITE_FILE);
        } else if (install != null) {
            offerIfThere(builder, install.resolve("etc").resolve(FILE_NAME), Origin.Source.SITE_FILE);
        }
    }

    private Path projectFile() {
        return directory.resolve(FILE_NAME);
    }

    private @Nullable Path userFile() {
        String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
        if (!xdg.isEmpty()) {
            return Path.of(xdg, "colla", FILE_NAME);
        }
        return home == null ? null : home.resolve(".config").resolve("colla").resolve(FILE_NAME);
    }

    private @Nullable Path fromVariable(String variable) {
        String text = environment.getOrDefault(variable, "");
        return text.isEmpty() ? null : Path.of(text);
    }

    private void offerIfThere(Settings.Builder builder, @Nullable Path file, Origin.Source source) {
        if (file != null && Files.exists(file)) {
            offer(builder, file, source);
        }
    }

    private void offer(Settings.Builder builder, Path file, Origin.Source source) {
        ConfigFile.read(directory.resolve(file))
                .forEach((option, entry) -> builder.offer(option, entry.texts(), new Origin(source, entry.where())));
    }
}
