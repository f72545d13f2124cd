package io.colla.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AllocationsTest {
    private static final Allocation GIVEN =
            new Allocation("slurm", "1", List.of(new NodeShare("n1", 2, 0)), null, List.of());

    private static BatchSystem system(boolean inside) {
        return new BatchSystem() {
            @Override
            public String name() {
                return "slurm";
            }

            @Override
            public Optional<Allocation> allocation(Map<String, String> environment) {
                return inside ? Optional.of(GIVEN) : Optional.empty();
            }

            @Override
            public NodeLauncher launcher(Allocation allocation, Map<String, String> environment) {
                throw new AssertionError("nobody asked for it");
            }
        };
    }

    private static Allocation find(boolean inside, Allocations.Options options) {
        return Allocations.find(Map.of(), options, List.of(system(inside)), new LocalSystem())
                .allocation();
    }

    @Test
    void prefersTheJob() {
        assertThat(find(true, Allocations.Options.NONE)).isSameAs(GIVEN);
        assertThat(find(true, new Allocations.Options(null, 0, "slurm"))).isSameAs(GIVEN);
    }

    @Test
    void isThisMachineOutsideOfAJob() {
        assertThat(find(false, Allocations.Options.NONE).source()).isEqualTo("local");
    }

    @Test
    void obeysTheUser() {
        assertThat(find(true, new Allocations.Options(null, 0, "local")).source())
                .isEqualTo("local");
        assertThat(find(true, new Allocations.Options(null, 2, null)).nodes()).hasSize(2);
    }

    @Test
    void saysWhatCannotBeHad() {
        assertThatThrownBy(() -> find(false, new Allocations.Options(null, 0, "slurm")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("this is not inside a job of slurm");
        assertThatThrownBy(() -> find(false, new Allocations.Options(null, 0, "lsf")))
                .isInstanceOf(UsageException.class)
                .hasMessage("there is no batch system 'lsf'; known are slurm and local");
        assertThatThrownBy(() -> find(false, new Allocations.Options(Path.of("hosts"), 2, null)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("exclude each other");
    }
}
