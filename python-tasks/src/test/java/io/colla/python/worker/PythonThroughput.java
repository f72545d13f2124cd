package io.colla.python.worker;

import io.colla.wire.Message;
import io.colla.wire.Message.ToWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures how many no-op Python tasks a worker runs in a second, and how long one takes by itself. Run by hand: arguments are cores and tasks. */
final class PythonThroughput {
    private PythonThroughput() {}

    public static void main(String[] arguments) throws Exception {
        int cores = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2;
        int tasks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50_000;
        Path folder = Files.createTempDirectory("colla-throughput");
        try (PythonKit kit = new PythonKit(folder, cores)) {
            int next = 0;
            kit.run(next, "nothing", "");
            kit.value(next++);
            for (int round = 0; round < 6; round++) {
                List<ToWorker> batch = new ArrayList<>();
                for (int i = 0; i < tasks; i++) {
                    batch.add(kit.call(next++, "nothing", ""));
                }
                kit.link.clear();
                long began = System.nanoTime();
                kit.core.accept(batch);
                kit.link.awaitCount(Message.Finished.class, tasks);
                double seconds = (System.nanoTime() - began) / 1e9;
                System.out.printf("%d independent: %.0f/s%n", tasks, tasks / seconds);
                kit.link.clear();
                began = System.nanoTime();
                int singles = 2000;
                for (int i = 0; i < singles; i++) {
                    kit.core.accept(List.of(kit.call(next, "nothing", "")));
                    kit.link.await(Message.Finished.class, next++);
                    kit.link.clear();
                }
                System.out.printf("one at a time: %.1f us%n", (System.nanoTime() - began) / 1e3 / singles);
            }
        }
    }
}
