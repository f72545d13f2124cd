package io.colla.binary.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpawnersTest {

    /** Prints the name of the spawner that is chosen, or the error. */
    public static final class Choice {
        public static void main(String[] args) throws Exception {
            try (Spawner spawner = Spawners.open()) {
                System.out.println(
                        spawner.name() + " " + spawner.spawn(Command.of("true")).await());
            } catch (SpawnException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static String choice(String... options) throws Exception {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of(options));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Choice.class.getName()));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output.lines()
                .filter(line -> !line.startsWith("SLF4J"))
                .reduce("", (a, b) -> a + b + "\n")
                .strip();
    }

    @Test
    @Tag("process")
    void theUserChooses() throws Exception {
        for (Spawners.Kind kind : Spawners.Kind.values()) {
            assertThat(choice("-Dcolla.spawner=" + kind.option())).isEqualTo(kind.option() + " exit code 0");
        }
        assertThat(choice("-Dcolla.spawner=magic"))
                .isEqualTo("colla.spawner=magic names no spawner: use auto, " + options());
    }

    private static String options() {
        return String.join(
                ", ",
                java.util.Arrays.stream(Spawners.Kind.values())
                        .map(Spawners.Kind::option)
                        .toList());
    }

    @Test
    @Tag("process")
    void whatDoesNotWorkHereIsPassedOverOrReportedIfChosen() throws Exception {
        String[] noJna = {"-Djna.nosys=true", "-Djna.boot.library.path=/nonexistent", "-Djna.tmpdir=/proc/nowhere"};
        String noPython = "-Dcolla.python=/bin/false";
        assertThat(choice(noJna[0], noJna[1], noJna[2], noPython)).endsWith("process-builder exit code 0");
        assertThat(choice()).endsWith("helper exit code 0");
        assertThat(choice(noJna[0], noJna[1], noJna[2], "-Dcolla.spawner=posix-spawn"))
                .contains("spawner posix-spawn does not work here");
        assertThat(choice(noPython)).endsWith("posix-spawn exit code 0");
        assertThat(choice(noPython, "-Dcolla.spawner=helper"))
                .contains("spawner helper does not work here: /bin/false as spawn helper ended at its start");
    }

    @Test
    void commandsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> Command.of()).hasMessageContaining("needs a program");
        assertThatThrownBy(() -> Command.of("a", "b\0c")).hasMessageContaining("NUL");
        assertThatThrownBy(() -> Command.of("a").withCpus(List.of(-1))).hasMessageContaining("negative");
        assertThatThrownBy(() -> Command.of("a").withStdin(Redirect.STDOUT)).hasMessageContaining("standard input");
        assertThatThrownBy(() -> Environment.INHERITED.with("A=B", "c")).hasMessageContaining("A=B");
    }

    @Test
    void aWaitStatusIsDecoded() {
        assertThat(ExitStatus.ofWaitStatus(0x2a00, Usage.UNKNOWN)).isEqualTo(new ExitStatus.Exited(42, Usage.UNKNOWN));
        assertThat(ExitStatus.ofWaitStatus(9, Usage.UNKNOWN)).isEqualTo(new ExitStatus.Killed(9, false, Usage.UNKNOWN));
        assertThat(ExitStatus.ofWaitStatus(0x8b, Usage.UNKNOWN))
                .isEqualTo(new ExitStatus.Killed(11, true, Usage.UNKNOWN));
    }
}
