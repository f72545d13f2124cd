package io.colla.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.BinaryTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OmpSsTest {

    @TempDir
    Path root;

    @Test
    void asManyThreadsAsCores() {
        assertThat(OmpSs.arguments("4", null, null)).isEqualTo("--smp-cpus=4 --smp-workers=4");
    }

    @Test
    void keepsWhatTheUserAsksForBeside() {
        assertThat(OmpSs.arguments("4", "--summary", " --schedule=wf  --stack-size 8M "))
                .isEqualTo("--smp-cpus=4 --smp-workers=4 --summary --schedule=wf --stack-size 8M");
    }

    @Test
    void theUsersValueOfTheSameOptionCounts() {
        assertThat(OmpSs.arguments("4", "--smp-workers=3 --schedule=dbf", "--schedule=wf --smp-cpus 2"))
                .isEqualTo("--smp-workers=3 --schedule=wf --smp-cpus 2");
    }

    @Test
    void anEmptyVariableIsNone() {
        assertThat(OmpSs.arguments("1", "", "  ")).isEqualTo("--smp-cpus=1 --smp-workers=1");
    }

    @Test
    @Tag("process")
    void theProgramSeesItsCoresAndItsSettings() throws Exception {
        Path script = Files.writeString(
                root.resolve("show"),
                "echo \"$NX_ARGS|$OMP_NUM_THREADS|$NANOS6_CONFIG_OVERRIDE|$NOSV_CONFIG_OVERRIDE|$(nproc)|\""
                        + "$(sed -n 's/^Cpus_allowed_list:.//p' /proc/self/status)\n");
        BinaryTask task = BinaryTask.of("sh", script.toString())
                .stdout("{{out}}")
                .environment("NX_ARGS", "--summary")
                .environment("NANOS6_CONFIG_OVERRIDE", "version.debug=true")
                .environment("NOSV_CONFIG_OVERRIDE", "topology.binding=inherit")
                .ompss();
        try (BinaryExecutor executor = new BinaryExecutor();
                FakeContext context = new FakeContext(root, task).out("out").cpus(0)) {
            executor.execute(context);
            assertThat(context.result("out"))
                    .isEqualTo(
                            "--smp-cpus=1 --smp-workers=1 --summary|1|version.debug=true|topology.binding=inherit|1|0\n");
        }
    }

    @Test
    void otherProgramsAreNotTold() throws Exception {
        Program program = Program.compile(BinaryTask.of("true"), List.of());
        try (FakeContext context = new FakeContext(root, BinaryTask.of("true"))) {
            assertThat(program.variables(context)).isEmpty();
        }
    }
}
