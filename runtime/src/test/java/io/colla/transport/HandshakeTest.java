package io.colla.transport;

import static io.colla.transport.Endpoint.SOON;
import static io.colla.transport.Endpoint.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.colla.transport.Endpoint.Inbox;
import io.colla.wire.Message;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    @Test
    void anotherSecretIsRefusedOnBothSidesWithAReason() throws Exception {
        try (Endpoint other = new Endpoint()) {
            assertThatThrownBy(() -> Connector.connect(
                            other.peer(), RunSecret.create(), other.codec, other.limits, SOON, new Inbox()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot connect to the master, port " + other.acceptor.port()
                            + ": 127.0.0.1: it refused: the run's secret is another");
            assertThat(next(other.refused, "a refusal")).isEqualTo("it does not know the run's secret");
            assertThat(other.accepted).isEmpty();
            stillWorks(other);
        }
    }

    @Test
    void anotherProtocolIsNamedOnBothSides() throws Exception {
        try (Endpoint other = new Endpoint()) {
            try (Link link = link(other)) {
                Handshake handshake = new Handshake(link, other.secret, Link.in(SOON), Message.PROTOCOL + 1);
                assertThatThrownBy(() -> handshake.connect(Purpose.CONTROL))
                        .hasMessageContaining("speaks protocol " + Message.PROTOCOL + ",");
            }
            assertThat(next(other.refused, "a refusal"))
                    .isEqualTo("the peer speaks protocol " + (Message.PROTOCOL + 1) + ", this process protocol "
                            + Message.PROTOCOL + ": start both from the same release of Colla");
        }
    }

    @Test
    void aPortScanIsReportedAndDoesNoHarm() throws Exception {
        try (Endpoint other = new Endpoint(RunSecret.create(), Endpoint.impatient(), null)) {
            other.rawSocket().close();
            assertThat(next(other.refused, "a refusal")).contains("closed the connection before");
            try (Socket silent = other.rawSocket()) {
                assertThat(next(other.refused, "a refusal")).contains("did not prove in time");
                assertThat(silent.getInputStream().read()).isEqualTo(-1);
            }
            stillWorks(other);
        }
    }

    @Test
    void garbageBeforeTheHandshakeIsRefused() throws Exception {
        try (Endpoint other = new Endpoint()) {
            try (Socket socket = other.rawSocket()) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());
                assertThat(next(other.refused, "a refusal")).contains("a frame of 1195725856 bytes");
            }
            try (Socket socket = other.rawSocket()) {
                socket.getOutputStream().write(new byte[] {(byte) 0xC0, 0, 0, 0});
                assertThat(next(other.refused, "a refusal")).contains("a frame of 3221225472 bytes");
            }
            try (Socket socket = other.rawSocket()) {
                socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 1, 2, 3, 4});
                assertThat(next(other.refused, "a refusal")).isEqualTo("it is not a process of Colla");
            }
            stillWorks(other);
        }
    }

    @Test
    void slowPeersAreThrownOutAndNeverKeepAGoodOneOut() throws Exception {
        List<Socket> slow = new ArrayList<>();
        Limits limits = new Limits(
                1 << 20,
                1 << 20,
                Duration.ofSeconds(60),
                4,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                2);
        try (Endpoint other = new Endpoint(RunSecret.create(), limits, null)) {
            for (int i = 0; i < 6; i++) {
                Socket socket = other.rawSocket();
                socket.getOutputStream().write(0);
                slow.add(socket);
            }
            stillWorks(other);
            assertThat(next(other.refused, "a refusal")).isEqualTo("it was slow while many others came");
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void aMirrorIsNotTakenForAPeer() throws Exception {
        try (ServerSocket mirror = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Void> done = CompletableFuture.runAsync(() -> reflect(mirror));
            Peer peer = new Peer("the master", List.of("127.0.0.1"), mirror.getLocalPort());
            assertThatThrownBy(() -> Connector.open(peer, Purpose.CONTROL, RunSecret.create(), Limits.DEFAULT, SOON))
                    .hasMessageContaining("it sends back what it gets");
            done.get(10, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    private static void reflect(ServerSocket mirror) {
        try (Socket socket = mirror.accept()) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // The other side has had enough.
        }
    }

    /** The mirror changes the letter of the side, and so looks like an acceptor; the proof it sends back is the initiator's all the same. */
    @Test
    void aProofSentBackProvesNothing() throws Exception {
        try (ServerSocket attacker = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Void> done = CompletableFuture.runAsync(() -> {
                try (Socket socket = attacker.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    byte[] hello = in.readNBytes(in.readInt());
                    hello[8] = 'A';
                    hello[20] ^= 1;
                    frame(out, hello);
                    byte[] proof = in.readNBytes(in.readInt());
                    byte[] granted = new byte[proof.length + 1];
                    System.arraycopy(proof, 0, granted, 1, proof.length);
                    frame(out, granted);
                    in.read();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            Peer peer = new Peer("the master", List.of("127.0.0.1"), attacker.getLocalPort());
            assertThatThrownBy(() -> Connector.open(peer, Purpose.CONTROL, RunSecret.create(), Limits.DEFAULT, SOON))
                    .hasMessageContaining("it does not know the run's secret");
            done.get(10, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    /** Someone recorded all that an honest initiator once sent, and sends it again. */
    @Test
    void aReplayProvesNothing() throws Exception {
        try (Endpoint other = new Endpoint()) {
            byte[] hello;
            byte[] proof;
            try (Socket honest = other.rawSocket()) {
                DataInputStream in = new DataInputStream(honest.getInputStream());
                DataOutputStream out = new DataOutputStream(honest.getOutputStream());
                byte[] nonce = new byte[32];
                hello = hello(nonce);
                frame(out, hello);
                byte[] answer = in.readNBytes(in.readInt());
                byte[] head = {0, 0, 0, Message.PROTOCOL, 'I', 1};
                byte[] theirs = java.util.Arrays.copyOfRange(answer, 10, 42);
                proof = other.secret.prove("colla handshake".getBytes(), head, nonce, theirs);
                frame(out, proof);
                assertThat(in.readNBytes(in.readInt())[0]).isZero();
                next(other.accepted, "the honest connection");
            }
            try (Socket replay = other.rawSocket()) {
                DataInputStream in = new DataInputStream(replay.getInputStream());
                DataOutputStream out = new DataOutputStream(replay.getOutputStream());
                frame(out, hello);
                in.readNBytes(in.readInt());
                frame(out, proof);
                assertThat(in.readNBytes(in.readInt())[0]).isEqualTo((byte) 1);
            }
            assertThat(next(other.refused, "a refusal")).isEqualTo("it does not know the run's secret");
        }
    }

    private static byte[] hello(byte[] nonce) {
        byte[] hello = new byte[42];
        System.arraycopy("COLL".getBytes(), 0, hello, 0, 4);
        hello[7] = Message.PROTOCOL;
        hello[8] = 'I';
        hello[9] = 1;
        System.arraycopy(nonce, 0, hello, 10, 32);
        return hello;
    }

    private static void frame(DataOutputStream out, byte[] bytes) throws IOException {
        byte[] frame = new byte[4 + bytes.length];
        frame[3] = (byte) bytes.length;
        System.arraycopy(bytes, 0, frame, 4, bytes.length);
        out.write(frame);
    }

    @Test
    void theFirstAddressThatProvesItselfWinsAndTheOthersAreNamed() throws Exception {
        try (Endpoint other = new Endpoint()) {
            int port = other.acceptor.port();
            Peer good = new Peer("the master", List.of("no-such-host.invalid", "127.0.0.2", "127.0.0.1"), port);
            Connection connection = Connector.connect(good, other.secret, other.codec, other.limits, SOON, new Inbox());
            connection.close("done");
            Peer bad = new Peer("the master", List.of("127.0.0.2", "127.0.0.3"), port);
            assertThatThrownBy(() -> Connector.connect(bad, other.secret, other.codec, other.limits, SOON, new Inbox()))
                    .hasMessageStartingWith("cannot connect to the master, port " + port + ": ")
                    .hasMessageContaining("127.0.0.2: nobody listens there")
                    .hasMessageContaining("127.0.0.3: nobody listens there");
        }
    }

    @Test
    void aPeerThatNeverAnswersCostsItsDeadline() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Peer peer = new Peer("the master", List.of("127.0.0.1"), silent.getLocalPort());
            assertThatThrownBy(() -> Connector.open(peer, Purpose.DATA, RunSecret.create(), Endpoint.impatient(), SOON))
                    .hasMessageContaining("it did not answer the handshake in time");
        }
    }

    @Test
    void closingTheAcceptorEndsAllItsThreads() throws Exception {
        Endpoint other = new Endpoint();
        try (Socket silent = other.rawSocket()) {
            String mine = ":" + silent.getLocalPort();
            await().atMost(SOON).until(() -> threads(mine) == 1);
            other.close();
            await().atMost(SOON).until(() -> threads(mine) == 0 && threads("-" + other.acceptor.port()) == 0);
        }
    }

    private static long threads(String end) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("colla-")
                        && thread.getName().endsWith(end))
                .count();
    }

    private static void stillWorks(Endpoint other) throws Exception {
        Connection connection =
                Connector.connect(other.peer(), other.secret, other.codec, Limits.DEFAULT, SOON, new Inbox());
        connection.send(new Message.Fetched(5));
        assertThat(next(other.inbox.messages, "a message")).isEqualTo(new Message.Fetched(5));
        connection.close("done");
        next(other.accepted, "the connection");
    }

    private static Link link(Endpoint other) throws IOException {
        return new Link(SocketChannel.open(new java.net.InetSocketAddress("127.0.0.1", other.acceptor.port())));
    }
}
