package io.colla.launcher.doctor;

import io.colla.launcher.config.Settings;
import io.colla.launcher.config.TraceOptions;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.extrae.ExtraeSite;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether Extrae is here, which only {@code --trace=extrae} and instrumented programs need. */
final class ExtraeChecks {
    private static final String NAME_IT = "Load the site's Extrae module, or set EXTRAE_HOME to its folder.";

    private final boolean wanted;
    private final Map<String, String> environment;

    ExtraeChecks(Settings settings, Map<String, String> environment) {
        TraceSettings trace = TraceOptions.settings(settings);
        this.wanted = trace != null && trace.level() == TraceSettings.Level.EXTRAE;
        this.environment = environment;
    }

    List<Check> all() {
        ExtraeSite site = ExtraeSite.find(environment);
        return List.of(check(site.library(), site.merger()));
    }

    private Check check(@Nullable Path library, @Nullable Path merger) {
        if (library != null && merger != null) {
            return Check.ok("Extrae can record runs: " + library + ", " + merger);
        }
        String finding = library == null && merger == null
                ? "no Extrae here, which Colla's own traces do not need"
                : library == null
                        ? merger + " is here, and no libpttrace.so or libseqtrace.so"
                        : library + " is here, and no mpi2prv, without which Extrae's records become no trace";
        if (wanted && library == null) {
            return Check.fail(finding + "; --trace=extrae does", NAME_IT);
        }
        return library == null && merger == null ? Check.ok(finding) : Check.warn(finding, NAME_IT);
    }
}
