package io.colla.pbs;

import static org.assertj.core.api.Assertions.fail;

import io.colla.platform.NodeLauncher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Keeps what a listener is told, and lets a test wait for it. */
final class Recorder implements NodeLauncher.Listener {
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

    void awaitLine(String line) throws InterruptedException {
        await("the line '" + line + "'", recorder -> recorder.lines.contains(line));
    }

    void awaitEnd(String... nodes) throws InterruptedException {
        await(
                "the end of " + List.of(nodes),
                recorder -> recorder.ended.keySet().containsAll(List.of(nodes)));
    }

    synchronized void await(String what, Predicate<Recorder> condition) throws InterruptedException {
        long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.test(this)) {
            long left = (limit - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                fail("waited in vain for %s; lines %s, ended %s", what, lines, ended);
            }
            wait(left);
        }
    }
}
