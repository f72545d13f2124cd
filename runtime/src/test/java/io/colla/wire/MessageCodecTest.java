package io.colla.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private final MessageCodec codec = new MessageCodec(new TestBodies());

    @Test
    void everyKindOfMessageIsTested() {
        assertThat(new RandomMessages(1).makers().keySet()).isEqualTo(kinds(Message.class));
    }

    private static Set<Class<?>> kinds(Class<?> type) {
        if (!type.isSealed()) {
            return Set.of(type);
        }
        Set<Class<?>> kinds = new HashSet<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            kinds.addAll(kinds(permitted));
        }
        return kinds;
    }

    @Test
    void everyMessageComesOutAsItWentIn() throws Exception {
        for (long seed = 0; seed < 30; seed++) {
            RandomMessages messages = new RandomMessages(seed);
            for (Map.Entry<Class<? extends Message>, Supplier<Message>> each :
                    messages.makers().entrySet()) {
                Message message = each.getValue().get();
                FrameWriter out = write(message);
                List<Message> read = codec.readFrame(out.array(), 0, out.size());
                assertThat(read)
                        .as("seed %d", seed)
                        .usingRecursiveFieldByFieldElementComparator(RecursiveComparisonConfiguration.builder()
                                .withStrictTypeChecking(false)
                                .build())
                        .containsExactly(message);
            }
        }
    }

    @Test
    void writingWhatWasReadGivesTheSameBytes() throws Exception {
        for (long seed = 100; seed < 1100; seed++) {
            RandomMessages messages = new RandomMessages(seed);
            FrameWriter out = new FrameWriter(16);
            List<Message> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                sent.add(messages.any());
                codec.write(sent.get(i), out);
            }
            List<Message> read = codec.readFrame(out.array(), 0, out.size());
            assertThat(read).as("seed %d", seed).hasSameSizeAs(sent);
            FrameWriter again = new FrameWriter(16);
            read.forEach(message -> codec.write(message, again));
            assertThat(bytes(again)).as("seed %d", seed).isEqualTo(bytes(out));
        }
    }

    /** If the format was meant to change: raise {@link Message#PROTOCOL}, and run with -Dcolla.golden=write once. */
    @Test
    void theFormatIsTheOneOfTheGoldenFiles() throws Exception {
        StringBuilder now = new StringBuilder("protocol " + Message.PROTOCOL + "\n");
        for (Map.Entry<Class<? extends Message>, Supplier<Message>> each :
                new RandomMessages(20261123).makers().entrySet()) {
            now.append(each.getKey().getSimpleName()).append('\n');
            for (int i = 0; i < 3; i++) {
                now.append("  ")
                        .append(HexFormat.of()
                                .formatHex(bytes(write(each.getValue().get()))));
                now.append('\n');
            }
        }
        if ("write".equals(System.getProperty("colla.golden"))) {
            Files.writeString(Path.of("src/test/resources/io/colla/wire/frames.txt"), now);
        }
        try (InputStream golden = MessageCodecTest.class.getResourceAsStream("frames.txt")) {
            assertThat(golden).as("golden file frames.txt").isNotNull();
            assertThat(now).hasToString(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void damagedFramesAreRefusedWithASentence() {
        Random random = new Random(4711);
        RandomMessages messages = new RandomMessages(4711);
        int refused = 0;
        byte[] frame = new byte[1];
        for (int i = 0; i < 100_000; i++) {
            if (i % 20 == 0) {
                FrameWriter out = write(messages.any());
                if (random.nextBoolean()) {
                    codec.write(messages.any(), out);
                }
                frame = bytes(out);
            }
            byte[] damaged = damage(frame, random);
            try {
                codec.readFrame(damaged, 0, damaged.length);
            } catch (ProtocolException e) {
                refused += e.getMessage().isBlank() ? 0 : 1;
            } catch (Throwable e) {
                fail("round " + i + ", frame " + HexFormat.of().formatHex(damaged), e);
            }
        }
        assertThat(refused).isGreaterThan(30_000);
    }

    private static byte[] damage(byte[] frame, Random random) {
        byte[] damaged = frame.clone();
        if (random.nextInt(4) == 0) {
            return java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length));
        }
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            int at = random.nextInt(damaged.length);
            damaged[at] = (byte) (random.nextBoolean() ? random.nextInt() : damaged[at] ^ 1 << random.nextInt(8));
        }
        return damaged;
    }

    @Test
    void aTruncatedMessageIsNeverTakenForAWholeOne() {
        for (Supplier<Message> maker : new RandomMessages(5).makers().values()) {
            byte[] frame = bytes(write(maker.get()));
            for (int length = 0; length < frame.length; length++) {
                int shorter = length;
                assertThatThrownBy(() -> codec.readFrame(frame, 0, shorter)).isInstanceOf(ProtocolException.class);
            }
        }
    }

    @Test
    void anEnormousCountAllocatesNothing() {
        FrameWriter out = new FrameWriter(16);
        out.octet(8);
        out.number(Integer.MAX_VALUE);
        out.octet(1);
        assertThatThrownBy(() -> codec.readFrame(out.array(), 0, out.size()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("Drop")
                .hasMessageContaining("2147483647 elements cannot follow in 1 bytes");
    }

    @Test
    void aWorkerOfAnotherProtocolIsToldApartByBothNumbers() {
        FrameWriter out = new FrameWriter(16);
        out.octet(32);
        out.number(Message.PROTOCOL + 6);
        assertThatThrownBy(() -> codec.readFrame(out.array(), 0, out.size()))
                .hasMessage("the peer speaks protocol " + (Message.PROTOCOL + 6) + ", this process protocol "
                        + Message.PROTOCOL + ": start both from the same release of Colla");
    }

    @Test
    void aValueOfAnyOtherClassIsRefusedBeforeItIsSent() {
        Message message =
                new Message.Finished(1, 1, 1, List.of(new Message.Output(1, 1, true, new java.math.BigDecimal(1))));
        assertThatThrownBy(() -> write(message))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.math.BigDecimal");
    }

    @Test
    void aBodyThatCannotBeReadIsNamed() {
        MessageCodec other = new MessageCodec(new BodyCodec() {
            @Override
            public byte[] write(java.io.Serializable body) {
                return new byte[0];
            }

            @Override
            public java.io.Serializable read(byte[] bytes) throws ClassNotFoundException {
                throw new ClassNotFoundException("my.Task");
            }
        });
        byte[] frame = bytes(write(new Message.Define(
                1,
                new io.colla.platform.TaskDefinition(
                        "f", List.of(), List.of(new io.colla.platform.TaskDefinition.Implementation("java", "b"))))));
        assertThatThrownBy(() -> other.readFrame(frame, 0, frame.length))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("my.Task");
    }

    @Test
    void aSmallTaskTakesFewBytes() {
        Message run = new Message.Run(
                1_000_000,
                1,
                3,
                0,
                0,
                new Message.Needs(1, 0, Map.of()),
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
                0);
        assertThat(write(run).size()).isLessThanOrEqualTo(28);
    }

    private FrameWriter write(Message message) {
        FrameWriter out = new FrameWriter(16);
        codec.write(message, out);
        return out;
    }

    private static byte[] bytes(FrameWriter out) {
        return java.util.Arrays.copyOf(out.array(), out.size());
    }
}
