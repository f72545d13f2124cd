package io.colla.mpi.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.Layout;
import io.colla.api.UsageException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {
    private static final Layout ROUND = Layout.blocks(3, 2);

    @Test
    void arraysKeepTheirType() {
        assertThat((double[]) Parts.part(new double[] {0, 1, 2, 3, 4}, ROUND, 0, 2))
                .containsExactly(0, 1, 4);
        assertThat((String[]) Parts.part(new String[] {"a", "b", "c", "d"}, ROUND, 1, 2))
                .containsExactly("c", "d");
        assertThat((int[][]) Parts.part(new int[][] {{1}, {2}, {3}}, Layout.blocks(1), 2, 3))
                .isDeepEqualTo(new int[][] {{3}});
        assertThat((int[]) Parts.part(new int[0], ROUND, 0, 2)).isEmpty();
    }

    @Test
    void listsBecomeLists() {
        assertThat(Parts.part(List.of(0, 1, 2, 3, 4), new Layout(0, 3, 1), 1, 2))
                .isEqualTo(List.of(1, 2, 3));
    }

    @Test
    void whatIsPutBackIsWhereItWas() {
        int[] numbers = {0, 1, 2, 3, 4};
        Parts.putBack(numbers, new int[] {10, 11, 14}, ROUND, 0, 2, "numbers");
        assertThat(numbers).containsExactly(10, 11, 2, 3, 14);

        List<Object> words = new ArrayList<>(List.of("a", "b", "c", "d"));
        Parts.putBack(words, List.of("C", "D"), ROUND, 1, 2, "words");
        assertThat(words).containsExactly("a", "b", "C", "D");
    }

    @Test
    void aPartOfAnotherSizeCannotGoBack() {
        assertThatThrownBy(() -> Parts.putBack(new int[4], new int[3], ROUND, 1, 2, "numbers"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("rank 1 left 3 elements in its part of numbers, which had 2");
        assertThatThrownBy(() -> Parts.putBack(new int[4], null, ROUND, 1, 2, "numbers"))
                .hasMessageContaining("left no elements");
    }

    @Test
    void onlyListsAndArraysAreDivided() {
        assertThatThrownBy(() -> Parts.divisible("text", "xs"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("parameter xs has a layout")
                .hasMessageContaining("java.lang.String");
        assertThatThrownBy(() -> Parts.divisible(null, "xs")).hasMessageContaining("it is null");
    }
}
