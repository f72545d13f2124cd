package io.colla.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.log.LogReader;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import io.colla.wire.Message;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogSenderTest {
    private static final int TYPE = 9_100_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Path logs;
    private Path copies;
    private final LinkedBlockingQueue<Message.LogPiece> sent = new LinkedBlockingQueue<>();

    @BeforeEach
    void makeFolders() throws Exception {
        logs = Files.createDirectory(folder.resolve("logs"));
        copies = Files.createDirectory(folder.resolve("copies"));
    }

    private LogSender sender() {
        LogSender sender = new LogSender(logs, message -> sent.add((Message.LogPiece) message));
        sender.start();
        return sender;
    }

    private void write(Message.LogPiece piece) throws Exception {
        try (FileChannel file =
                FileChannel.open(copies.resolve(piece.file()), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(piece.content()), piece.position());
        }
    }

    private long records(String name) throws Exception {
        try (LogReader log = LogReader.open(copies.resolve(name))) {
            return log.records();
        }
    }

    @Test
    void logsAreBroughtWhileTheyGrowAndToTheirEnd() throws Exception {
        LogSender sender = sender();
        try (TraceLog log = TraceLog.open(logs.resolve("worker-n2-1.ctl"), Map.of())) {
            ThreadLog thread = log.thread("executor", 1);
            thread.record(TYPE, 1);
            thread.record(TYPE, 2);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            long there = 0;
            while (there < 2 && System.nanoTime() < deadline) {
                Message.LogPiece piece = sent.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                assertThat(piece).as("a further piece of the log").isNotNull();
                write(piece);
                sender.taken();
                there = records("worker-n2-1.ctl");
            }
            assertThat(there).isEqualTo(2);
            for (int i = 3; i <= 30_000; i++) {
                thread.record(TYPE, i);
            }
        }
        Thread master = new Thread(() -> takeAll(sender));
        master.start();
        assertThat(sender.finish(LIMIT)).isTrue();
        master.interrupt();
        master.join();
        assertThat(records("worker-n2-1.ctl")).isEqualTo(30_000);
        try (LogReader log = LogReader.open(copies.resolve("worker-n2-1.ctl"))) {
            assertThat(log.described("end")).hasSize(1);
        }
    }

    private void takeAll(LogSender sender) {
        try {
            while (true) {
                write(sent.take());
                sender.taken();
            }
        } catch (InterruptedException e) {
            // The test has seen the end.
            return;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aMasterThatDoesNotAnswerIsNotSentEverMore() throws Exception {
        LogSender sender = sender();
        try (TraceLog log = TraceLog.open(logs.resolve("worker-n2-1.ctl"), Map.of())) {
            ThreadLog thread = log.thread("executor", 1);
            for (int i = 0; i < 100_000; i++) {
                thread.record(TYPE, i);
            }
        }
        assertThat(sender.finish(Duration.ofSeconds(1)))
                .as("whether the master has all")
                .isFalse();
        assertThat(sent.size()).isEqualTo(8);
    }

    @Test
    void itEndsAtOnceWhenTheMasterIsGone() throws Exception {
        try (TraceLog log = TraceLog.open(logs.resolve("worker-n2-1.ctl"), Map.of())) {
            log.thread("executor", 1).record(TYPE, 1);
        }
        LogSender sender = sender();
        sender.abandon();
        long begun = System.nanoTime();
        sender.finish(LIMIT);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LIMIT.dividedBy(2));
    }
}
