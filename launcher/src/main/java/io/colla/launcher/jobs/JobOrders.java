package io.colla.launcher.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells a run in a batch job to end, by a file in the job's folder: not all batch systems pass a signal on to what a job runs. The file is there from the start, empty, since other nodes
 * of a network file system see new text in an old file sooner than a new file.
 */
public final class JobOrders {
    private static final String FILE = "orders";
    private static final String END = "end\n";
    private static final long PERIOD_MILLIS = 1000;

    private JobOrders() {}

    static void prepare(Path folder) throws IOException {
        Files.createFile(folder.resolve(FILE));
    }

    /** @throws IOException if the folder cannot be written any more */
    static void tellToEnd(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), END, StandardOpenOption.CREATE);
    }

    /** Whether the job has been told to end. */
    static boolean wasTold(Path folder) {
        try {
            return Files.readString(folder.resolve(FILE)).equals(END);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Looks every second, in a daemon thread, until it is told.
     *
     * @param folder the job's
     * @param end called once
     */
    public static void follow(Path folder, Runnable end) {
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "colla-orders");
            thread.setDaemon(true);
            return thread;
        });
        looks.scheduleWithFixedDelay(
                () -> {
                    if (wasTold(folder)) {
                        looks.shutdown();
                        end.run();
                    }
                },
                PERIOD_MILLIS,
                PERIOD_MILLIS,
                TimeUnit.MILLISECONDS);
    }
}
