package io.colla.python.gateway.streams;

import io.colla.python.gateway.streams.ElementStore.Element;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one stream has: elements, claims, writers. Not thread-safe. */
final class Stream {
    /** In one answer to a poll. */
    private static final long MOST_BYTES = 32L << 20;

    private final Mode mode;
    private final ElementStore store;
    private final Deque<Element> elements = new ArrayDeque<>();
    private final Map<Integer, Held> held = new HashMap<>();
    private final Set<String> claimed = new HashSet<>();
    private final Set<Integer> left = new HashSet<>();
    private int writers;
    private boolean closeAsked;

    /** What an attempt of a task has polled and may have to be given again. */
    private record Held(int attempt, List<Element> elements) {}

    Stream(Mode mode, ElementStore store) {
        this.mode = mode;
        this.store = store;
    }

    void publish(List<byte[]> published) throws IOException {
        for (byte[] bytes : published) {
            elements.add(store.keep(bytes));
        }
    }

    /** Puts back what a former attempt of the task took, before all others, if the mode says so; to be called before {@link #take}. */
    void giveBack(Asker asker) {
        Held former = held.get(asker.task());
        if (former == null) {
            return;
        }
        if (former.attempt() != asker.attempt()) {
            held.remove(asker.task());
            putBack(former);
        } else if (mode == Mode.AT_LEAST_ONCE) {
            held.remove(asker.task());
            former.elements().forEach(store::drop);
        }
    }

    /** Takes the elements that are there, at least one, and as many as fit into a message. */
    List<byte[]> take(Asker asker) throws IOException {
        List<Element> taken = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        long size = 0;
        while (!elements.isEmpty() && (size == 0 || size + elements.getFirst().length() <= MOST_BYTES)) {
            contents.add(store.read(elements.getFirst()));
            size += elements.getFirst().length();
            taken.add(elements.removeFirst());
        }
        if (mode == Mode.AT_MOST_ONCE || asker.isProgram()) {
            taken.forEach(store::drop);
        } else if (!taken.isEmpty()) {
            held.computeIfAbsent(asker.task(), task -> new Held(asker.attempt(), new ArrayList<>()))
                    .elements()
                    .addAll(taken);
        }
        return contents;
    }

    /**
     * An attempt has ended. What it polled is given to others if it failed and the mode says so.
     *
     * @return whether there are elements again
     */
    boolean attemptEnded(Asker asker, boolean succeeded) {
        Held polled = held.get(asker.task());
        if (polled == null || polled.attempt() != asker.attempt()) {
            return false;
        }
        held.remove(asker.task());
        if (succeeded) {
            polled.elements().forEach(store::drop);
            return false;
        }
        putBack(polled);
        return true;
    }

    private void putBack(Held polled) {
        for (int i = polled.elements().size() - 1; i >= 0; i--) {
            elements.addFirst(polled.elements().get(i));
        }
    }

    boolean isEmpty() {
        return elements.isEmpty();
    }

    List<String> unclaimed(List<String> names) {
        return names.stream().filter(name -> !claimed.contains(name)).toList();
    }

    List<String> claim(List<String> names) {
        return names.stream().filter(claimed::add).toList();
    }

    void addWriter() {
        writers++;
    }

    /** A writer, or the program, has closed the stream. */
    void close(Asker asker) {
        closeAsked = true;
        leave(asker);
    }

    /** A task that could write has ended. */
    void leave(Asker asker) {
        if (!asker.isProgram()) {
            left.add(asker.task());
        }
    }

    /** Whether nothing more is to be published: somebody has closed the stream, and each writer has closed it or ended. */
    boolean isClosed() {
        return closeAsked && left.size() >= writers;
    }
}
