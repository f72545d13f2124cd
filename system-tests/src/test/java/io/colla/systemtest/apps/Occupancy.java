package io.colla.systemtest.apps;

import static io.colla.api.Args.in;

import io.colla.api.Colla;
import io.colla.api.Data;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * How many tasks run at once on each node. As many tasks as there are cores wait for each other, so all cores must be in use; then come many short ones. Prints
 * {@code node: most at once}, and {@code cores: all}.
 *
 * <p>Arguments: folder that all nodes see, number of cores.
 */
public final class Occupancy {
    private static final AtomicInteger RUNNING = new AtomicInteger();

    private Occupancy() {}

    /** What one task saw. */
    public record Seen(String node, int atOnce) implements java.io.Serializable {}

    public static void main(String[] args) {
        int cores = Integer.parseInt(args[1]);
        List<Data<Seen>> seen = new ArrayList<>();
        try (Colla colla = Colla.start()) {
            for (int i = 0; i < cores; i++) {
                seen.add(colla.call(Occupancy::meets, in(args[0]), in(cores), in(i)));
            }
            for (int i = 0; i < 40 * cores; i++) {
                seen.add(colla.call(Occupancy::look));
            }
            Map<String, Integer> most = new TreeMap<>(
                    seen.stream().map(Data::get).collect(Collectors.toMap(Seen::node, Seen::atOnce, Math::max)));
            most.forEach((node, atOnce) -> System.out.println(node + ": " + atOnce));
            System.out.println("cores: " + colla.resources().cores());
        }
    }

    /** Returns when as many of its kind run. */
    public static Seen meets(String folder, int all, int number) throws IOException {
        int atOnce = RUNNING.incrementAndGet();
        try {
            Gate.mark(folder, "meets-" + number);
            for (int i = 0; i < all; i++) {
                Gate.await(folder, "meets-" + i);
            }
            return new Seen(node(), Math.max(atOnce, RUNNING.get()));
        } finally {
            RUNNING.decrementAndGet();
        }
    }

    public static Seen look() throws IOException {
        int atOnce = RUNNING.incrementAndGet();
        try {
            return new Seen(node(), atOnce);
        } finally {
            RUNNING.decrementAndGet();
        }
    }

    private static String node() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }
}
