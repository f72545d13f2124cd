package io.colla.worker;

import static io.colla.worker.WorkerKit.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.TaskFunction;
import io.colla.platform.NodeShare;
import io.colla.transport.Acceptor;
import io.colla.transport.Connection;
import io.colla.transport.Limits;
import io.colla.transport.MessageHandler;
import io.colla.transport.PortRange;
import io.colla.transport.RunSecret;
import io.colla.wire.Message;
import io.colla.wire.Message.Argument;
import io.colla.wire.MessageCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker JVM and a master that only listens. */
@Tag("process")
class WorkerProcessTest {
    private static final long PATIENCE = 30;

    @TempDir
    Path folder;

    private final RunSecret secret = RunSecret.create();
    private final LinkedBlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private volatile Connection worker;
    private Acceptor acceptor;
    private Process process;
    private Path scratch;

    @BeforeEach
    void start() throws Exception {
        scratch = Files.createDirectory(folder.resolve("scratch"));
        Path runFolder = Files.createDirectory(folder.resolve("run"));
        Files.createFile(runFolder.resolve(".seen"));
        acceptor = Acceptor.open(
                List.of("127.0.0.1"),
                PortRange.ANY,
                secret,
                new MessageCodec(Bootstrap.bodies(getClass().getClassLoader())),
                Limits.DEFAULT,
                null,
                new Listener());
        Bootstrap bootstrap = new Bootstrap(
                List.of("127.0.0.1"),
                acceptor.port(),
                secret.toHex(),
                runFolder,
                ".seen",
                List.of(),
                scratch,
                Duration.ofSeconds(2),
                true,
                PortRange.ANY,
                List.of(),
                "",
                List.of(new NodeShare("other", 1, 0), new NodeShare("me", 1, 0)));
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        WorkerProcess.class.getName(),
                        "--node",
                        "me")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        process.getOutputStream().write(bootstrap.toBytes());
        process.getOutputStream().flush();
    }

    private final class Listener implements Acceptor.Listener, MessageHandler {
        @Override
        public MessageHandler accepted(Connection connection) {
            worker = connection;
            return this;
        }

        @Override
        public void refused(String remote, String reason) {}

        @Override
        public void received(Connection connection, List<Message> frame) {
            received.addAll(frame);
        }

        @Override
        public void closed(Connection connection, String reason) {}
    }

    @AfterEach
    void stop() throws Exception {
        process.destroyForcibly().waitFor();
        if (worker != null) {
            worker.abort("the test is over");
        }
        acceptor.close();
    }

    private <M extends Message> M await(Class<M> type) throws Exception {
        List<Message> others = new ArrayList<>();
        while (true) {
            Message message = received.poll(PATIENCE, TimeUnit.SECONDS);
            assertThat(message)
                    .as("waiting for %s; before came %s; the worker said: %s", type.getSimpleName(), others, log())
                    .isNotNull();
            if (type.isInstance(message)) {
                return type.cast(message);
            }
            others.add(message);
        }
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private void send(Message... messages) {
        for (Message message : messages) {
            worker.append(message);
        }
        worker.flush();
    }

    private Message.Define definition(TaskFunction function) {
        return new Message.Define(0, JavaFunctions.definition(function).definition());
    }

    private void assertEnded(int exitCode) throws Exception {
        assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS))
                .as("the worker ends")
                .isTrue();
        assertThat(process.exitValue()).as(log()).isEqualTo(exitCode);
        try (var left = Files.list(scratch)) {
            assertThat(left).isEmpty();
        }
    }

    static void waitForInterrupt() throws InterruptedException {
        new java.util.concurrent.CountDownLatch(1).await(PATIENCE, TimeUnit.SECONDS);
    }

    @Test
    void itRegistersRunsTasksAndEndsAsTold() throws Exception {
        Message.Register register = await(Message.Register.class);
        assertThat(register.node()).isEqualTo("me");
        assertThat(register.cores()).isEqualTo(1);
        assertThat(register.memory()).isPositive();
        assertThat(register.sharesRunFolder()).isTrue();
        assertThat(register.pid()).isEqualTo(process.pid());

        send(
                definition((TaskFunction.F1<Integer, Integer>) n -> n + 1),
                run(1, 0, 0, List.of(new Argument.Value(41)), WorkerKit.result(5)));
        assertThat(await(Message.Finished.class).outputs().get(0).value()).isEqualTo(42);

        send(new Message.Shutdown("the test is over"));
        assertEnded(0);
    }

    @Test
    void itEndsWhenItsLauncherIsGoneThoughATaskRuns() throws Exception {
        await(Message.Register.class);
        send(definition((TaskFunction.A0) WorkerProcessTest::waitForInterrupt), run(1, 0, -1, List.of()));
        await(Message.Began.class);
        process.getOutputStream().close();
        assertThat(await(Message.Leaving.class).reason()).isEqualTo("its launcher is gone");
        assertEnded(1);
    }

    @Test
    void itEndsWhenItsMasterIsGone() throws Exception {
        await(Message.Register.class);
        worker.abort("test");
        assertEnded(1);
        assertThat(log()).contains("its master is gone");
    }

    @Test
    void itEndsInOrderOnSigterm() throws Exception {
        await(Message.Register.class);
        send(definition((TaskFunction.A0) WorkerProcessTest::waitForInterrupt), run(1, 0, -1, List.of()));
        await(Message.Began.class);
        process.destroy();
        await(Message.Leaving.class);
        assertEnded(143);
    }

    @Test
    void aTaskThatCallsExitFailsAndTheWorkerLeavesInOrder() throws Exception {
        await(Message.Register.class);
        send(definition((TaskFunction.A0) () -> System.exit(3)), run(1, 0, -1, List.of()));
        Message.Failed failed = await(Message.Failed.class);
        assertThat(failed.message()).isEqualTo("the task called System.exit; a task must return or throw");
        assertThat(failed.retriable()).isFalse();
        await(Message.Leaving.class);
        assertEnded(3);
    }

    static void spinUntilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void itAnswersPingsWhileAllItsCoresAreBusy() throws Exception {
        await(Message.Register.class);
        send(definition((TaskFunction.A0) WorkerProcessTest::spinUntilInterrupted), run(1, 0, -1, List.of()));
        await(Message.Began.class);
        for (long sent = 1; sent <= 3; sent++) {
            send(new Message.Ping(sent));
            assertThat(await(Message.Pong.class).sent()).isEqualTo(sent);
        }
    }

    @Test
    void itEndsWhenItsMasterSaysNothingThoughConnected() throws Exception {
        await(Message.Register.class);
        assertEnded(1);
        assertThat(log()).contains("its master has been silent for");
    }
}
