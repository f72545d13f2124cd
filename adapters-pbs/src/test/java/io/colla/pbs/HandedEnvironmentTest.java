package io.colla.pbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HandedEnvironmentTest {
    @Test
    void handsOnWhatIsTheJobsAndNotWhatIsTheNodes() {
        assertThat(HandedEnvironment.of(
                        Map.of(
                                "PATH", "/apps/bin:/bin",
                                "TMPDIR", "/var/tmp/pbs.7",
                                "PBS_JOBCOOKIE", "secret",
                                "PBS_O_WORKDIR", "/home/ana",
                                "CUDA_VISIBLE_DEVICES", "GPU-1",
                                "BASH_FUNC_module%%", "() { :; }",
                                "HOSTNAME", "node1"),
                        Map.of("PATH", "/mine", "TMPDIR", "/asked/for")))
                .isEqualTo(Map.of("PATH", "/mine", "TMPDIR", "/asked/for", "PBS_O_WORKDIR", "/home/ana"));
    }
}
