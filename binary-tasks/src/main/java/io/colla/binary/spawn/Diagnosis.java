package io.colla.binary.spawn;

import io.colla.binary.spawn.SpawnException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Turns an errno of a failed spawn into a sentence that names what was wrong. */
final class Diagnosis {

    /** The step that failed; the ordinals are part of the helper's protocol. */
    enum Stage {
        UNKNOWN,
        FOLDER,
        STDIN,
        STDOUT,
        STDERR,
        BINDING,
        EXEC
    }

    private Diagnosis() {}

    static SpawnException explain(Command command, Path program, Stage stage, int errno) {
        return switch (stage) {
            case FOLDER -> folder(command, errno);
            case STDIN -> redirection("standard input", command.stdin(), command, errno);
            case STDOUT -> redirection("standard output", command.stdout(), command, errno);
            case STDERR -> redirection("standard error", command.stderr(), command, errno);
            case BINDING ->
                failure(
                        Reason.BINDING,
                        errno,
                        "program '" + command.program() + "' cannot be bound to CPUs " + command.cpus() + ": "
                                + (errno == Errno.EINVAL
                                        ? "none of them is available to this process"
                                        : Errno.text(errno)));
            case EXEC -> exec(command, program, errno);
            case UNKNOWN -> explain(command, program, guess(command), errno);
        };
    }

    /** Finds the failed step afterwards, for spawners whose system call does not tell. */
    private static Stage guess(Command command) {
        if (!Files.isDirectory(command.folder()) || !Files.isExecutable(command.folder())) {
            return Stage.FOLDER;
        }
        if (!openable(command.stdin(), command)) {
            return Stage.STDIN;
        }
        if (!openable(command.stdout(), command)) {
            return Stage.STDOUT;
        }
        return openable(command.stderr(), command) ? Stage.EXEC : Stage.STDERR;
    }

    private static boolean openable(Redirect redirect, Command command) {
        Path file = file(redirect, command);
        if (file == null) {
            return true;
        }
        if (redirect instanceof Redirect.From) {
            return Files.isReadable(file);
        }
        return Files.exists(file)
                ? Files.isWritable(file) && !Files.isDirectory(file)
                : file.getParent() != null && Files.isWritable(file.getParent());
    }

    static @Nullable Path file(Redirect redirect, Command command) {
        if (redirect instanceof Redirect.From from) {
            return command.folder().resolve(from.file());
        }
        return redirect instanceof Redirect.To to ? command.folder().resolve(to.file()) : null;
    }

    private static SpawnException folder(Command command, int errno) {
        return failure(
                Reason.FOLDER,
                errno,
                "working folder " + command.folder() + " of '" + command.program() + "': " + Errno.text(errno));
    }

    private static SpawnException redirection(String stream, Redirect redirect, Command command, int errno) {
        Reason reason = errno == Errno.EMFILE || errno == Errno.ENFILE ? Reason.LIMIT : Reason.REDIRECTION;
        return failure(
                reason,
                errno,
                "file " + file(redirect, command) + " for the " + stream + " of '" + command.program() + "': "
                        + Errno.text(errno));
    }

    private static SpawnException exec(Command command, Path program, int errno) {
        String name = "program '" + command.program() + "'";
        return switch (errno) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP ->
                Files.exists(program)
                        ? failure(Reason.BAD_INTERPRETER, errno, name + " cannot start: " + interpreter(program))
                        : failure(Reason.NOT_FOUND, errno, name + " does not exist: no file " + program);
            case Errno.EACCES -> denied(program, name);
            case Errno.ENOEXEC ->
                failure(
                        Reason.NOT_EXECUTABLE,
                        errno,
                        name + " (" + program
                                + ") is not a program of this machine: for a script, begin it with a #! line");
            case Errno.E2BIG ->
                failure(
                        Reason.TOO_LONG,
                        errno,
                        name + ": its arguments and environment are longer than the kernel takes ("
                                + command.argv().size() + " arguments): pass long lists in a file");
            case Errno.EAGAIN ->
                failure(Reason.LIMIT, errno, name + " cannot start: the limit on processes (ulimit -u) is reached");
            case Errno.ENOMEM ->
                failure(
                        Reason.LIMIT,
                        errno,
                        name + " cannot start: not enough memory"
                                + (command.memoryLimit() > 0
                                        ? " within its limit of " + command.memoryLimit() + " bytes"
                                        : ""));
            case Errno.EMFILE, Errno.ENFILE ->
                failure(Reason.LIMIT, errno, name + " cannot start: the limit on open files (ulimit -n) is reached");
            case Errno.EPERM ->
                failure(Reason.PERMISSION, errno, name + " (" + program + ") may not be started by this user");
            default -> failure(Reason.OTHER, errno, name + " (" + program + ") cannot start: " + Errno.text(errno));
        };
    }

    private static SpawnException denied(Path program, String name) {
        if (Files.isDirectory(program)) {
            return failure(Reason.NOT_EXECUTABLE, Errno.EACCES, name + " is a folder (" + program + "), not a program");
        }
        if (Files.isRegularFile(program) && !Files.isExecutable(program)) {
            return failure(
                    Reason.NOT_EXECUTABLE, Errno.EACCES, name + " (" + program + ") is not executable: chmod +x it");
        }
        return failure(
                Reason.PERMISSION,
                Errno.EACCES,
                name + " (" + program + ") may not be executed: a folder on its path, its file system (noexec) or the"
                        + " interpreter that it names denies it");
    }

    /** Whether the file is a script whose first line names an interpreter that does not exist. */
    static boolean interpreterMissing(Path program) {
        try (InputStream in = Files.newInputStream(program)) {
            String head = new String(in.readNBytes(256), StandardCharsets.ISO_8859_1);
            return head.startsWith("#!") && !Files.exists(Path.of(interpreterOf(head)));
        } catch (IOException e) {
            return false; // executable but not readable: exec will tell
        }
    }

    private static String interpreterOf(String head) {
        String line = head.substring(2).lines().findFirst().orElse("").strip();
        return line.split("\\s", 2)[0];
    }

    private static String interpreter(Path program) {
        try (InputStream in = Files.newInputStream(program)) {
            String head = new String(in.readNBytes(256), StandardCharsets.ISO_8859_1);
            if (head.startsWith("#!")) {
                return "its interpreter '" + interpreterOf(head) + "', named in the first line of " + program
                        + ", does not exist";
            }
        } catch (IOException e) {
            return "it cannot be read (" + program + ")";
        }
        return "the dynamic loader that " + program + " names does not exist: it was built for another system";
    }

    private static SpawnException failure(Reason reason, int errno, String sentence) {
        return new SpawnException(reason, errno, sentence);
    }
}
