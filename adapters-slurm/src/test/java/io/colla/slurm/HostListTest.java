package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostListTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node1|node1",
                "node[1-3,7],gpu[01-02]|node1 node2 node3 node7 gpu01 gpu02",
                "n[08-11]|n08 n09 n10 n11",
                "n[0-1]x,login|n0x n1x login",
                "rack[1-2]n[3,5]|rack1n3 rack1n5 rack2n3 rack2n5",
                "a.b-c_[1]|a.b-c_1"
            })
    void expandsAsSlurmDoes(String list, String names) {
        assertThat(HostList.expand(list)).containsExactly(names.split(" "));
    }

    @Test
    void hasNoNamesInNothing() {
        assertThat(HostList.expand("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n[1-",
                "n[3-1]",
                "n[a-b]",
                "n]",
                "n1,,n2",
                "n1,",
                ",n1",
                "n[]",
                "n[1-9999999999]",
                "a b",
                "n[1-1000]m[1-1000]x[1-1000]"
            })
    void saysWhatIsWrong(String list) {
        assertThatThrownBy(() -> HostList.expand(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a list of nodes");
    }

    @Test
    void expandsWhatWasPutTogetherByChance() {
        for (int seed = 0; seed < 500; seed++) {
            Expression expression = Expression.random(new Random(seed));
            assertThat(HostList.expand(expression.text))
                    .as("seed %d: %s", seed, expression.text)
                    .isEqualTo(expression.names);
        }
    }

    /** A list of nodes and, made alongside, its names. */
    record Expression(String text, List<String> names) {
        static Expression random(Random random) {
            List<String> items = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                addItem(random, items, names);
            }
            return new Expression(String.join(",", items), names);
        }

        private static void addItem(Random random, List<String> items, List<String> names) {
            String prefix = List.of("node", "gpu-", "r1c", "x").get(random.nextInt(4));
            String text = prefix;
            List<String> all = List.of(prefix);
            for (int brackets = 1 + random.nextInt(2); brackets > 0; brackets--) {
                List<String> ranges = new ArrayList<>();
                List<String> numbers = new ArrayList<>();
                int width = 1 + random.nextInt(3);
                for (int i = 0; i <= random.nextInt(3); i++) {
                    int first = random.nextInt(20);
                    int last = first + random.nextInt(5);
                    String low = ("%0" + width + "d").formatted(first);
                    String high = ("%0" + width + "d").formatted(last);
                    ranges.add(first == last ? low : low + "-" + high);
                    for (int n = first; n <= last; n++) {
                        numbers.add(("%0" + low.length() + "d").formatted(n));
                    }
                }
                String between = brackets > 1 ? "b" : "";
                List<String> longer = new ArrayList<>();
                all.forEach(one -> numbers.forEach(number -> longer.add(one + number + between)));
                all = longer;
                text += "[" + String.join(",", ranges) + "]" + between;
            }
            items.add(text);
            names.addAll(all);
        }
    }
}
