package io.colla.binary.spawn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;

/** Finds programs as execvp(3) does, and remembers where they were. Thread-safe. */
final class Programs {

    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private record Key(String name, String path) {}

    private final ConcurrentHashMap<Key, Path> found = new ConcurrentHashMap<>();

    /** The absolute path of the command's program. A path that the user gave is not looked at: exec will tell. */
    Path resolve(Command command) throws SpawnException {
        String name = command.program();
        if (name.indexOf('/') >= 0) {
            return command.folder().resolve(name);
        }
        Key key = key(command);
        Path program = found.get(key);
        if (program == null) {
            program = search(command, key.path());
            if (program.isAbsolute()) {
                found.put(key, program);
            }
        }
        return command.folder().resolve(program);
    }

    /** Forgets where the program was; returns whether it was remembered, that is whether looking again makes sense. */
    boolean forget(Command command) {
        return found.remove(key(command)) != null;
    }

    private static Key key(Command command) {
        String path = command.environment().get("PATH");
        return new Key(command.program(), path == null ? DEFAULT_PATH : path);
    }

    private static Path search(Command command, String path) throws SpawnException {
        String name = command.program();
        Path denied = null;
        for (String element : path.split(":", -1)) {
            Path candidate = Path.of(element.isEmpty() ? "." : element, name);
            Path file = command.folder().resolve(candidate);
            if (Files.isRegularFile(file)) {
                if (Files.isExecutable(file)) {
                    return candidate;
                }
                denied = file;
            }
        }
        if (denied != null) {
            throw new SpawnException(
                    SpawnException.Reason.NOT_EXECUTABLE,
                    Errno.EACCES,
                    "program '" + name + "' was found as " + denied + ", which is not executable: chmod +x it");
        }
        throw new SpawnException(
                SpawnException.Reason.NOT_FOUND,
                Errno.ENOENT,
                "program '" + name + "' was not found on PATH (" + path + "): give its full path or load its module");
    }
}
