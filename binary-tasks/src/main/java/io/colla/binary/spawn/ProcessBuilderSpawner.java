package io.colla.binary.spawn;

import io.colla.binary.spawn.SpawnException.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Starts programs with the JDK's {@link ProcessBuilder}, through a shell line that makes the session, sets CPU mask and
 * memory limit, and becomes the program: slow, but it needs nothing beyond /bin/sh, setsid and taskset. The program
 * inherits this JVM's signal mask, in which SIGQUIT is blocked.
 */
final class ProcessBuilderSpawner implements Spawner {

    private static final String WRAPPER = "[ \"$1\" = - ] || ulimit -v \"$1\" || exit 125; shift; exec \"$@\"";

    private static final File NULL = new File("/dev/null");

    private final Programs programs = new Programs();
    private final LeftBehind leftBehind = new LeftBehind();
    private final Set<ProcessBuilderChild> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ProcessBuilderSpawner() throws IOException {
        for (String needed : new String[] {"setsid", "taskset"}) {
            if (!Files.isExecutable(Path.of("/usr/bin", needed))) {
                throw new IOException("/usr/bin/" + needed + " (util-linux) is missing");
            }
        }
        leftBehind.start();
    }

    @Override
    public String name() {
        return Spawners.Kind.PROCESS_BUILDER.option();
    }

    @Override
    public String memoryEnforcement() {
        return "address space of each process (ulimit -v), set before exec";
    }

    @Override
    public Child spawn(Command command) throws SpawnException {
        if (closed) {
            throw new SpawnException(Reason.UNAVAILABLE, 0, "the spawner is closed: no further program can be started");
        }
        Path program = programs.resolve(command);
        check(command, program);
        String mark = leftBehind.newMark();
        ProcessBuilder builder = new ProcessBuilder(words(command, program))
                .directory(command.folder().toFile());
        fill(builder.environment(), command.environment());
        builder.environment().put("COLLA_TASK", mark);
        builder.redirectInput(redirect(command.stdin(), command, true))
                .redirectOutput(redirect(command.stdout(), command, false))
                .redirectError(redirect(command.stderr(), command, false))
                .redirectErrorStream(command.stderr() instanceof Redirect.Stdout);
        try {
            ProcessBuilderChild child = new ProcessBuilderChild(this, builder.start(), mark);
            running.add(child);
            return child;
        } catch (IOException e) {
            throw Diagnosis.explain(command, program, Diagnosis.Stage.UNKNOWN, errno(e));
        }
    }

    /** What exec would say must be found out before, for afterwards it is the shell that was started. */
    private static void check(Command command, Path program) throws SpawnException {
        if (!Files.exists(program)) {
            throw Diagnosis.explain(command, program, Diagnosis.Stage.EXEC, Errno.ENOENT);
        }
        if (Files.isDirectory(program) || !Files.isExecutable(program)) {
            throw Diagnosis.explain(command, program, Diagnosis.Stage.EXEC, Errno.EACCES);
        }
        if (Diagnosis.interpreterMissing(program)) {
            throw Diagnosis.explain(command, program, Diagnosis.Stage.EXEC, Errno.ENOENT);
        }
        int available = Runtime.getRuntime().availableProcessors();
        if (!command.cpus().isEmpty() && command.cpus().first() >= Math.max(available, allCpus())) {
            throw Diagnosis.explain(command, program, Diagnosis.Stage.BINDING, Errno.EINVAL);
        }
    }

    private static int allCpus() {
        try (var cpus = Files.list(Path.of("/sys/devices/system/cpu"))) {
            return (int) cpus.filter(path -> path.getFileName().toString().matches("cpu\\d+"))
                    .count();
        } catch (IOException e) {
            return Integer.MAX_VALUE;
        }
    }

    private static List<String> words(Command command, Path program) {
        List<String> words = new ArrayList<>(List.of("/usr/bin/setsid", "/bin/sh", "-c", WRAPPER, "colla"));
        words.add(command.memoryLimit() > 0 ? Long.toString(Math.max(1, command.memoryLimit() / 1024)) : "-");
        if (!command.cpus().isEmpty()) {
            String list = command.cpus().stream().map(String::valueOf).collect(Collectors.joining(","));
            words.addAll(List.of("/usr/bin/taskset", "-c", list));
        }
        words.add(program.toString());
        words.addAll(command.argv().subList(1, command.argv().size()));
        return words;
    }

    private static void fill(Map<String, String> variables, Environment environment) {
        if (!environment.inherited()) {
            variables.clear();
        }
        environment.unset().forEach(variables::remove);
        variables.putAll(environment.set());
    }

    private static ProcessBuilder.Redirect redirect(Redirect redirect, Command command, boolean input) {
        Path file = Diagnosis.file(redirect, command);
        if (file == null) {
            return redirect instanceof Redirect.Inherit
                    ? ProcessBuilder.Redirect.INHERIT
                    : input ? ProcessBuilder.Redirect.from(NULL) : ProcessBuilder.Redirect.to(NULL);
        }
        if (redirect instanceof Redirect.To to) {
            return to.append()
                    ? ProcessBuilder.Redirect.appendTo(file.toFile())
                    : ProcessBuilder.Redirect.to(file.toFile());
        }
        return ProcessBuilder.Redirect.from(file.toFile());
    }

    private static int errno(IOException e) {
        String text = String.valueOf(e.getMessage());
        int at = text.indexOf("error=");
        if (at < 0) {
            return Errno.ENOENT; // a redirection that Java itself could not open
        }
        int end = text.indexOf(',', at);
        return Integer.parseInt(
                text.substring(at + 6, end < 0 ? text.length() : end).strip());
    }

    void ended(ProcessBuilderChild child, String mark) {
        running.remove(child);
        leftBehind.ended(mark);
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(child -> child.kill(Signal.KILL, true));
        leftBehind.close();
    }
}
