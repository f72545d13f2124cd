package io.colla.platform;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes that this one, or one of its children, has started and that still run: at the end of a run, what Java tasks have left behind. */
public final class Descendants {
    private static final Path THREADS = Path.of("/proc/self/task");

    private Descendants() {}

    /** Ends them by force, whatever their process group or session. One whose parent has ended before it is not found. */
    public static void kill() {
        if (mayExist()) {
            List<ProcessHandle> all = ProcessHandle.current().descendants().toList();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Quick where the kernel lists the children of each thread (proc(5)): no look at every process of the machine. */
    private static boolean mayExist() {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                if (!Files.readString(thread.resolve("children")).isBlank()) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return true; // a thread that has just ended, or a kernel without such lists
        }
    }
}
