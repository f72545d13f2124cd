package io.colla.mpi.launch;

import io.colla.binary.spawn.Command;
import io.colla.binary.spawn.ExitStatus;
import io.colla.binary.spawn.Redirect;
import io.colla.binary.spawn.Spawner;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where launchers ask for their daemons on other nodes: instead of ssh they call an agent, a few lines of sh, that writes the command to a file of the job's folder here and the host's name
 * to a FIFO. All are in a folder that only this user can enter. One thread reads the FIFO for all jobs of the worker.
 */
final class Desk implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    private static final Pattern PLAIN = Pattern.compile("/[A-Za-z0-9_./+-]*");
    private static final String END = "end";

    /** A launcher may put options of ssh before the host. */
    private static final String AGENT = String.join(
            "\n",
            "#!/bin/sh",
            "# HOST COMMAND…: has Colla's worker start the command on the host, as a part of the task.",
            "while :; do case $1 in -*) shift ;; *) break ;; esac; done",
            "host=$1; shift",
            "printf '%s' \"$*\" >\"$COLLA_MPI_DESK/$COLLA_MPI_JOB/command.$host\" &&",
            "    printf '%s %s\\n' \"$COLLA_MPI_JOB\" \"$host\" >\"$COLLA_MPI_DESK/requests\" || exit",
            "gate=$COLLA_MPI_DESK/$COLLA_MPI_JOB/over.$host",
            "[ ! -p \"$gate\" ] || read -r over <\"$gate\" || :",
            "");

    private final Path folder;
    private final RandomAccessFile requests;
    private final Map<String, BiConsumer<String, byte[]>> jobs = new ConcurrentHashMap<>();
    private final Thread reader;

    private Desk(Path folder, RandomAccessFile requests) {
        this.folder = folder;
        this.requests = requests;
        this.reader = new Thread(this::read, "mpi-desk");
        reader.setDaemon(true);
    }

    /** @param scratch where the folder is made, if that has a name which launchers can take; else in /tmp */
    static Desk open(Path scratch, Spawner spawner) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path parent = PLAIN.matcher(scratch.toString()).matches() ? scratch : Path.of("/tmp");
        Path folder = Files.createTempDirectory(parent, "colla-mpi-", owner);
        Files.writeString(folder.resolve("agent"), AGENT);
        Files.setPosixFilePermissions(folder.resolve("agent"), PosixFilePermissions.fromString("rwx------"));
        Path fifo = folder.resolve("requests");
        Command mkfifo = Command.of("mkfifo", "-m", "600", fifo.toString())
                .withStdout(Redirect.NULL)
                .withStderr(Redirect.NULL);
        ExitStatus status = spawner.spawn(mkfifo).await();
        if (!status.success()) {
            throw new IOException("mkfifo in " + folder + " failed: " + status);
        }
        // Open for writing too, so that reading never ends.
        Desk desk = new Desk(folder, new RandomAccessFile(fifo.toFile(), "rw"));
        desk.reader.start();
        return desk;
    }

    Path agent() {
        return folder.resolve("agent");
    }

    /**
     * Makes the folder of a job, in which agents put commands.
     *
     * @param job a name of letters and digits
     * @param asked told the host and the command, by the reading thread, which it must not keep waiting
     */
    Path register(String job, BiConsumer<String, byte[]> asked) throws IOException {
        Path own = Files.createDirectory(folder.resolve(job));
        jobs.put(job, asked);
        return own;
    }

    /** What the launcher's environment must say for its agents. */
    Map<String, String> environment(String job) {
        return Map.of("COLLA_MPI_DESK", folder.toString(), "COLLA_MPI_JOB", job);
    }

    /** Removes the job's folder; requests that still come are dropped. */
    void remove(String job) {
        jobs.remove(job);
        Folders.delete(folder.resolve(job));
    }

    private void read() {
        try {
            for (String line = requests.readLine(); line != null && !line.equals(END); line = requests.readLine()) {
                List<String> words = List.of(line.split(" ", 2));
                BiConsumer<String, byte[]> asked = jobs.get(words.get(0));
                if (asked != null && words.size() == 2) {
                    Path command = folder.resolve(words.get(0)).resolve("command." + words.get(1));
                    asked.accept(words.get(1), Files.readAllBytes(command));
                }
            }
        } catch (IOException e) {
            LOG.warn("the requests of MPI launchers cannot be read any more", e);
        }
    }

    @Override
    public void close() {
        try {
            requests.write((END + "\n").getBytes(StandardCharsets.UTF_8));
            reader.join(1000);
            requests.close();
        } catch (IOException e) {
            LOG.debug("closing the requests of MPI launchers", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Folders.delete(folder);
    }
}
