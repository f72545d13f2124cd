package io.colla.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {
    @TempDir
    Path root;

    private final Map<String, String> environment = new HashMap<>();
    private final Map<Option<?>, List<String>> flags = new HashMap<>();

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectories(root.resolve("project"));
        Files.createDirectories(root.resolve("home/.config/colla"));
        Files.createDirectories(root.resolve("install/etc"));
    }

    private SettingsLoader loader() {
        return new SettingsLoader(environment, root.resolve("project"), root.resolve("home"), root.resolve("install"));
    }

    private Settings load() {
        return loader().load(flags, null);
    }

    private void project(String... lines) throws IOException {
        Files.write(root.resolve("project/colla.yaml"), List.of(lines));
    }

    private void user(String... lines) throws IOException {
        Files.write(root.resolve("home/.config/colla/colla.yaml"), List.of(lines));
    }

    private void site(String... lines) throws IOException {
        Files.write(root.resolve("install/etc/colla.yaml"), List.of(lines));
    }

    private void all() throws IOException {
        site("# of the site", "retries: 1");
        user("retries: 3");
        project("", "", "retries: 4");
        environment.put("COLLA_RETRIES", "5");
        flags.put(Options.RETRIES, List.of("6"));
    }

    @Test
    void takesTheWeightiestPlaceAndSaysWhich() throws IOException {
        all();
        assertRetries(6, Origin.Source.FLAG, "--retries");
        flags.clear();
        assertRetries(5, Origin.Source.ENVIRONMENT, "COLLA_RETRIES");
        environment.clear();
        assertRetries(4, Origin.Source.PROJECT_FILE, "project/colla.yaml:3");
        Files.delete(root.resolve("project/colla.yaml"));
        assertRetries(3, Origin.Source.USER_FILE, "home/.config/colla/colla.yaml:1");
        Files.delete(root.resolve("home/.config/colla/colla.yaml"));
        assertRetries(1, Origin.Source.SITE_FILE, "install/etc/colla.yaml:2");
        Files.delete(root.resolve("install/etc/colla.yaml"));
        assertRetries(2, Origin.Source.DEFAULT, "default");
    }

    private void assertRetries(int value, Origin.Source source, String where) {
        Settings settings = load();
        assertThat(settings.need(Options.RETRIES)).isEqualTo(value);
        assertThat(settings.origin(Options.RETRIES).source()).isEqualTo(source);
        assertThat(settings.origin(Options.RETRIES).where()).endsWith(where);
    }

    @Test
    void aNamedFileReplacesThoseOfProjectAndUserButNotOfTheSite() throws IOException {
        site("window: 10");
        user("retries: 3");
        project("retries: 4");
        Path named = Files.write(root.resolve("other.yaml"), List.of("lineage: 7"));
        Settings settings = loader().load(flags, named);
        assertThat(settings.need(Options.LINEAGE)).isEqualTo(7);
        assertThat(settings.need(Options.RETRIES)).isEqualTo(2);
        assertThat(settings.need(Options.WINDOW)).isEqualTo(10);
    }

    @Test
    void aNamedFileThatIsMissingIsAnError() {
        assertThatThrownBy(() -> loader().load(flags, Path.of("none.yaml")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("none.yaml: no such file");
    }

    @Test
    void findsUserAndSiteFileWhereVariablesSay() throws IOException {
        Files.createDirectories(root.resolve("xdg/colla"));
        Files.write(root.resolve("xdg/colla/colla.yaml"), List.of("retries: 8"));
        Path site = Files.write(root.resolve("site.yaml"), List.of("window: 9"));
        site("window: 1");
        environment.put("XDG_CONFIG_HOME", root.resolve("xdg").toString());
        environment.put("COLLA_SITE_CONFIG", site.toString());
        assertThat(load().need(Options.RETRIES)).isEqualTo(8);
        assertThat(load().need(Options.WINDOW)).isEqualTo(9);
    }

    @Test
    void readsListsFromFlagsVariablesAndFiles() throws IOException {
        project("env: [A=1, B]");
        assertThat(load().all(Options.ENV)).containsExactly(new Variable("A", "1"), new Variable("B", null));
        project("env:", "  - A=x=y", "shared: /data");
        assertThat(load().all(Options.ENV)).containsExactly(new Variable("A", "x=y"));
        assertThat(load().all(Options.SHARED)).containsExactly(Path.of("/data"));
        environment.put("COLLA_ENV", "C=3, D");
        assertThat(load().all(Options.ENV)).containsExactly(new Variable("C", "3"), new Variable("D", null));
        flags.put(Options.ENV, List.of("E=1,2"));
        assertThat(load().all(Options.ENV)).containsExactly(new Variable("E", "1,2"));
    }

    @Test
    void keepsTheTextThatThePersonWrote() throws IOException {
        project("time-limit: 1:30:00", "ports: 20000-20010", "name: 007", "quiet: true");
        Settings settings = load();
        assertThat(settings.get(Options.TIME_LIMIT)).isEqualTo(Duration.ofMinutes(90));
        assertThat(settings.get(Options.PORTS)).isEqualTo(new PortRange(20000, 20010));
        assertThat(settings.get(Options.NAME)).isEqualTo("007");
        assertThat(settings.need(Options.QUIET)).isTrue();
    }

    @Test
    void anEmptyFileAndAnEmptyVariableSayNothing() throws IOException {
        project("# nothing yet");
        environment.put("COLLA_RETRIES", "");
        assertThat(load().origin(Options.RETRIES)).isEqualTo(Origin.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wokers: auto|:1: unknown setting 'wokers'; did you mean 'workers'?",
                "zzzzzzzz: 1|:1: unknown setting 'zzzzzzzz'; 'colla config' lists all",
                "retries: many|:1: retries: 'many': expected a whole number from 0 up, such as 'retries: 4'",
                "retries: [1, 2]|:1: retries: expected a whole number",
                "retries:|:1: retries: expected a whole number",
                "workers: local:0|:1: workers: 'local:0': expected auto, embedded or local:K",
                "quiet: yes|:1: quiet: 'yes': expected true or false, such as 'quiet: true'",
                "env: {A: 1}|:1: env: expected a variable's name, or NAME=VALUE, such as 'env: [OMP_NUM_THREADS=1, ...]'",
                "memory: 4 GB of RAM|:1: memory: '4 GB of RAM': expected a size",
                "- workers|:1: expected lines such as 'workers: local:3'",
                "a: b: c|:1: not valid YAML:",
                "? [a]|:1: unknown setting ''",
                "!!java.net.URL [x]|:1: not valid YAML: Global tag is not allowed",
            })
    void saysWhichLineOfAFileIsWrong(String line, String message) throws IOException {
        project(line);
        assertThatThrownBy(this::load).isInstanceOf(UsageException.class).hasMessageContaining("colla.yaml" + message);
    }

    @Test
    void refusesAKeyThatIsThereTwice() throws IOException {
        project("retries: 1", "window: 5", "retries: 2");
        assertThatThrownBy(this::load)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("colla.yaml:3: 'retries' is there twice")
                .hasMessageContaining("colla.yaml:1");
    }

    @Test
    void checksFilesWhoseValuesAreOverridden() throws IOException {
        site("retries: many");
        flags.put(Options.RETRIES, List.of("1"));
        assertThatThrownBy(this::load).isInstanceOf(UsageException.class).hasMessageContaining("etc/colla.yaml:1");
    }

    @Test
    void namesTheFlagOrTheVariableThatIsWrong() {
        environment.put("COLLA_CORES", "0");
        assertThatThrownBy(this::load)
                .isInstanceOf(UsageException.class)
                .hasMessage("COLLA_CORES: '0': expected a whole number from 1 up, such as 4");
        flags.put(Options.PORTS, List.of("9-5"));
        assertThatThrownBy(this::load)
                .isInstanceOf(UsageException.class)
                .hasMessage("--ports: '9-5': expected ports FROM-TO, or any, such as 20000-20999");
    }
}
