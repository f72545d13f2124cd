package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.NodeShare;
import io.colla.transport.PortRange;
import io.colla.worker.Bootstrap;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections to the master's port that do not belong there, while tasks run: they are refused, and the run does not mind. */
@Tag("process")
@Timeout(120)
class StrangersTest extends ThisMachine {
    private static final int CONNECTIONS = 150; // more than may be in their handshake at once
    private static final int HELLO = 4 + 4 + 1 + 1 + 32;

    private Launched run;
    private int port;

    @BeforeEach
    void begin() throws IOException {
        run = application(List.of("--workers", "local:1"), "Chains", work, 1, 4);
        run.awaitFiles(work, "began-*", 1);
        port = listening(mark.processes(Marked.Found::isLauncher).get(0).pid());
    }

    @AfterEach
    void theRunIsAsBefore() throws IOException {
        Files.createFile(work.resolve("go"));
        run.await().hasCode(0).prints("the result is right");
        assertThat(Files.readString(work.resolve("colla-runs/latest/run.log"))).contains("was refused: ");
    }

    /** The port on which a process listens. */
    private static int listening(long pid) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : files) {
                String target = Files.isSymbolicLink(file)
                        ? Files.readSymbolicLink(file).toString()
                        : "";
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring(8, target.length() - 1));
                }
            }
        }
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length > 9 && fields[3].equals("0A") && inodes.contains(fields[9])) {
                    return Integer.parseInt(fields[1].substring(fields[1].lastIndexOf(':') + 1), 16);
                }
            }
        }
        throw new IllegalStateException("process " + pid + " does not listen");
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(15_000);
        return socket;
    }

    /** Reads up to the end of the connection, which the master must bring about. */
    private static void awaitClosed(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                continue;
            }
        } catch (SocketException reset) {
            return;
        }
    }

    @Test
    void aPortScan() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                connect().close();
                silent.add(connect());
            }
            for (Socket socket : silent) {
                awaitClosed(socket);
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void garbage() throws IOException {
        byte[] garbage = new byte[100_000];
        new Random(7).nextBytes(garbage);
        garbage[0] = 0; // a short frame, as its length says
        garbage[1] = 0;
        try (Socket socket = connect()) {
            socket.getOutputStream().write(garbage);
            awaitClosed(socket);
        } catch (SocketException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
        }
    }

    @Test
    void aFrameOfThreeGibibytes() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(new byte[] {(byte) 0xC0, 0, 0, 0, 1, 2, 3, 4});
            awaitClosed(socket);
        }
    }

    @Test
    void anotherSecret() throws IOException {
        try (Socket socket = connect()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] hello = new byte[HELLO];
            byte[] magic = "COLL".getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(magic, 0, hello, 0, 4);
            hello[7] = (byte) protocol();
            hello[8] = 'I';
            hello[9] = 1;
            out.writeInt(HELLO);
            out.write(hello);
            out.flush();
            byte[] theirs = in.readNBytes(in.readInt());
            assertThat(theirs).startsWith(magic).hasSize(HELLO);
            out.writeInt(32);
            out.write(new byte[32]);
            out.flush();
            byte[] answer = in.readNBytes(in.readInt());
            assertThat(answer[0]).as("refusal").isEqualTo((byte) 1);
            assertThat(new String(answer, StandardCharsets.UTF_8)).contains("the run's secret is another");
            awaitClosed(socket);
        } catch (EOFException e) {
            throw new AssertionError("closed without a word", e);
        }
    }

    /** The protocol's number is told to everyone who asks, in the answer to any well-formed hello. */
    private int protocol() throws IOException {
        try (Socket socket = connect()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] hello = new byte[HELLO];
            System.arraycopy("COLL".getBytes(StandardCharsets.US_ASCII), 0, hello, 0, 4);
            hello[8] = 'I';
            hello[9] = 1;
            out.writeInt(HELLO);
            out.write(hello);
            out.flush();
            byte[] theirs = in.readNBytes(in.readInt());
            return theirs[7];
        }
    }

    /** A whole worker with a wrong secret: it says so, and ends. */
    @Test
    void aWorkerOfAnotherRun() throws Exception {
        Bootstrap told = new Bootstrap(
                List.of("127.0.0.1"),
                port,
                "ab".repeat(32),
                work,
                "x",
                List.of(),
                temporary,
                Duration.ofSeconds(2),
                true,
                PortRange.ANY,
                List.of(),
                "",
                List.of(new NodeShare("local-1", 1, 100_000_000)));
        Path input = Files.write(folder.resolve("bootstrap"), told.toBytes());
        start(List.of("sh", "-c", "exec \"$0\" worker --node local-1 <\"$1\"", Home.command(), input.toString()))
                .await()
                .hasCode(2)
                .says("the run's secret is another");
    }
}
