package io.colla.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuListTest {
    @Test
    void readsRangesStepsAndRepetitions() {
        assertThat(CpuList.parse("0-3,8")).containsExactly(0, 1, 2, 3, 8);
        assertThat(CpuList.parse("8,0-6:3,0\n")).containsExactly(0, 3, 6, 8);
        assertThat(CpuList.parse("")).isEmpty();
    }

    @Test
    void writesItsShortestForm() {
        assertThat(CpuList.format(List.of(8, 3, 0, 1, 2, 10, 11))).isEqualTo("0-3,8,10-11");
        assertThat(CpuList.format(List.of())).isEmpty();
        assertThat(CpuList.format(List.of(5))).isEqualTo("5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "3-1", "-1", "0-", "0-3:0", "0-99999999", "1 2"})
    void refusesWhatIsNoList(String text) {
        assertThatThrownBy(() -> CpuList.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
