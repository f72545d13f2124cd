package io.colla.tracing.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentsTest {
    private static ByteBuffer bytes(Segments segments) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(segments.base64())).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void fewTasksAreShownAsTheyAre() {
        TaskTable tasks = new TaskTable();
        int[] rows = {5, 2, 5};
        for (int i = 0; i < 3; i++) {
            int place = tasks.add(10L * i, rows[i], i);
            tasks.identify(place, 100 + i);
            tasks.end(place, 10L * i + 7);
        }
        tasks.fail(1);
        Segments segments = new Segments(tasks, 6, 40, List.of(2), 10);
        assertThat(segments.exact()).isTrue();
        assertThat(segments.shownRows()).containsExactly(-1, -1, 0, -1, -1, 1);
        ByteBuffer bytes = bytes(segments);
        int[] numbers = new int[12];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = bytes.getInt();
        }
        assertThat(numbers)
                .as("first of rows, begins, lengths, tasks")
                .containsExactly(0, 1, 3, 10, 0, 20, 7, 7, 7, 101, 100, 102);
        assertThat(new short[] {bytes.getShort(), bytes.getShort(), bytes.getShort()})
                .containsExactly((short) 1, (short) 0, (short) 2);
        assertThat(new byte[] {bytes.get(), bytes.get(), bytes.get()})
                .as("failed, none, on the path")
                .containsExactly(1, 0, 2);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void manyShortTasksAreDrawnTogetherAndNoneIsLost() {
        TaskTable tasks = new TaskTable();
        Random random = new Random(7);
        long time = 0;
        long worked = 0;
        for (int i = 0; i < 50_000; i++) {
            int place = tasks.add(time, i % 4, i % 1000 == 0 ? 1 : 0);
            tasks.identify(place, i + 1);
            long lasts = i == 25_000 ? 4_000_000 : random.nextInt(100);
            tasks.end(place, time + lasts);
            worked += lasts;
            time += 100;
        }
        Segments segments = new Segments(tasks, 4, time, List.of(), 1000);
        assertThat(segments.exact()).isFalse();
        assertThat(segments.size()).isBetween(500, 2100);
        ByteBuffer bytes = bytes(segments);
        int size = segments.size();
        bytes.position(5 * 4 + size * 4);
        long[] lengths = new long[size];
        for (int i = 0; i < size; i++) {
            lengths[i] = bytes.getInt();
        }
        boolean longOneAlone = false;
        for (int i = 0; i < size; i++) {
            longOneAlone |= bytes.getInt() == 25_001 && lengths[i] == 4_000_000;
        }
        assertThat(longOneAlone).isTrue();
        long counted = 0;
        for (int i = 0; i < size; i++) {
            counted += bytes.getInt();
        }
        assertThat(counted).isEqualTo(50_000);
        bytes.position(bytes.position() + 2 * size);
        double busy = 0;
        for (int i = 0; i < size; i++) {
            busy += bytes.getShort() / 1000.0 * lengths[i];
        }
        assertThat(busy).isCloseTo(worked, within(worked * 0.01));
    }
}
