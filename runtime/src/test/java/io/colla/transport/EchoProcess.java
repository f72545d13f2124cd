package io.colla.transport;

import io.colla.wire.Message;
import io.colla.wire.MessageCodec;
import io.colla.wire.TestBodies;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process that connects to a port on loopback, with the secret from its standard input, and sends all messages back. */
final class EchoProcess {
    private EchoProcess() {}

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        RunSecret secret = RunSecret.parse(in.readLine());
        Peer peer = new Peer("the test", List.of("127.0.0.1"), Integer.parseInt(arguments[0]));
        CountDownLatch end = new CountDownLatch(1);
        Connector.connect(
                peer,
                secret,
                new MessageCodec(new TestBodies()),
                Limits.DEFAULT,
                Duration.ofSeconds(10),
                new MessageHandler() {
                    @Override
                    public void received(Connection connection, List<Message> frame) {
                        frame.forEach(connection::append);
                        connection.flush();
                    }

                    @Override
                    public void closed(Connection connection, String reason) {
                        end.countDown();
                    }
                });
        end.await();
    }

    static Process start(Endpoint endpoint) throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoProcess.class.getName(),
                        Integer.toString(endpoint.acceptor.port()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().write((endpoint.secret.toHex() + "\n").getBytes());
        process.getOutputStream().flush();
        return process;
    }
}
