package io.colla.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.ProgramTrace;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExtraeVariablesTest {
    private static final String TREE = "/apps/extrae/lib/";

    private static Map<String, String> without(String preload) {
        return ExtraeVariables.without(Map.of("LD_PRELOAD", preload, "PATH", "/bin"));
    }

    @Test
    void librariesOfExtraeGoAndOthersStay() {
        assertThat(without("/opt/libjemalloc.so.2:" + TREE + "libmpitrace.so /opt/mine.so"))
                .isEqualTo(Map.of("LD_PRELOAD", "/opt/libjemalloc.so.2:/opt/mine.so"));
        for (String name : List.of("seq", "mpi", "omp", "ompi", "pt", "ptmpi", "cudampi", "nanosmpi")) {
            assertThat(without(TREE + "lib" + name + "trace.so")).as(name).isEqualTo(Map.of("LD_PRELOAD", ""));
        }
        assertThat(without("libmpitracef-4.0.so")).isEqualTo(Map.of("LD_PRELOAD", ""));
    }

    @Test
    void anotherPreloadIsLeftAsItIs() {
        assertThat(without("/opt/libbacktrace.so")).isEmpty();
        assertThat(without("libmytrace.so  :/opt/libc.so ")).isEmpty();
        assertThat(ExtraeVariables.without(Map.of())).isEmpty();
    }

    @Test
    void variablesThatHaveItRecordAreHidden() {
        assertThat(List.of("EXTRAE_ON", "EXTRAE_CONFIG_FILE", "EXTRAE_DIR")).allMatch(TaskEnvironment::isHidden);
        assertThat(List.of("EXTRAE_HOME", "EXTRAEVAGANT", "LD_PRELOAD")).noneMatch(TaskEnvironment::isHidden);
    }

    @Test
    void anEnvironmentIsClearedOfIt() {
        Map<String, String> environment = new HashMap<>(
                Map.of("EXTRAE_ON", "1", "EXTRAE_HOME", "/e", "LD_PRELOAD", "/m.so:libpttrace.so", "PATH", "/bin"));
        TaskEnvironment.removeExtrae(environment);
        assertThat(environment).isEqualTo(Map.of("EXTRAE_HOME", "/e", "LD_PRELOAD", "/m.so", "PATH", "/bin"));
    }

    @Test
    void aTracedTaskHasAFolderOfItsOwn() {
        Map<String, String> environment =
                Map.of("EXTRAE_ON", "1", "EXTRAE_DIR", "/all", "LD_PRELOAD", "libseqtrace.so", "PATH", "/bin");
        Path folder = Path.of("/run/trace/extrae/task-7");
        assertThat(ExtraeVariables.ofTask(null, environment)).isEmpty();
        assertThat(ExtraeVariables.ofTask(new ProgramTrace(folder, false), environment))
                .isEqualTo(Map.of(
                        "EXTRAE_DIR",
                        folder.toString(),
                        "EXTRAE_FINAL_DIR",
                        folder.toString(),
                        "EXTRAE_USE_POSIX_CLOCK",
                        "1"));
        assertThat(ExtraeVariables.ofTask(new ProgramTrace(folder, true), environment))
                .containsEntry("EXTRAE_ON", "1")
                .containsEntry("EXTRAE_DIR", folder.toString())
                .containsEntry("LD_PRELOAD", "libseqtrace.so")
                .doesNotContainKey("PATH");
    }
}
