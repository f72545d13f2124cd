package io.colla.transport;

import io.colla.wire.Message;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** Round trips, messages and bytes per second between two ends on loopback. Run by hand: it prints, and asserts nothing. */
final class TransportBenchmark {
    private TransportBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        for (int round = 0; round < 3; round++) {
            System.out.printf(Locale.ROOT, "round trip, flush:        %s%n", roundTrip(true));
            System.out.printf(Locale.ROOT, "round trip, writer only:  %s%n", roundTrip(false));
            System.out.printf(Locale.ROOT, "round trip, two JVMs:     %s%n", twoProcesses());
            System.out.printf(Locale.ROOT, "messages, batches of 100: %.2f M/s%n", messages(100) / 1e6);
            System.out.printf(Locale.ROOT, "messages, send each:      %.2f M/s%n", messages(0) / 1e6);
            System.out.printf(Locale.ROOT, "Run messages, by 100:     %.2f M/s%n", runs(100) / 1e6);
            System.out.printf(Locale.ROOT, "file of 1 GiB:            %.2f GB/s%n", file() / 1e9);
        }
    }

    private static String roundTrip(boolean inline) throws Exception {
        int rounds = 20_000;
        long[] times = new long[rounds];
        CountDownLatch done = new CountDownLatch(1);
        try (Endpoint other = new Endpoint()) {
            other.handler = handler((connection, frame) -> {
                for (Message message : frame) {
                    post(connection, message, inline);
                }
            });
            int[] round = {0};
            long[] sent = {0};
            Connection mine = other.connect(handler((connection, frame) -> {
                times[round[0]++] = System.nanoTime() - sent[0];
                if (round[0] == rounds) {
                    done.countDown();
                } else {
                    sent[0] = System.nanoTime();
                    post(connection, new Message.Fetched(round[0]), inline);
                }
            }));
            sent[0] = System.nanoTime();
            post(mine, new Message.Fetched(0), inline);
            done.await();
            mine.close("done");
        }
        Arrays.sort(times);
        return String.format(
                Locale.ROOT, "median %.1f us, 99 %% %.1f us", times[rounds / 2] / 1e3, times[rounds * 99 / 100] / 1e3);
    }

    private static String twoProcesses() throws Exception {
        int rounds = 40_000;
        long[] times = new long[rounds];
        CountDownLatch done = new CountDownLatch(1);
        try (Endpoint here = new Endpoint()) {
            int[] round = {0};
            long[] sent = {0};
            here.handler = handler((connection, frame) -> {
                times[round[0]++] = System.nanoTime() - sent[0];
                if (round[0] == rounds) {
                    done.countDown();
                } else {
                    sent[0] = System.nanoTime();
                    post(connection, new Message.Ping(round[0]), true);
                }
            });
            Process process = EchoProcess.start(here);
            Connection connection = Endpoint.next(here.accepted, "the other process");
            sent[0] = System.nanoTime();
            post(connection, new Message.Ping(0), true);
            done.await();
            connection.close("done");
            process.waitFor();
        }
        Arrays.sort(times);
        return String.format(
                Locale.ROOT, "median %.1f us, 99 %% %.1f us", times[rounds / 2] / 1e3, times[rounds * 99 / 100] / 1e3);
    }

    private static void post(Connection connection, Message message, boolean inline) {
        if (inline) {
            connection.append(message);
            connection.flush();
        } else {
            connection.send(message);
        }
    }

    private static double messages(int batch) throws Exception {
        return throughput(batch, new Message.Began(123_456, 1));
    }

    private static double runs(int batch) throws Exception {
        return throughput(
                batch,
                new Message.Run(
                        123_456,
                        1,
                        3,
                        0,
                        0,
                        new Message.Needs(1, 0, java.util.Map.of()),
                        List.of(),
                        0,
                        List.of(new Message.Argument.Value(42)),
                        List.of(new Message.Access(
                                io.colla.api.Direction.OUT,
                                -1,
                                1_000_000,
                                Message.Mode.KEEP,
                                null,
                                false,
                                null,
                                List.of(),
                                null)),
                        0));
    }

    private static double throughput(int batch, Message message) throws Exception {
        int total = 2_000_000;
        CountDownLatch done = new CountDownLatch(1);
        try (Endpoint other = new Endpoint()) {
            int[] got = {0};
            other.handler = handler((connection, frame) -> {
                got[0] += frame.size();
                if (got[0] == total) {
                    done.countDown();
                }
            });
            Connection mine = other.connect(new Endpoint.Inbox());
            long start = System.nanoTime();
            for (int i = 1; i <= total; i++) {
                if (batch == 0) {
                    mine.send(message);
                } else {
                    mine.append(message);
                    if (i % batch == 0) {
                        mine.flush();
                    }
                }
                while (mine.outgoingBytes() > 16 << 20) {
                    Thread.onSpinWait();
                }
            }
            mine.flush();
            done.await();
            double seconds = (System.nanoTime() - start) / 1e9;
            mine.close("done");
            return total / seconds;
        }
    }

    private static double file() throws Exception {
        long length = 1L << 30;
        Path file = Files.createTempFile("colla-benchmark", ".bin");
        RunSecret secret = RunSecret.create();
        TestContents contents = new TestContents();
        try (Endpoint server = new Endpoint(secret, Limits.DEFAULT, contents);
                DataClient client = new DataClient(secret, Limits.DEFAULT)) {
            byte[] block = new byte[1 << 20];
            new java.util.Random(1).nextBytes(block);
            try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                for (long at = 0; at < length; at += block.length) {
                    out.write(block);
                }
            }
            contents.put(1, file, length);
            client.fetch(1, server.source(), new TestSink(false));
            long start = System.nanoTime();
            client.fetch(1, server.source(), new TestSink(false));
            return length / ((System.nanoTime() - start) / 1e9);
        } finally {
            Files.delete(file);
        }
    }

    private interface Receiver {
        void received(Connection connection, List<Message> frame);
    }

    private static MessageHandler handler(Receiver receiver) {
        return new MessageHandler() {
            @Override
            public void received(Connection connection, List<Message> frame) {
                receiver.received(connection, frame);
            }

            @Override
            public void closed(Connection connection, String reason) {}
        };
    }
}
