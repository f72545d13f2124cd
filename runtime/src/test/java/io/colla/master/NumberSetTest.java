package io.colla.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NumberSetTest {
    @Test
    void holdsWhatASetHolds() {
        Random random = new Random(7);
        NumberSet numbers = new NumberSet();
        Set<Integer> expected = new HashSet<>();
        for (int i = 0; i < 200_000; i++) {
            int number = (random.nextInt(4) << 29) + random.nextInt(9000);
            if (random.nextInt(3) > 0) {
                numbers.add(number);
                expected.add(number);
            } else {
                numbers.remove(number);
                expected.remove(number);
            }
            int asked = (random.nextInt(4) << 29) + random.nextInt(9000);
            assertThat(numbers.contains(asked)).isEqualTo(expected.contains(asked));
        }
        Set<Integer> seen = new HashSet<>();
        numbers.forEach(number -> assertThat(seen.add(number)).isTrue());
        assertThat(seen).isEqualTo(expected);
        assertThat(numbers.contains(-1)).isFalse();
        expected.forEach(numbers::remove);
        numbers.forEach(number -> {
            throw new AssertionError(number);
        });
    }
}
