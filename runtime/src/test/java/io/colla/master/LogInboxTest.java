package io.colla.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.wire.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogInboxTest {
    @TempDir
    Path folder;

    private final AtomicInteger answers = new AtomicInteger();

    private void take(LogInbox inbox, int worker, String file, long position, String content) {
        inbox.take(worker, new Message.LogPiece(file, position, content.getBytes()), answers::incrementAndGet);
    }

    @Test
    void piecesAreWrittenWhereTheyBelongAndAnswered() throws Exception {
        Path logs = Files.createDirectory(folder.resolve("logs"));
        try (LogInbox inbox = new LogInbox(logs)) {
            take(inbox, 2, "worker-n2-7.ctl", 0, "abcd");
            take(inbox, 3, "worker-n2-7.ctl", 0, "xy");
            take(inbox, 2, "worker-n2-7.ctl", 4, "efgh");
            take(inbox, 2, "worker-n2-7.ctl", 1, "B");
        }
        assertThat(answers).hasValue(4);
        assertThat(logs.resolve("of-2-worker-n2-7.ctl")).hasContent("aBcdefgh");
        assertThat(logs.resolve("of-3-worker-n2-7.ctl")).hasContent("xy");
    }

    @Test
    void noNameLeadsOutOfTheFolder() throws Exception {
        Path logs = Files.createDirectory(folder.resolve("logs"));
        try (LogInbox inbox = new LogInbox(logs)) {
            take(inbox, 2, "../x.ctl", 0, "a");
            take(inbox, 2, "/tmp/x.ctl", 0, "a");
            take(inbox, 2, "x/../../y.ctl", 0, "a");
            take(inbox, 2, "x.sh", 0, "a");
            take(inbox, 2, "x.ctl", -1, "a");
        }
        assertThat(answers).as("answers, so that nobody waits for room").hasValue(5);
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }
}
