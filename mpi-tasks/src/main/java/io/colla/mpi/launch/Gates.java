package io.colla.mpi.launch;

import io.colla.binary.spawn.Command;
import io.colla.binary.spawn.ExitStatus;
import io.colla.binary.spawn.Redirect;
import io.colla.binary.spawn.Spawner;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** For launchers to whom the end of an agent is the end of its daemon: each agent waits at a FIFO until that is so. Thread-safe. */
final class Gates implements AutoCloseable {

    private final Map<String, RandomAccessFile> files;

    private Gates(Map<String, RandomAccessFile> files) {
        this.files = files;
    }

    /** Makes those of these hosts in a job's folder, where {@link Desk}'s agents look for them. */
    static Gates make(Path folder, List<String> hosts, Spawner spawner) throws IOException {
        Map<String, RandomAccessFile> files = new HashMap<>();
        if (hosts.isEmpty()) {
            return new Gates(files);
        }
        List<String> words = new ArrayList<>(List.of("mkfifo", "-m", "600", "--"));
        hosts.forEach(host -> words.add(file(folder, host).toString()));
        ExitStatus status = spawner.spawn(
                        Command.of(words).withStdout(Redirect.NULL).withStderr(Redirect.NULL))
                .await();
        if (!status.success()) {
            throw new IOException("mkfifo in " + folder + " failed: " + status);
        }
        for (String host : hosts) {
            files.put(
                    host,
                    new RandomAccessFile(file(folder, host).toFile(), "rw")); // so that neither side waits to open it
        }
        return new Gates(files);
    }

    private static Path file(Path folder, String host) {
        return folder.resolve("over." + host);
    }

    /** Lets the agent of a host end. */
    synchronized void open(String host) {
        RandomAccessFile file = files.get(host);
        if (file != null) {
            try {
                file.write('\n');
            } catch (IOException e) {
                // Closed: the launcher has ended, and its agents with it.
            }
        }
    }

    @Override
    public synchronized void close() {
        for (RandomAccessFile file : files.values()) {
            try {
                file.close();
            } catch (IOException e) {
                // Nothing was to be kept.
            }
        }
    }
}
