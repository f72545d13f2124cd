package io.colla.binary.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When the JVM is killed, its programs end. */
@Tag("process")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledJvmTest {

    /** The JVM that gets killed: starts programs, prints their ids, waits for them. */
    public static final class Victim {
        public static void main(String[] args) throws Exception {
            Spawner spawner = Spawners.open();
            spawner.spawn(Command.of("true")).await();
            Child plain = spawner.spawn(Command.of("sleep", "1000"));
            Child family = spawner.spawn(Command.of(
                    "sh", "-c", "trap '' TERM HUP; sleep 1000 & echo $!; setsid sleep 1000 & echo $!; wait"));
            System.out.println(plain.pid());
            System.out.println(family.pid());
            family.await();
        }
    }

    @ParameterizedTest
    @EnumSource(Spawners.Kind.class)
    void nothingSurvivesAJvmKilledBySigkill(Spawners.Kind kind) throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dcolla.spawner=" + kind.option(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader reader = jvm.inputReader()) {
            List<Long> pids = reader.lines().limit(4).map(Long::parseLong).toList();
            assertThat(pids).hasSize(4);
            for (long pid : pids) {
                assertThat(SpawnerTest.alive(pid)).isTrue();
            }
            jvm.destroyForcibly();
            assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).isTrue();
            pids.forEach(SpawnerTest::awaitGone);
        } finally {
            jvm.destroyForcibly();
        }
    }
}
