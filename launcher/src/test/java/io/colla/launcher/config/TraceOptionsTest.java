package io.colla.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import io.colla.tracing.EventGroup;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.TraceSettings.Level;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TraceOptionsTest {
    private static @Nullable TraceSettings of(Map<Option<?>, List<String>> flags, Map<String, String> environment) {
        return TraceOptions.settings(new SettingsLoader(environment, Path.of("."), null, null).load(flags, null));
    }

    private static @Nullable TraceSettings of(String trace, String... events) {
        Map<String, String> environment = new TreeMap<>();
        if (!trace.isEmpty()) {
            environment.put("COLLA_TRACE", trace);
        }
        environment.put("COLLA_TRACE_EVENTS", String.join(",", events));
        return of(Map.of(), environment);
    }

    @Test
    void nothingIsTracedUnlessAsked() {
        assertThat(of("")).isNull();
        assertThat(of("false")).isNull();
    }

    @Test
    void aLevelHasItsGroups() {
        assertThat(of("true")).isEqualTo(TraceSettings.of(Level.FULL));
        assertThat(of("full")).isEqualTo(TraceSettings.of(Level.FULL));
        assertThat(of("basic")).isEqualTo(TraceSettings.of(Level.BASIC));
        assertThat(of("extrae")).isEqualTo(TraceSettings.of(Level.EXTRAE));
    }

    @Test
    void namedKindsAreRecordedAlone() {
        assertThat(of("", "tasks", "user"))
                .isEqualTo(new TraceSettings(Level.FULL, EnumSet.of(EventGroup.TASKS, EventGroup.USER)));
        assertThat(of("basic", "counters")).isEqualTo(new TraceSettings(Level.BASIC, EnumSet.of(EventGroup.COUNTERS)));
    }

    @Test
    void signsChangeWhatTheLevelRecords() {
        assertThat(of("", "-hardware", "-counters"))
                .isEqualTo(new TraceSettings(
                        Level.FULL, EnumSet.complementOf(EnumSet.of(EventGroup.HARDWARE, EventGroup.COUNTERS))));
        assertThat(of("basic", "+dependencies", "-user"))
                .isEqualTo(new TraceSettings(
                        Level.BASIC,
                        EnumSet.of(EventGroup.TASKS, EventGroup.API, EventGroup.TRANSFERS, EventGroup.DEPENDENCIES)));
    }

    @Test
    void whoSaysNoTraceGetsNone() {
        assertThat(of("false", "tasks")).isNull();
    }

    @Test
    void aWrongKindIsNamedWithTheRightOnes() {
        Map<Option<?>, List<String>> flags = Map.of(TraceOptions.TRACE_EVENTS, List.of("tasks", "taks"));
        assertThatThrownBy(() -> of(flags, Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--trace-events: 'taks': expected tasks, api, transfers, user, ")
                .hasMessageContaining("counters or hardware");
    }

    @Test
    void theNameIsOfAFile() {
        assertThatThrownBy(() -> of(Map.of(TraceOptions.TRACE_NAME, List.of("a/b")), Map.of()))
                .hasMessageContaining("a file's name");
    }
}
