package io.colla.systemtest.apps;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How tasks tell the test that they run, and wait for its word; in a folder that both see. */
final class Gate {
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(60);

    private Gate() {}

    /** Leaves a file, whose content is the process that was here. */
    static void mark(String folder, String name) throws IOException {
        try {
            Files.writeString(
                    Files.createFile(Path.of(folder, name)),
                    Long.toString(ProcessHandle.current().pid()));
        } catch (FileAlreadyExistsException e) {
            return; // a second attempt
        }
    }

    /** Waits until the file is there. */
    static void await(String folder, String name) {
        Path file = Path.of(folder, name);
        long start = System.nanoTime();
        while (!Files.exists(file)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while waiting for " + file);
            }
            if (System.nanoTime() - start > DEADLINE) {
                throw new IllegalStateException("nobody has made " + file);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
