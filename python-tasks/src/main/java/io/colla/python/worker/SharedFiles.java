package io.colla.python.worker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of large objects that executors make: their names are the process' number and a count. */
final class SharedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SharedFiles.class);

    private SharedFiles() {}

    /** The count in the name of a file of the process; -1 if it is none of its. */
    static long number(Path file, long pid) {
        Path name = file.getFileName();
        String prefix = pid + "-";
        if (name == null || !name.toString().startsWith(prefix)) {
            return -1;
        }
        try {
            return Long.parseLong(name.toString().substring(prefix.length()));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Removes those of a process that has ended of which it has told nobody. */
    static void removeUntold(Path folder, long pid, long lastTold) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pid + "-*")) {
            for (Path file : files) {
                if (number(file, pid) > lastTold) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.debug("what process {} has left goes with its folder: {}", pid, e.getMessage());
        }
    }
}
