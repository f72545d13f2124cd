package io.colla.platform;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Keeps what a listener is told, and lets a test wait for it. */
final class Events implements NodeLauncher.Listener {
    private final List<String> lines = new ArrayList<>();
    private final Map<String, String> ended = new TreeMap<>();

    @Override
    public synchronized void printed(String node, String line) {
        lines.add(node + ": " + line);
        notifyAll();
    }

    @Override
    public synchronized void ended(String node, String what) {
        if (ended.put(node, what) != null) {
            lines.add("told twice of the end of " + node);
        }
        notifyAll();
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    synchronized Map<String, String> ended() {
        return Map.copyOf(ended);
    }

    /** The rest of the first line that starts so. */
    String awaitLine(String start) throws InterruptedException {
        await("a line '" + start + "'", () -> lines.stream().anyMatch(line -> line.startsWith(start)));
        return lines().stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow()
                .substring(start.length());
    }

    void awaitEnd(String node) throws InterruptedException {
        await("the end of " + node, () -> ended.containsKey(node));
    }

    private synchronized void await(String what, BooleanSupplier condition) throws InterruptedException {
        long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            long left = (limit - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                fail("waited in vain for %s; lines %s, ended %s", what, lines, ended);
            }
            wait(left);
        }
    }
}
