package io.colla.transport;

import static io.colla.transport.Endpoint.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.colla.wire.Message;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("process")
class ProcessTest {
    private Endpoint endpoint;
    private Process process;
    private Connection connection;

    @BeforeEach
    void start() throws Exception {
        endpoint = new Endpoint(RunSecret.create(), Endpoint.limits(1 << 20, 8 << 20), null);
        process = EchoProcess.start(endpoint);
        connection = next(endpoint.accepted, "the other process");
    }

    @AfterEach
    void stop() throws Exception {
        endpoint.close();
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anotherProcessAnswersAndEndsWithTheConnection() throws Exception {
        for (int i = 0; i < 1000; i++) {
            connection.append(new Message.Ping(i));
            connection.flush();
            assertThat(next(endpoint.inbox.messages, "the echo")).isEqualTo(new Message.Ping(i));
        }
        connection.close("done");
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void aStoppedProcessCostsBoundedMemoryAndIsCutOff() throws Exception {
        signal("STOP");
        String text = "x".repeat(10_000);
        int sent = 0;
        while (connection.send(new Message.Shutdown(text))) {
            assertThat(++sent).isLessThan(100_000);
        }
        assertThat(next(endpoint.inbox.ends, "the end")).contains("does not read");
        signal("CONT");
    }

    @Test
    void aKilledProcessIsNoticedAtOnce() throws Exception {
        process.destroyForcibly();
        assertThat(next(endpoint.inbox.ends, "the end")).containsAnyOf("closed the connection", "was lost");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
