package io.colla.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TreeReductionTest {
    @Test
    void keepsTheOrderAndTheFanInForEveryNumberOfLeaves() {
        for (int fanIn = 2; fanIn <= 5; fanIn++) {
            int most = fanIn;
            for (int n = 1; n <= 70; n++) {
                List<String> leaves =
                        IntStream.range(0, n).mapToObj(i -> i + ".").toList();
                List<Integer> groups = new ArrayList<>();
                String all = TreeReduction.of(leaves, fanIn, group -> {
                    groups.add(group.size());
                    return String.join("", group);
                });
                assertThat(all).isEqualTo(String.join("", leaves));
                assertThat(groups).allMatch(size -> size >= 2 && size <= most);
                assertThat(groups.stream().mapToInt(size -> size - 1).sum()).isEqualTo(n - 1);
            }
        }
    }

    @Test
    void nothingCannotBeCombined() {
        assertThatThrownBy(() -> TreeReduction.of(List.of(), 2, group -> group))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
