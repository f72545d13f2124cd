package io.colla.python.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.python.FrameInput;
import io.colla.python.FrameOutput;
import io.colla.python.Json;
import io.colla.python.JsonObject;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A program as its gateway sees it, which says what a test wants it to say. Frames go out with the next answer that is waited for. */
final class FakeProgram implements AutoCloseable {
    /** A failure as the program reads it. */
    record Told(int kind, String task, String message, byte[] rest) {}

    private final SocketChannel channel;
    private final FrameOutput out = new FrameOutput(1024);
    private final FrameInput in = new FrameInput(1024);
    private int next;
    private int requests;
    private int data;

    FakeProgram(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        hello(1);
        JsonObject facts = done(0);
        data = (int) facts.number("first", -1);
        assertThat(data).isNotNegative();
    }

    private void hello(int protocol) {
        say(FrameType.HELLO, frame -> frame.string(Json.text(Map.of("protocol", protocol, "cwd", "/"))));
    }

    int request() {
        return ++requests;
    }

    int datum() {
        return data++;
    }

    FakeProgram say(int type, Consumer<FrameOutput> body) {
        out.begin(type);
        body.accept(out);
        out.end();
        return this;
    }

    void flush() throws IOException {
        ByteBuffer bytes = out.written();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        out.taken();
    }

    void sayBytes(byte[] bytes) throws IOException {
        flush();
        channel.write(ByteBuffer.wrap(bytes));
    }

    /** The type of the next frame that comes; -1 at the end. */
    int read() throws IOException {
        flush();
        next = in.next();
        while (next < 0) {
            if (in.fill(channel) < 0) {
                return -1;
            }
            next = in.next();
        }
        return next;
    }

    FrameInput frame() {
        return in;
    }

    private void expect(int type, int request) throws IOException {
        int found = read();
        assertThat(found)
                .as(() -> {
                    try {
                        return found == FrameType.FAILED ? in.u32() + ": " + failure() : "answer to " + request;
                    } catch (IOException e) {
                        return e.toString();
                    }
                })
                .isEqualTo(type);
        assertThat(in.u32()).isEqualTo(request);
    }

    JsonObject done(int request) throws IOException {
        expect(FrameType.DONE, request);
        return Json.parseObject(in.string());
    }

    @Nullable
    Object value(int request) throws IOException {
        expect(FrameType.VALUE, request);
        return in.value();
    }

    Told failed(int request) throws IOException {
        assertThat(read()).isEqualTo(FrameType.FAILED);
        assertThat(in.u32()).isEqualTo(request);
        return failure();
    }

    /** What FAILURE says. */
    Told told() throws IOException {
        assertThat(read()).isEqualTo(FrameType.FAILURE);
        return failure();
    }

    private Told failure() throws IOException {
        byte[] all = in.rest();
        FrameInput copy = copyOf(all);
        int kind = copy.u8();
        String task = copy.string();
        copy.string();
        return new Told(kind, task, copy.string(), all);
    }

    private static FrameInput copyOf(byte[] body) throws IOException {
        FrameOutput frame = new FrameOutput(body.length + 16);
        frame.begin(0).bytes(body).end();
        byte[] bytes = new byte[frame.size()];
        frame.written().get(bytes);
        FrameInput copy = new FrameInput(bytes.length);
        copy.fill(java.nio.channels.Channels.newChannel(new java.io.ByteArrayInputStream(bytes)));
        copy.next();
        return copy;
    }

    /** @return the template's number */
    int template(int number, String json) throws IOException {
        int request = request();
        say(FrameType.TEMPLATE, frame -> frame.u32(request).u32(number).string(json));
        done(request);
        return number;
    }

    /** Calls a program with one value; @return the datum of its exit code. */
    int call(int template, int group, @Nullable Object argument) {
        int result = datum();
        say(FrameType.SUBMIT_PROGRAM, frame -> frame.u32(template)
                .u32(group)
                .u16(1)
                .u16(1)
                .u32(result)
                .u8(1)
                .u16(1)
                .u8(0)
                .value(argument));
        return result;
    }

    int get(int datum) {
        int request = request();
        say(FrameType.GET, frame -> frame.u32(request).u32(datum));
        return request;
    }

    int barrier(int group) {
        int request = request();
        say(FrameType.BARRIER, frame -> frame.u32(request).u32(group));
        return request;
    }

    /** Calls, and waits for all tasks; @return the wait. */
    int barrierOfNewCall(int template) {
        call(template, -1, 0L);
        return barrier(-1);
    }

    int ask(Map<String, ?> question) {
        int request = request();
        say(FrameType.ASK, frame -> frame.u32(request).string(Json.text(question)));
        return request;
    }

    int bye(boolean failed) {
        int request = request();
        say(FrameType.BYE, frame -> frame.u32(request).u8(failed ? 1 : 0));
        return request;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
