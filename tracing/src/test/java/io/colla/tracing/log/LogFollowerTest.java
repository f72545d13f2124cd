package io.colla.tracing.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFollowerTest {
    private static final int TYPE = 9_100_000;

    @TempDir
    Path folder;

    /** Writes pieces where they belong, as the master does, and looks at the copy after each. */
    private record Copy(Path file, FileChannel channel) implements LogFollower.Copy {
        static Copy of(Path file) throws IOException {
            return new Copy(file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        }

        @Override
        public void piece(long position, byte[] bytes) throws IOException {
            assertThat(bytes).hasSizeLessThanOrEqualTo(LogFollower.PIECE);
            channel.write(ByteBuffer.wrap(bytes), position);
        }
    }

    /** The values that the threads have recorded. */
    private static List<List<Long>> values(Path file) throws IOException {
        List<List<Long>> all = new ArrayList<>();
        try (LogReader log = LogReader.open(file)) {
            for (int thread : log.threads()) {
                List<Long> values = new ArrayList<>();
                LogReader.Cursor records = log.cursor(thread);
                while (records.next()) {
                    assertThat(records.type()).isEqualTo(TYPE);
                    values.add(records.value());
                }
                all.add(values);
            }
        }
        return all;
    }

    @Test
    void theCopyOfALogThatGrowsIsALogAfterEveryPiece() throws Exception {
        Random random = new Random(3);
        Path file = folder.resolve("a.ctl");
        Copy copy = Copy.of(folder.resolve("b.ctl"));
        long[] recorded = new long[3];
        try (TraceLog log = TraceLog.open(file, Map.of("role", "worker"));
                LogFollower follower = LogFollower.open(file)) {
            List<ThreadLog> threads = List.of(log.thread("executor", 1), log.thread("executor", 2), log.thread("x", 1));
            for (int round = 0; round < 60; round++) {
                int thread = random.nextInt(3);
                for (int i = random.nextInt(3000); i > 0; i--) {
                    threads.get(thread).record(TYPE, ++recorded[thread]);
                }
                if (random.nextInt(5) == 0) {
                    log.describe("definition", Map.of("number", Integer.toString(round), "name", "f".repeat(round)));
                }
                log.wake();
                follower.follow(
                        (position, bytes) -> {
                            copy.piece(position, bytes);
                            for (List<Long> values : values(copy.file())) {
                                assertThat(values.get(values.size() - 1)).isEqualTo(values.size());
                            }
                        },
                        false);
            }
        }
        try (LogFollower rest = LogFollower.open(file)) {
            Copy whole = Copy.of(folder.resolve("c.ctl"));
            rest.follow(whole, true);
            assertThat(values(whole.file())).isEqualTo(values(file));
            assertThat(Files.size(whole.file())).isLessThanOrEqualTo(Files.size(file));
        }
        assertThat(values(file)).extracting(List::size).containsExactly((int) recorded[0], (int) recorded[1], (int)
                recorded[2]);
    }

    @Test
    void whatComesLaterIsFollowedWithoutRepeatingWhatWasThere() throws Exception {
        Path file = folder.resolve("a.ctl");
        Copy copy = Copy.of(folder.resolve("b.ctl"));
        long[] bytes = new long[1];
        LogFollower.Copy counted = (position, piece) -> {
            bytes[0] += piece.length;
            copy.piece(position, piece);
        };
        LogFollower follower;
        try (TraceLog log = TraceLog.open(file, Map.of())) {
            follower = LogFollower.open(file);
            ThreadLog thread = log.thread("executor", 1);
            for (int i = 1; i <= 40_000; i++) {
                thread.record(TYPE, i);
                if (i % 1000 == 0) {
                    follower.follow(counted, false);
                }
            }
        }
        follower.follow(counted, true);
        long whole = bytes[0];
        follower.follow(counted, false);
        follower.close();
        assertThat(bytes[0]).isEqualTo(whole).isLessThan(Files.size(file) + 60 * 40);
        assertThat(values(copy.file())).isEqualTo(values(file));
        try (LogReader log = LogReader.open(copy.file())) {
            assertThat(log.described("end")).hasSize(1);
        }
    }

    @Test
    void aMappedFileIsFollowedToItsZeros() throws Exception {
        Path file = folder.resolve("mapped.ctl");
        ByteBuffer text = Block.text("process", Map.of("role", "python"));
        ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
        zeros.put(text.duplicate());
        Files.write(file, zeros.array());
        Copy copy = Copy.of(folder.resolve("copy.ctl"));
        try (LogFollower follower = LogFollower.open(file)) {
            follower.follow(copy, false);
            follower.follow(copy, false);
        }
        assertThat(Files.size(copy.file())).isEqualTo(text.remaining());
    }

    /** As Python's processes write: room for all records of a block at once, which they do not count; what is not used of the last is given back. */
    @Test
    void recordsThatNobodyCountsAreFollowedToTheFirstThatIsNotThere() throws Exception {
        Path file = folder.resolve("python.ctl");
        Copy copy = Copy.of(folder.resolve("copy.ctl"));
        try (FileChannel python = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                LogFollower follower = LogFollower.open(file)) {
            long end = python.write(Block.text("process", Map.of("role", "python")), 0);
            int room = 10;
            for (int block = 0; block < 2; block++) {
                long position = end;
                python.write(ByteBuffer.allocate(Block.HEAD + Block.EVENTS_HEAD + room * Block.RECORD), position);
                python.write(head(room, room), position);
                end += Block.HEAD + Block.EVENTS_HEAD + room * Block.RECORD;
                if (block == 0) {
                    end += python.write(Block.text("event-type", Map.of("type", "9100000")), end);
                }
                int used = block == 0 ? room : 4;
                for (int i = 0; i < used; i++) {
                    python.write(
                            record(block * room + i + 1), position + Block.HEAD + Block.EVENTS_HEAD + i * Block.RECORD);
                    follower.follow(copy, false);
                    int there = block * room + i + 1;
                    assertThat(there - count(copy.file()))
                            .as("the last may not be whole")
                            .isBetween(0, 1);
                }
                follower.follow(copy, false);
                assertThat(count(copy.file())).as("when nothing has followed").isEqualTo(block * room + used);
                if (block == 1) {
                    python.write(head(used, used), position);
                    end = position + Block.HEAD + Block.EVENTS_HEAD + used * Block.RECORD;
                    end += python.write(Block.text("end", Map.of("nanos", "99")), end);
                    python.truncate(end);
                }
            }
            follower.follow(copy, true);
        }
        assertThat(Files.readAllBytes(copy.file())).isEqualTo(Files.readAllBytes(file));
    }

    private static int count(Path file) throws IOException {
        return values(file).stream().mapToInt(List::size).sum();
    }

    private static ByteBuffer head(int room, int count) {
        ByteBuffer head = ByteBuffer.allocate(Block.HEAD + Block.EVENTS_HEAD).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(Block.MAGIC).putInt(Block.EVENTS).putInt(Block.EVENTS_HEAD + room * Block.RECORD);
        return head.putInt(0).putInt(count).flip();
    }

    private static ByteBuffer record(int value) {
        ByteBuffer record = ByteBuffer.allocate(Block.RECORD).order(ByteOrder.LITTLE_ENDIAN);
        return record.putLong(value).putInt(TYPE).putInt(0).putLong(value).flip();
    }
}
