package io.colla.binary.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is particular to the helper. */
@Tag("process")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HelperSpawnerTest {

    @Test
    void usageIsReported() throws Exception {
        try (Spawner spawner = Spawners.open(Spawners.Kind.HELPER)) {
            Usage usage = spawner.spawn(Command.of("sh", "-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"))
                    .await()
                    .usage();
            assertThat(usage.user()).isBetween(Duration.ofMillis(5), Duration.ofSeconds(20));
            assertThat(usage.maxResidentBytes()).isBetween(100_000L, 100_000_000L);
        }
    }

    @Test
    void aKilledHelperTakesItsProgramAlongAndTheNextProgramStartsAnyway() throws Exception {
        try (Spawner spawner = Spawners.open(Spawners.Kind.HELPER)) {
            Child child = spawner.spawn(Command.of("sleep", "1000"));
            long helper = ProcessHandle.of(child.pid())
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow()
                    .pid();
            ProcessHandle.of(helper).orElseThrow().destroyForcibly();
            assertThatThrownBy(child::await)
                    .isInstanceOfSatisfying(
                            SpawnException.class, e -> assertThat(e.reason()).isEqualTo(SpawnException.Reason.LOST))
                    .hasMessageContaining("sleep");
            SpawnerTest.awaitGone(child.pid());
            assertThat(spawner.spawn(Command.of("true")).await().success()).isTrue();
        }
    }

    @Test
    void anInterpreterThatIsNoneIsReported() {
        assertThatThrownBy(() -> new HelperSpawner(Path.of("/bin/false"), "spawn"))
                .hasMessageContaining("/bin/false as spawn helper ended at its start");
    }
}
