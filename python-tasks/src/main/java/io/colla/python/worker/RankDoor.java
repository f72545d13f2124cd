package io.colla.python.worker;

import io.colla.python.Json;
import io.colla.python.JsonObject;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where rank 0 of each job on this node connects to. Thread-safe. */
final class RankDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RankDoor.class);
    private static final long HELLO_MILLIS = 10_000;

    /**
     * A rank 0 that has said who it is.
     *
     * @param pid its process
     */
    record Visitor(ExecutorLink link, long pid) {}

    private final Map<Integer, Consumer<Visitor>> expected = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final ProcessSocket socket;

    /** @param folders in the first of them whose path is short enough the socket is made */
    RankDoor(List<Path> folders) throws IOException {
        socket = ProcessSocket.listen(folders, "ranks.sock", this::accepted);
    }

    Path path() {
        return socket.path();
    }

    /**
     * Lets a job's rank 0 in.
     *
     * @param arrived called once at most, by a thread that it must not keep waiting; the link is then its own
     * @return the number that the rank is to give
     */
    int expect(Consumer<Visitor> arrived) {
        int number = numbers.incrementAndGet();
        expected.put(number, arrived);
        return number;
    }

    /** Lets it in no more. */
    void forget(int number) {
        expected.remove(number);
    }

    private void accepted(SocketChannel channel) {
        ExecutorLink link = null;
        try {
            link = new ExecutorLink(channel);
            if (link.nextWithin(HELLO_MILLIS) == ExecutorFrames.HELLO) {
                JsonObject hello = Json.parseObject(link.input().string());
                Consumer<Visitor> arrived = expected.remove((int) hello.number("id", -1));
                if (arrived != null) {
                    arrived.accept(new Visitor(link, hello.number("pid", -1)));
                    return;
                }
            }
            LOG.warn("a process that is none of ours has connected to {}", socket.path());
        } catch (IOException e) {
            LOG.debug("a rank went before it said who it is: {}", e.getMessage());
        }
        if (link != null) {
            link.close();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
