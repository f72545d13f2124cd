package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.TraceChecker;
import io.colla.tracing.paraver.views.Views;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Those who say whether a trace is one: our strict reader; {@code ptd} of PyPI's pertalde, where it is installed ({@code COLLA_PTD}, or on the PATH); Paraver's own {@code paramedir} with every
 * view that comes with the trace, where {@code PARAMEDIR} names it.
 */
final class TraceJudges {
    private static final int MOST_SECONDS = 120;
    private static final double NANOS = 1e9;

    private TraceJudges() {}

    /** Asks all who are there. */
    static TraceChecker.Findings judge(Path prv) throws IOException, InterruptedException {
        TraceChecker.Findings findings = TraceChecker.check(prv, EventTypes.spans());
        assertThat(findings.faults()).as(prv + " by the strict reader").isEmpty();
        String ptd = ptd();
        if (ptd != null) {
            assertThat(askPtd(ptd, prv)).as("what ptd says of " + prv).isEmpty();
        }
        String paramedir = System.getenv("PARAMEDIR");
        if (paramedir != null) {
            Path folder = prv.resolveSibling("judged");
            for (Path view : Views.write(Views.all(), folder)) {
                // It ends as if all were well also when it rejects records.
                assertThat(ask(List.of(paramedir, prv.toString(), view.toString(), folder.resolve("out") + "")))
                        .as(view + " on " + prv)
                        .doesNotContain("Error reading", "Cannot load");
            }
        }
        return findings;
    }

    /** Asks all about the trace of the latest run in a working folder, which must have as many tasks as the run's account, and as much time in them. */
    static TraceChecker.Findings judgeRun(Path work) throws IOException, InterruptedException {
        TraceChecker.Findings findings = judge(trace(work));
        Account account = Account.read(work);
        assertThat(findings.spans().get(EventTypes.TASK)).as("attempts").isEqualTo(account.attempts());
        assertThat(findings.durations().get(EventTypes.TASK) / NANOS)
                .as("seconds in tasks")
                .isCloseTo(account.seconds(), withinPercentage(1));
        return findings;
    }

    static Path trace(Path work) throws IOException {
        try (Stream<Path> files = Files.list(work.resolve("colla-runs/latest/trace"))) {
            return files.filter(file -> file.toString().endsWith(".prv"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The program; null if it is not installed. */
    static @Nullable String ptd() {
        String named = System.getenv("COLLA_PTD");
        if (named != null) {
            return named;
        }
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, "ptd"))) {
                return Path.of(folder, "ptd").toString();
            }
        }
        return null;
    }

    /** What it complains of; it ends with 0 in any case. */
    static String askPtd(String ptd, Path prv) throws IOException, InterruptedException {
        return ask(List.of(ptd, "comprovar", "-e", prv.toString()));
    }

    private static String ask(List<String> command) throws IOException, InterruptedException {
        Path said = Files.createTempFile("judge", ".txt");
        try {
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " has not ended in " + MOST_SECONDS + " s");
            }
            return Files.readString(said, StandardCharsets.ISO_8859_1);
        } finally {
            Files.delete(said);
        }
    }
}
