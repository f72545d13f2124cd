package io.colla.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.worker.store.Blob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final List<Object> VALUES = Arrays.asList(
            null,
            false,
            true,
            -5L,
            Long.MIN_VALUE,
            2.5,
            Double.NaN,
            "",
            "Grüße 🙂",
            new Blob.Inline(new byte[] {1, 2, 3}),
            new Blob.Mapped(Path.of("/dev/shm/x/12-3"), 5_000_000_000L),
            Path.of("/data/in.txt"),
            Nothing.NOTHING);

    private static byte[] bytes(FrameOutput out) {
        byte[] bytes = new byte[out.size()];
        out.written().get(bytes);
        return bytes;
    }

    private static FrameInput input(byte[] bytes) throws IOException {
        FrameInput in = new FrameInput(1 << 16);
        ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(bytes));
        while (in.fill(channel) > 0) {
            // Until its end.
        }
        return in;
    }

    @Test
    void valuesComeOutAsTheyWentIn() throws IOException {
        FrameOutput out = new FrameOutput(8);
        for (Object value : VALUES) {
            out.begin(7).u32(-1).value(value).end();
        }
        FrameInput in = input(bytes(out));
        for (Object value : VALUES) {
            assertThat(in.next()).isEqualTo(7);
            assertThat(in.u32()).isEqualTo(-1);
            assertThat(in.value()).isEqualTo(value);
            assertThat(in.remaining()).isZero();
        }
        assertThat(in.next()).isEqualTo(-1);
    }

    @Test
    void theFormIsThatOfTheProtocol() {
        FrameOutput out = new FrameOutput(8);
        out.begin(3)
                .u8(1)
                .u16(0x0203)
                .u64(4)
                .string("ab")
                .value(5L)
                .value(new Blob.Inline(new byte[] {9}))
                .end();
        assertThat(HexFormat.of().formatHex(bytes(out)))
                .isEqualTo("21000000" + "03" + "01" + "0302" + "0400000000000000" + "020000006162"
                        + "030500000000000000" + "060100000009");
    }

    @Test
    void numbersAndTextsOfJavaBecomeThoseOfPython() throws IOException {
        FrameOutput out = new FrameOutput(8);
        out.begin(1).value(7).value((short) 8).value(1.5f).value('x').end();
        FrameInput in = input(bytes(out));
        in.next();
        assertThat(List.of(in.value(), in.value(), in.value(), in.value())).isEqualTo(List.of(7L, 8L, 1.5, "x"));
    }

    @Test
    void anObjectOfJavaIsRefusedByName() {
        FrameOutput out = new FrameOutput(8);
        out.begin(2).u8(1).end();
        byte[] before = bytes(out);
        out.begin(1);
        assertThatThrownBy(() -> out.value(new StringBuilder())).hasMessageContaining("java.lang.StringBuilder");
        out.cancel();
        assertThat(bytes(out)).isEqualTo(before);
    }

    @Test
    void framesThatComeInPiecesAreWaitedFor() throws IOException {
        Random random = new Random(4711);
        FrameOutput out = new FrameOutput(8);
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] body = new byte[random.nextInt(i % 50 == 0 ? 3_000_000 : 300)];
            random.nextBytes(body);
            sent.add(body);
            out.begin(i).bytes(body).end();
        }
        ByteArrayInputStream all = new ByteArrayInputStream(bytes(out));
        FrameInput in = new FrameInput(64);
        int received = 0;
        while (received < sent.size()) {
            byte[] piece = all.readNBytes(1 + random.nextInt(random.nextInt(10) == 0 ? 1_000_000 : 500));
            ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(piece));
            while (in.fill(channel) >= 0) {
                for (int type = in.next(); type >= 0; type = in.next()) {
                    assertThat(type).isEqualTo(received & 0xff);
                    assertThat(in.rest()).isEqualTo(sent.get(received++));
                }
            }
        }
        assertThat(in.hasNext()).isFalse();
    }

    @Test
    void whatIsNoFrameIsRefusedWithASentence() throws IOException {
        assertThatThrownBy(() -> input(new byte[] {-1, -1, -1, -1, 0, 0}).next())
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("4294967295");
        FrameOutput out = new FrameOutput(8);
        out.begin(1).u8(ValueTag.STRING).u32(100).u8(1).end();
        out.begin(1).u8(77).end();
        FrameInput in = input(bytes(out));
        in.next();
        assertThatThrownBy(in::value).isInstanceOf(FrameException.class).hasMessageContaining("length of 100");
        in.next();
        assertThatThrownBy(in::value).isInstanceOf(FrameException.class).hasMessageContaining("77");
        assertThatThrownBy(in::u64).isInstanceOf(FrameException.class).hasMessageContaining("cut short");
    }

    @Test
    void damagedFramesNeverThrowAnythingElse() throws IOException {
        Random random = new Random(20261126);
        FrameOutput out = new FrameOutput(8);
        for (Object value : VALUES) {
            out.begin(7).value(value).value(value).end();
        }
        byte[] whole = bytes(out);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                FrameInput in = input(damaged);
                while (in.next() >= 0) {
                    in.value();
                    in.value();
                }
            } catch (FrameException e) {
                assertThat(e.getMessage()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(5_000);
    }
}
