package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void countsInsertionsDeletionsReplacementsAndSwaps() {
        assertThat(Nearest.distance("workers", "workers")).isZero();
        assertThat(Nearest.distance("wokrers", "workers")).isEqualTo(1);
        assertThat(Nearest.distance("worker", "workers")).isEqualTo(1);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    }

    @Test
    void suggestsOnlyWhatIsNear() {
        assertThat(Nearest.to("rnu", List.of("run", "alloc"))).contains("run");
        assertThat(Nearest.to("frobnicate", List.of("run", "alloc"))).isEmpty();
        assertThat(Nearest.hint("alocc", List.of("run", "alloc"))).isEqualTo("; did you mean 'alloc'?");
    }
}
