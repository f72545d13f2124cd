package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.master.RunStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final RunStatus STATUS = new RunStatus(1234, 48, 99_000, 2, 3, 47, 48, 3);
    private static final String CLEAR = "\r\u001b[K";

    @Test
    void showsTheCountsAndTheTime() {
        assertThat(ProgressLine.of(STATUS, Duration.ofSeconds(75), 200))
                .isEqualTo("1234 done  48 running  99000 waiting  2 failed  1:15  47/48 cores  3 nodes  3 cancelled");
        assertThat(ProgressLine.of(new RunStatus(0, 0, 1, 0, 0, 0, 1, 1), Duration.ZERO, 80))
                .isEqualTo("0 done  0 running  1 waiting  0:00  0/1 core  1 node");
    }

    @Test
    void neverIsWiderThanTheTerminalAndKeepsWhatMattersMost() {
        for (int width = 1; width < 120; width++) {
            String line = ProgressLine.of(STATUS, Duration.ofDays(3), width);
            assertThat(line.length()).isBetween(1, width);
        }
        assertThat(ProgressLine.of(STATUS, Duration.ofSeconds(75), 50))
                .isEqualTo("1234 done  48 running  99000 waiting  2 failed");
        assertThat(ProgressLine.of(STATUS, Duration.ofSeconds(75), 5)).isEqualTo("1234\u2026");
    }

    @Test
    void isOutOfTheWayOfWhatTheApplicationPrints() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream screen = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Progress progress = Progress.start(screen, () -> STATUS, new Terminal(false, 81), System.nanoTime());
        progress.close();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEmpty();

        Progress drawn = Progress.onTerminal(screen, () -> STATUS, () -> 45, System.nanoTime());
        PrintStream out = drawn.guard(screen, StandardCharsets.UTF_8);
        String line = "1234 done  48 running  99000 waiting";
        drawn.draw();
        out.print("half");
        drawn.draw();
        out.println(" a line");
        drawn.draw();
        drawn.close();
        drawn.draw();
        out.println("after");
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(CLEAR + line + CLEAR + "half a line\n" + CLEAR + line + CLEAR + "after\n");
    }
}
