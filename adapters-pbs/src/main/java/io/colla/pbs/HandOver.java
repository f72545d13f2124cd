package io.colla.pbs;

import io.colla.platform.NodeLauncher.WorkerCommand;
import io.colla.platform.ShellWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder that the launcher and the nodes see, and nobody but the user: the channel to workers whose starter passes on neither input nor output. It has
 * the script that starts a worker, and for each node what goes to its worker's standard input, which the node removes as it reads it. The node leaves its worker's
 * output there, its process number, and the exit code.
 */
final class HandOver {
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * Runs on the node, with the folder and the node's name. The worker's input is a pipe that the worker itself holds open, for nobody could close it from
     * elsewhere: that its launcher is gone, a worker started this way learns from its connection. Signals are the worker's affair, so that it has its grace: if the
     * shell ended first, PBS would kill what is left of the task.
     */
    private static final String BEFORE =
            """
            umask 077
            trap : HUP INT TERM USR1 USR2
            folder=$1 node=$2
            exec </dev/null >"$folder/$node.out" 2>&1
            give_up() { echo "$1"; exit 98; }
            pipe=$(mktemp -d "${TMPDIR:-/tmp}/colla-pbs-XXXXXX") && mkfifo "$pipe/in" || give_up "no pipe can be made in ${TMPDIR:-/tmp}"
            exec 3<>"$pipe/in"
            rm -rf "$pipe"
            { cat "$folder/$node.in" && rm -f "$folder/$node.in"; } >&3 3>&- &
            feeder=$!
            """;

    private static final String AFTER =
            """
            status=$?
            kill "$feeder" 2>/dev/null
            echo "$status" >"$folder/$node.code"
            exit "$status"
            """;

    /** Becomes the worker, having left its number. */
    private static final String WORKER = "echo $$ >\"$1\"; shift; exec \"$@\"";

    /** Sends a signal to the worker whose number is in a file; well if there is none, or it has ended. */
    static final String SIGNAL = "read -r pid <\"$1\" || exit 0; kill -\"$2\" \"$pid\" || ! kill -0 \"$pid\"";

    private final Path folder;

    private HandOver(Path folder) {
        this.folder = folder;
    }

    /** Makes the folder in one that is there. */
    static HandOver in(Path parent) throws IOException {
        return new HandOver(
                Files.createDirectory(parent.toAbsolutePath().resolve(".pbs-" + UUID.randomUUID()), FOLDER));
    }

    /** What the node must run; no secret is in it. */
    List<String> command(String node) {
        return List.of("/bin/sh", folder.resolve("start").toString(), folder.toString(), node);
    }

    /** What the node must run to send its worker a signal. */
    List<String> signal(String node, String signal) {
        return List.of(
                "/bin/sh", "-c", SIGNAL, "colla-signal", file(node, "pid").toString(), signal);
    }

    /** Writes what the node needs. */
    synchronized void prepare(String node, WorkerCommand command) throws IOException {
        Path start = folder.resolve("start");
        if (!Files.exists(start)) {
            write(start, script(command).getBytes(StandardCharsets.UTF_8));
        }
        write(file(node, "in"), command.input());
    }

    private static void write(Path file, byte[] content) throws IOException {
        try {
            Files.createFile(file, FILE);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(file + " is there already", e);
        }
        Files.write(file, content);
    }

    static String script(WorkerCommand command) {
        StringBuilder script = new StringBuilder(BEFORE);
        String directory = command.directory();
        if (directory != null) {
            script.append("cd ")
                    .append(ShellWords.inQuotes(directory))
                    .append(" 2>/dev/null || give_up ")
                    .append(ShellWords.inQuotes("the folder " + directory + " is not there"))
                    .append('\n');
        }
        command.environment().forEach((name, value) -> script.append("export ")
                .append(name)
                .append('=')
                .append(ShellWords.inQuotes(value))
                .append('\n'));
        script.append("export COLLA_NODE=\"$node\"\n");
        script.append("/bin/sh -c ").append(ShellWords.inQuotes(WORKER)).append(" colla-worker \"$folder/$node.pid\"");
        command.argv().forEach(word -> script.append(' ').append(ShellWords.inQuotes(word)));
        return script.append(" <&3 3<&-\n").append(AFTER).toString();
    }

    private Path file(String node, String kind) {
        return folder.resolve(node + "." + kind);
    }

    /** Whether the script has begun on the node. */
    boolean began(String node) {
        return Files.exists(file(node, "out"));
    }

    /** Whether the worker itself was started. */
    boolean started(String node) {
        return Files.exists(file(node, "pid"));
    }

    /** The worker's exit code; empty while it runs, or when nobody was left to say it. */
    Optional<Integer> code(String node) {
        try {
            String text = Files.readString(file(node, "code")).strip();
            return text.matches("\\d{1,3}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What the worker has printed so far. */
    List<String> output(String node) {
        try (Stream<String> lines = Files.lines(file(node, "out"), StandardCharsets.ISO_8859_1)) {
            return lines.map(HandOver::utf8).toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** Read byte by byte, so that a stray byte spoils its line only. */
    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Takes away what the node has not read. */
    void forget(String node) throws IOException {
        Files.deleteIfExists(file(node, "in"));
    }

    /** Removes all of it. */
    void remove() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
