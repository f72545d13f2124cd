package io.colla.tracing.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TraceLogTest {
    @TempDir
    Path folder;

    private TraceLog open() throws IOException {
        return TraceLog.open(folder.resolve("node.ctl"), Map.of("role", "worker", "node", "n1"));
    }

    private LogReader read() throws IOException {
        return LogReader.open(folder.resolve("node.ctl"));
    }

    private static List<Long> values(LogReader reader, int thread) throws IOException {
        List<Long> values = new ArrayList<>();
        LogReader.Cursor cursor = reader.cursor(thread);
        long last = Long.MIN_VALUE;
        while (cursor.next()) {
            assertThat(cursor.time()).isGreaterThanOrEqualTo(last);
            last = cursor.time();
            values.add(cursor.value());
        }
        return values;
    }

    @Test
    void threadsRecordSideBySideAndNothingIsLost() throws Exception {
        int many = 200_000;
        TraceLog log = open();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int index = t + 1;
            Thread thread = new Thread(() -> {
                ThreadLog mine = log.thread("executor", index);
                for (int i = 0; i < many; i++) {
                    mine.record(8000000, index, i);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        log.close();
        try (LogReader reader = read()) {
            assertThat(reader.records()).isEqualTo(4L * many);
            assertThat(reader.threads()).containsExactly(0, 1, 2, 3);
            for (int thread : reader.threads()) {
                List<Long> values = values(reader, thread);
                assertThat(values).hasSize(many).isSorted().endsWith(many - 1L);
                assertThat(values(reader, thread)).as("a second reading").isEqualTo(values);
            }
            assertThat(reader.described("process")).singleElement().satisfies(process -> assertThat(process)
                    .containsEntry("role", "worker")
                    .containsEntry("node", "n1"));
            assertThat(reader.described("thread")).hasSize(4);
            assertThat(reader.described("end")).singleElement().satisfies(end -> assertThat(end)
                    .containsEntry("dropped", "0"));
        }
    }

    @Test
    void whatIsRecordedIsInTheFileBeforeTheProcessEnds() throws Exception {
        try (TraceLog log = open()) {
            ThreadLog thread = log.thread("main", 1);
            thread.record(1, 2, -3);
            org.awaitility.Awaitility.await().untilAsserted(() -> {
                try (LogReader reader = read()) {
                    assertThat(values(reader, 0)).containsExactly(-3L);
                }
            });
        }
    }

    @Test
    void aFileThatEndsAnywhereIsReadAsFarAsItIsWhole() throws IOException {
        try (TraceLog log = open()) {
            ThreadLog thread = log.thread("main", 1);
            for (int i = 0; i < 100; i++) {
                thread.record(7, i);
            }
        }
        Path file = folder.resolve("node.ctl");
        long size = Files.size(file);
        long records = 100;
        for (long end = size; end > 100; end -= 13) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(end);
            }
            try (LogReader reader = read()) {
                assertThat(reader.records()).isLessThanOrEqualTo(records);
                records = reader.records();
                assertThat(values(reader, 0)).hasSize((int) records);
            }
        }
        assertThat(records).isZero();
    }

    @Test
    void somethingElseIsNoLog() throws IOException {
        Files.writeString(folder.resolve("node.ctl"), "#!/bin/sh\necho I am no log at all\n");
        assertThatThrownBy(this::read).hasMessageContaining("is no trace log");
    }

    /** The first block of a thread has room for 64 records, the next for 128. */
    @Test
    void whatComesBitByBitIsInFewBlocks() throws Exception {
        int many = 100;
        try (TraceLog log = open()) {
            ThreadLog thread = log.thread("main", 1);
            for (int i = 1; i <= many; i++) {
                thread.record(7, i);
                log.wake();
                long written = i;
                org.awaitility.Awaitility.await()
                        .pollInterval(java.time.Duration.ofMillis(1))
                        .untilAsserted(() -> {
                            try (LogReader reader = read()) {
                                assertThat(reader.records()).isEqualTo(written);
                            }
                        });
            }
        }
        assertThat(blocksOfEvents()).isEqualTo(2);
        try (LogReader reader = read()) {
            assertThat(values(reader, 0)).hasSize(many).isSorted().endsWith((long) many);
            assertThat(reader.described("end")).hasSize(1);
        }
    }

    private int blocksOfEvents() throws IOException {
        java.nio.ByteBuffer file = java.nio.ByteBuffer.wrap(Files.readAllBytes(folder.resolve("node.ctl")))
                .order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int blocks = 0;
        int at = 0;
        while (at + Block.HEAD <= file.limit()) {
            assertThat(file.getInt(at)).isEqualTo(Block.MAGIC);
            blocks += file.getInt(at + 4) == Block.EVENTS ? 1 : 0;
            at += Block.HEAD + file.getInt(at + 8);
        }
        return blocks;
    }

    @Test
    void recordsThatAMachineCountedAndDidNotWriteAreNoRecords() throws IOException {
        try (TraceLog log = open()) {
            ThreadLog thread = log.thread("main", 1);
            for (int i = 1; i <= 10; i++) {
                thread.record(7, i);
            }
        }
        Path file = folder.resolve("node.ctl");
        byte[] bytes = Files.readAllBytes(file);
        java.nio.ByteBuffer all = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (all.getInt(at + 4) != Block.EVENTS) {
            at += Block.HEAD + all.getInt(at + 8);
        }
        int eighth = at + Block.HEAD + Block.EVENTS_HEAD + 7 * Block.RECORD;
        java.util.Arrays.fill(bytes, eighth, eighth + 3 * Block.RECORD, (byte) 0);
        Files.write(file, bytes);
        try (LogReader reader = read()) {
            assertThat(values(reader, 0)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
            assertThat(reader.span(0)[1]).isPositive();
        }
    }

    @Test
    void aLogThatHangsIsWaitedForOnceAndNotAtEveryEvent() throws IOException {
        try (TraceLog log = open()) {
            ThreadLog forgotten =
                    new ThreadLog(99, log, null); // which the log's thread does not know, and so never empties
            for (int i = 0; i < ThreadLog.CAPACITY; i++) {
                forgotten.record(7, i);
            }
            assertThat(forgotten.dropped()).isZero();
            long begun = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                forgotten.record(7, i);
            }
            assertThat(System.nanoTime() - begun).isBetween(900_000_000L, 20_000_000_000L);
            assertThat(forgotten.dropped()).isEqualTo(1000);
            forgotten.drain(java.nio.ByteBuffer.allocate(ThreadLog.CAPACITY * Block.RECORD));
            forgotten.record(7, 1);
            assertThat(forgotten.dropped()).as("once there is room again").isEqualTo(1000);
        }
    }
}
