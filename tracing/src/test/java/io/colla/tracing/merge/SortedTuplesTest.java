package io.colla.tracing.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedTuplesTest {
    @TempDir
    Path folder;

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    private static List<List<Long>> all(SortedTuples.Run run) throws IOException {
        List<List<Long>> all = new ArrayList<>();
        while (run.next()) {
            all.add(List.of(run.tuple[0], run.tuple[1], run.tuple[2]));
        }
        assertThat(run.next()).as("after the last").isFalse();
        return all;
    }

    @Test
    void anyNumberComesOutInOrderAndNothingIsLeft() throws IOException {
        Random random = new Random(5);
        for (int count : new int[] {0, 1, 9, 10, 11, 99, 1000, 5437}) {
            List<List<Long>> expected = new ArrayList<>();
            try (SortedTuples tuples = new SortedTuples(3, folder, 10, 4)) {
                for (long i = 0; i < count; i++) {
                    long first = random.nextInt(100) - 50L;
                    long second = i * 7919 % 100_003; // no two alike
                    tuples.add(first, second, i);
                    expected.add(List.of(first, second, i));
                }
                assertThat(files()).as("files of %d tuples", count).isLessThan(4 * 7);
                expected.sort(Comparator.<List<Long>>comparingLong(tuple -> tuple.get(0))
                        .thenComparingLong(tuple -> tuple.get(1)));
                SortedTuples.Run first = tuples.read();
                assertThat(all(tuples.read())).isEqualTo(expected);
                assertThat(all(first)).as("read by another meanwhile").isEqualTo(expected);
            }
            assertThat(files()).isZero();
        }
    }
}
