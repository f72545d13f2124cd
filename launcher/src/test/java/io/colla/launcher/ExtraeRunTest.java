package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import io.colla.launcher.config.Option;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.SettingsLoader;
import io.colla.launcher.config.TraceOptions;
import io.colla.tracing.TraceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtraeRunTest {
    private static final Map<String, String> NOWHERE = Map.of("EXTRAE_HOME", "/nowhere");

    @TempDir
    Path folder;

    private Settings settings(String level, String... config) {
        Map<Option<?>, List<String>> flags = new HashMap<>(Map.of(TraceOptions.TRACE, List.of(level)));
        if (config.length > 0) {
            flags.put(TraceOptions.EXTRAE_CONFIG, List.of(config));
        }
        return new SettingsLoader(Map.of(), folder, null, null).load(flags, null);
    }

    private static TraceSettings trace(Settings settings) {
        return java.util.Objects.requireNonNull(TraceOptions.settings(settings));
    }

    @Test
    void otherRunsNeedNothing() {
        Settings full = settings("full");
        assertThat(ExtraeRun.prepare(folder, trace(full), full, NOWHERE)).isEmpty();
        assertThat(ExtraeRun.beforeSubmission(full, folder, NOWHERE)).isEmpty();
        assertThat(folder.resolve("trace")).doesNotExist();
    }

    @Test
    void aRunWithoutExtraeIsRefusedUnlessItHasWaitedInAQueue() {
        Settings extrae = settings("extrae");
        assertThatThrownBy(() -> ExtraeRun.prepare(folder, trace(extrae), extrae, NOWHERE))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--trace=extrae: Extrae is not on this machine");
        Map<String, String> job = Map.of("EXTRAE_HOME", "/nowhere", "SLURM_JOB_ID", "7");
        assertThat(ExtraeRun.prepare(folder, trace(extrae), extrae, job))
                .hasValueSatisfying(sentence -> assertThat(sentence).endsWith("this run goes on with it"));
        assertThat(ExtraeRun.beforeSubmission(extrae, folder, NOWHERE))
                .hasValueSatisfying(sentence -> assertThat(sentence).endsWith("If the nodes have it, all is well"));
    }

    @Test
    void theUsersConfigurationIsTheRuns() throws IOException {
        Files.createFile(Files.createDirectories(folder.resolve("lib")).resolve("libseqtrace.so"));
        Map<String, String> here = Map.of("EXTRAE_HOME", folder.toString());
        Path mine = Files.writeString(folder.resolve("mine.xml"), "<?xml version='1.0'?><trace/>");
        Settings given = settings("extrae", mine.toString());
        assertThat(ExtraeRun.prepare(folder, trace(given), given, here)).isEmpty();
        assertThat(folder.resolve("trace/extrae/extrae.xml")).hasSameTextualContentAs(mine);
        Settings own = settings("extrae");
        assertThat(ExtraeRun.prepare(folder, trace(own), own, here)).isEmpty();
        assertThat(folder.resolve("trace/extrae/extrae.xml")).content().contains("<trace enabled=\"yes\"");
        Settings wrong = settings("extrae", folder + "/none.xml");
        assertThatThrownBy(() -> ExtraeRun.beforeSubmission(wrong, folder, here))
                .hasMessage("--extrae-config: there is no file " + folder + "/none.xml that can be read");
    }
}
