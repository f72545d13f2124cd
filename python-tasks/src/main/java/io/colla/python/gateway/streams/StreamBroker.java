package io.colla.python.gateway.streams;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the program and its tasks publish to streams until it is polled, and decides who gets what. Any thread may ask; nobody is kept waiting, since
 * answers come by callback: at once, or from the thread that publishes or closes, or from a timer.
 */
public final class StreamBroker implements AutoCloseable {
    private static final byte[] YES = {0, 1};
    private static final byte[] NO = {0, 0};
    private static final byte[] NOTHING = {0};

    private final ElementStore store;
    private final List<Stream> streams = new ArrayList<>();
    private final Map<String, Integer> aliases = new HashMap<>();
    private final List<Waiting> polls = new ArrayList<>();
    private final List<Waiting> closings = new ArrayList<>();
    private @Nullable ScheduledThreadPoolExecutor timer;
    private boolean closed;

    /** What is to be told when the lock has been left. */
    private record Reply(Consumer<byte[]> answer, byte[] content) {}

    /**
     * @param folder where elements go that do not fit into memory; an existing folder
     * @param memory bytes of elements that are kept in memory
     */
    public StreamBroker(Path folder, long memory) {
        store = new ElementStore(folder, memory);
    }

    /**
     * Answers a message of {@code colla._streams.RemoteBroker}.
     *
     * @param answer called once, by any thread, unless the one who asked is replaced by another attempt of its task
     * @return withdraws the question, if it has not been answered: nothing is taken for it any more, and no answer comes
     */
    public Runnable ask(byte[] message, Consumer<byte[]> answer) {
        List<Reply> replies = new ArrayList<>();
        try {
            synchronized (this) {
                if (closed) {
                    replies.add(new Reply(answer, failure("the run has ended, and its streams with it")));
                } else {
                    carryOut(new Question(message), answer, replies);
                }
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            replies.add(new Reply(answer, failure("a message to a stream is not understood")));
        } catch (IOException e) {
            replies.add(
                    new Reply(answer, failure("the elements of a stream cannot be kept on disk: " + e.getMessage())));
        }
        replies.forEach(reply -> reply.answer().accept(reply.content()));
        return () -> withdraw(answer);
    }

    private synchronized void withdraw(Consumer<byte[]> answer) {
        for (List<Waiting> all : List.of(polls, closings)) {
            stopWaiting(all, waiting -> waiting.answer == answer);
        }
    }

    private void carryOut(Question question, Consumer<byte[]> answer, List<Reply> replies) throws IOException {
        int operation = question.octet();
        if (operation == 0) {
            replies.add(new Reply(answer, open(question)));
            return;
        }
        if (operation == 10) {
            attemptEnded(question.asker(), question.octet() == 1, replies);
            replies.add(new Reply(answer, NOTHING));
            return;
        }
        int number = question.number();
        Stream stream = streams.get(number);
        switch (operation) {
            case 1 -> {
                stream.publish(question.parts());
                replies.add(new Reply(answer, NOTHING));
                serve(number, stream, replies);
            }
            case 2 -> poll(new Waiting(number, question.asker(), answer), question.millis(), stream, replies);
            case 3 -> replies.add(new Reply(answer, names(stream.claim(names(question.parts())))));
            case 4 -> {
                stream.addWriter();
                replies.add(new Reply(answer, NOTHING));
            }
            case 5 -> {
                stream.close(question.asker());
                replies.add(new Reply(answer, NOTHING));
                serve(number, stream, replies);
            }
            case 6 -> replies.add(new Reply(answer, stream.isClosed() && stream.isEmpty() ? YES : NO));
            case 7 -> {
                Waiting waiting = new Waiting(number, new Asker(Asker.PROGRAM_TASK, 0), answer);
                waitForClose(waiting, question.millis(), stream, replies);
            }
            case 8 -> replies.add(new Reply(answer, names(stream.unclaimed(names(question.parts())))));
            case 9 -> {
                stream.leave(question.asker());
                replies.add(new Reply(answer, NOTHING));
                serve(number, stream, replies);
            }
            default -> throw new IndexOutOfBoundsException(operation);
        }
    }

    /** Nothing is given to the attempt any more; what it must not have polled for nothing is given to others. */
    private void attemptEnded(Asker asker, boolean succeeded, List<Reply> replies) throws IOException {
        for (List<Waiting> all : List.of(polls, closings)) {
            stopWaiting(all, waiting -> waiting.asker.equals(asker));
        }
        for (int number = 0; number < streams.size(); number++) {
            if (streams.get(number).attemptEnded(asker, succeeded)) {
                serve(number, streams.get(number), replies);
            }
        }
    }

    private static void stopWaiting(List<Waiting> among, Predicate<Waiting> which) {
        among.removeIf(waiting -> {
            boolean stops = which.test(waiting);
            if (stops) {
                waiting.stopWaiting();
            }
            return stops;
        });
    }

    private byte[] open(Question question) {
        Mode mode = Mode.values()[question.octet()];
        String alias = new String(question.rest(), StandardCharsets.UTF_8);
        Integer known = aliases.get(alias);
        if (known == null) {
            known = streams.size();
            streams.add(new Stream(mode, store));
            if (!alias.isEmpty()) {
                aliases.put(alias, known);
            }
        }
        return ByteBuffer.allocate(5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0)
                .putInt(known)
                .array();
    }

    private void poll(Waiting poll, long millis, Stream stream, List<Reply> replies) throws IOException {
        stopWaiting(polls, other -> poll.asker.replaces(other.asker));
        stream.giveBack(poll.asker);
        if (!stream.isEmpty() || stream.isClosed() || millis == 0) {
            replies.add(new Reply(poll.answer, parts(stream.take(poll.asker))));
        } else {
            polls.add(poll);
            endAfter(poll, millis, polls, NOTHING);
        }
    }

    private void waitForClose(Waiting waiting, long millis, Stream stream, List<Reply> replies) {
        if (stream.isClosed() || millis == 0) {
            replies.add(new Reply(waiting.answer, stream.isClosed() ? YES : NO));
        } else {
            closings.add(waiting);
            endAfter(waiting, millis, closings, NO);
        }
    }

    private void endAfter(Waiting waiting, long millis, List<Waiting> among, byte[] content) {
        if (millis == Long.MAX_VALUE) {
            return;
        }
        waiting.timeout = timer().schedule(
                        () -> {
                            boolean waits;
                            synchronized (this) {
                                waits = among.remove(waiting);
                            }
                            if (waits) {
                                waiting.answer.accept(content);
                            }
                        },
                        millis,
                        TimeUnit.MILLISECONDS);
    }

    private ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor there = timer;
        if (there == null) {
            there = new ScheduledThreadPoolExecutor(1, body -> {
                Thread thread = new Thread(body, "colla-streams");
                thread.setDaemon(true);
                return thread;
            });
            there.setRemoveOnCancelPolicy(true);
            timer = there;
        }
        return there;
    }

    /** Answers those who wait for what a stream has now. */
    private void serve(int number, Stream stream, List<Reply> replies) throws IOException {
        boolean closed = stream.isClosed();
        for (Waiting poll : List.copyOf(polls)) {
            if (poll.stream == number && (closed || !stream.isEmpty())) {
                polls.remove(poll);
                poll.stopWaiting();
                replies.add(new Reply(poll.answer, parts(stream.take(poll.asker))));
            }
        }
        for (Waiting waiting : closed ? List.copyOf(closings) : List.<Waiting>of()) {
            if (waiting.stream == number) {
                closings.remove(waiting);
                waiting.stopWaiting();
                replies.add(new Reply(waiting.answer, YES));
            }
        }
    }

    private static byte[] failure(String sentence) {
        byte[] text = sentence.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + text.length).put((byte) 1).put(text).array();
    }

    /** Names are bytes of the file system; Latin 1 keeps them apart without knowing how they are encoded. */
    private static List<String> names(List<byte[]> parts) {
        return parts.stream()
                .map(part -> new String(part, StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static byte[] names(Iterable<String> names) {
        List<byte[]> parts = new ArrayList<>();
        names.forEach(name -> parts.add(name.getBytes(StandardCharsets.ISO_8859_1)));
        return parts(parts);
    }

    private static byte[] parts(List<byte[]> parts) {
        int length = 1;
        for (byte[] part : parts) {
            length = Math.addExact(length, Integer.BYTES + part.length);
        }
        ByteBuffer joined =
                ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0);
        for (byte[] part : parts) {
            joined.putInt(part.length).put(part);
        }
        return joined.array();
    }

    /** An attempt of a task has ended without saying so: its worker is lost. */
    public void lost(int task, int attempt) {
        byte[] message = ByteBuffer.allocate(10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 10)
                .putInt(task)
                .putInt(attempt)
                .put((byte) 0)
                .array();
        ask(message, answer -> {});
    }

    /** Ends the timer and removes what is on disk; those who wait are not answered. */
    @Override
    public synchronized void close() {
        closed = true;
        polls.clear();
        closings.clear();
        if (timer != null) {
            timer.shutdownNow();
        }
        store.close();
    }
}
