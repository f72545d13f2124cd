package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLengthsTest {
    @Test
    void expandsRuns() {
        assertThat(RunLengths.expand("4(x3),2")).containsExactly(4, 4, 4, 2);
        assertThat(RunLengths.expand("72")).containsExactly(72);
        assertThat(RunLengths.expand("4,2,1")).containsExactly(4, 2, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4(x)", "x", "4(x3", "4,,2", "1(x9999999)"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> RunLengths.expand(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
