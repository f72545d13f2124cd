package io.colla.python.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.python.FrameOutput;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExecutorLinkTest {
    private static final int TYPE = 6;

    @TempDir
    Path folder;

    private SocketChannel other;
    private ExecutorLink link;

    @BeforeEach
    void connect() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            other = SocketChannel.open(address);
            link = new ExecutorLink(server.accept());
        }
    }

    @AfterEach
    void disconnect() throws IOException {
        link.close();
        other.close();
    }

    private void frameComes() throws IOException {
        FrameOutput frame = new FrameOutput(64);
        frame.begin(TYPE).u32(1).end();
        other.write(frame.written());
    }

    /** What it was woken for, an answer of the master's, would else be looked for with the next frame only, which may wait for that answer. */
    @Test
    void isWokenAlsoWhenAFrameComesAtThatMoment() throws IOException {
        frameComes();
        link.wakeUp();
        assertThat(List.of(link.next(), link.next())).containsExactlyInAnyOrder(TYPE, -1);
    }

    @Test
    void isWokenAlsoWhenAnInterruptComesAtThatMoment() throws IOException {
        Thread.currentThread().interrupt();
        link.wakeUp();
        assertThat(link.next()).isEqualTo(-1);
    }

    @Test
    void isWokenOnce() throws IOException {
        link.wakeUp();
        assertThat(link.next()).isEqualTo(-1);
        frameComes();
        assertThat(link.next()).isEqualTo(TYPE);
    }

    @Test
    void waitsNoLongerThanItShould() throws IOException {
        long before = System.nanoTime();
        assertThat(link.next(50)).isEqualTo(-1);
        assertThat(System.nanoTime() - before).isBetween(50_000_000L, 10_000_000_000L);
    }
}
