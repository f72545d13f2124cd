package io.colla.tracing.extrae;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What Extrae is to record in the run's processes: its XML, which all of them read in the run's folder. */
public final class ExtraeConfiguration {
    private static final String NAME = "extrae.xml";

    /** The application's events with the processor's counters, in large buffers, and nothing by itself; where to write is told by variables. */
    private static final String OWN =
            """
            <?xml version='1.0'?>
            <trace enabled="yes" initial-mode="detail" type="paraver">
              <counters enabled="yes">
                <cpu enabled="yes" starting-set-distribution="1">
                  <set enabled="yes" domain="all" changeat-time="0">PAPI_TOT_INS,PAPI_TOT_CYC</set>
                </cpu>
              </counters>
              <storage enabled="no" />
              <buffer enabled="yes">
                <size enabled="yes">150000</size>
                <circular enabled="no" />
              </buffer>
              <trace-control enabled="no" />
              <merge enabled="no" />
            </trace>
            """;

    private ExtraeConfiguration() {}

    /**
     * Puts it where the run's processes look.
     *
     * @param given the user's; null: Colla's own
     * @throws IOException if the user's cannot be read
     */
    public static void write(Path folder, @Nullable Path given) throws IOException {
        String text = given == null ? OWN : Files.readString(given);
        Files.createDirectories(folder);
        Files.writeString(in(folder), text);
    }

    static Path in(Path folder) {
        return folder.resolve(NAME);
    }
}
