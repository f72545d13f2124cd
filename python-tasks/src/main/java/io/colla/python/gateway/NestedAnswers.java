package io.colla.python.gateway;

import io.colla.python.FrameOutput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers a task that calls tasks: each of its questions is answered as a whole, by the frames that answer the requests in it. Thread-safe. */
final class NestedAnswers implements Sink {
    private static final int CAPACITY = 512;

    /** One question with its requests. */
    private static final class Exchange {
        final @Nullable Consumer<byte[]> answer;
        final FrameOutput frames = new FrameOutput(CAPACITY);
        /** Requests without answer, and one for the question itself while it is carried out. */
        int open = 1;

        Exchange(@Nullable Consumer<byte[]> answer) {
            this.answer = answer;
        }
    }

    private final Map<Integer, Exchange> byRequest = new HashMap<>();
    /** What answers nothing, and goes before the next answer. */
    private final FrameOutput told = new FrameOutput(CAPACITY);

    private final List<Runnable> complete = new ArrayList<>();
    private @Nullable Exchange current;

    /**
     * A question begins to be carried out.
     *
     * @param answer null if it wants none
     */
    synchronized void begin(@Nullable Consumer<byte[]> answer) {
        current = new Exchange(answer);
    }

    /** The question has been carried out, but for requests that are answered later. */
    void end() {
        synchronized (this) {
            Exchange ended = current;
            current = null;
            if (ended != null) {
                settle(ended);
            }
        }
        flush();
    }

    @Override
    public synchronized void expect(int request) {
        Exchange exchange = current;
        if (exchange != null) {
            exchange.open++;
            byRequest.put(request, exchange);
        }
    }

    @Override
    public synchronized void answer(int request, int type, Consumer<FrameOutput> body) {
        Exchange exchange = byRequest.get(request);
        if (exchange != null) {
            write(exchange.frames, type, frame -> body.accept(frame.u32(request)));
            byRequest.remove(request);
            settle(exchange);
        }
    }

    @Override
    public synchronized void tell(int type, Consumer<FrameOutput> body) {
        write(told, type, body);
    }

    private static void write(FrameOutput to, int type, Consumer<FrameOutput> body) {
        boolean whole = false;
        to.begin(type);
        try {
            body.accept(to);
            whole = true;
        } finally {
            if (whole) {
                to.end();
            } else {
                to.cancel();
            }
        }
    }

    private void settle(Exchange exchange) {
        Consumer<byte[]> answer = exchange.answer;
        if (--exchange.open > 0 || answer == null) {
            return;
        }
        byte[] content = new byte[told.size() + exchange.frames.size()];
        int before = told.size();
        told.written().get(content, 0, before);
        exchange.frames.written().get(content, before, content.length - before);
        told.taken();
        complete.add(() -> answer.accept(content));
    }

    @Override
    public void flush() {
        List<Runnable> ready;
        synchronized (this) {
            if (complete.isEmpty()) {
                return;
            }
            ready = List.copyOf(complete);
            complete.clear();
        }
        ready.forEach(Runnable::run);
    }
}
