package io.colla.tracing.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
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
                follower.follow((position, bytes) -> {
                    copy.piece(position, bytes);
                    for (List<Long> values : values(copy.file())) {
                        assertThat(values.get(values.size() - 1)).isEqualTo(values.size());
                    }
                });
            }
        }
        try (LogFollower rest = LogFollower.open(file)) {
            Copy whole = Copy.of(folder.resolve("c.ctl"));
            rest.follow(whole);
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
                    follower.follow(counted);
                }
            }
        }
        follower.follow(counted);
        long whole = bytes[0];
        follower.follow(counted);
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
            follower.follow(copy);
            follower.follow(copy);
        }
        assertThat(Files.size(copy.file())).isEqualTo(text.remaining());
    }
}
