package io.colla.binary.spawn;

import io.colla.binary.spawn.SpawnException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts programs from small helper processes, one for each program running at a time and reused for the next. A helper's
 * descendants cannot escape it, in whatever session they put themselves, and it notices this JVM's death.
 */
final class HelperSpawner implements Spawner {

    private static final Logger LOG = LoggerFactory.getLogger(HelperSpawner.class);

    private final Path python;
    private final String mode;
    private final Programs programs = new Programs();
    private final ConcurrentLinkedDeque<Helper> idle = new ConcurrentLinkedDeque<>();
    private final Set<Helper> all = ConcurrentHashMap.newKeySet();
    private final AtomicLong tasks = new AtomicLong();
    private volatile boolean closed;

    /**
     * Starts the first helper, so that it is known to work.
     *
     * @param mode "spawn", or "fork" to do without posix_spawn
     */
    HelperSpawner(Path python, String mode) throws IOException {
        this.python = python;
        this.mode = mode;
        idle.push(newHelper());
    }

    /** The interpreter to use: the property {@code colla.python} or variable COLLA_PYTHON, the system's, or PATH's. */
    static @Nullable Path findPython() {
        String chosen = System.getProperty("colla.python", System.getenv("COLLA_PYTHON"));
        if (chosen != null && !chosen.isBlank()) {
            return Path.of(chosen);
        }
        for (String usual : new String[] {"/usr/bin/python3", "/usr/libexec/platform-python"}) {
            if (Files.isExecutable(Path.of(usual))) {
                return Path.of(usual);
            }
        }
        try {
            return new Programs().resolve(Command.of("python3"));
        } catch (SpawnException e) {
            return null;
        }
    }

    @Override
    public String name() {
        return Spawners.Kind.HELPER.option();
    }

    @Override
    public String memoryEnforcement() {
        return "address space of each process (RLIMIT_AS), set before exec";
    }

    @Override
    public Child spawn(Command command) throws SpawnException {
        Path program = programs.resolve(command);
        try {
            return spawn(command, program);
        } catch (SpawnException e) {
            if (e.errno() == Errno.ENOENT && command.program().indexOf('/') < 0 && programs.forget(command)) {
                return spawn(command, programs.resolve(command));
            }
            throw e;
        }
    }

    private Child spawn(Command command, Path program) throws SpawnException {
        Helper helper = takeHelper();
        String task = Long.toString(tasks.incrementAndGet());
        Helper.Reply reply;
        try {
            helper.send(request(command, program, task));
            reply = helper.read();
        } catch (IOException e) {
            throw lost(helper, command, e);
        }
        switch (reply.kind()) {
            case Helper.STARTED -> {
                return new HelperChild(this, helper, task, reply.b(), command.program());
            }
            case Helper.ERROR -> {
                release(helper);
                throw Diagnosis.explain(command, program, Diagnosis.Stage.values()[(int) reply.b()], reply.a());
            }
            default -> throw lost(helper, command, null);
        }
    }

    private Helper takeHelper() throws SpawnException {
        while (!closed) {
            Helper helper = idle.poll();
            if (helper == null) {
                try {
                    return newHelper();
                } catch (IOException e) {
                    throw new SpawnException(
                            Reason.LIMIT, 0, "no further spawn helper can be started: " + e.getMessage());
                }
            }
            if (!helper.dead()) {
                return helper;
            }
            discard(helper);
        }
        throw new SpawnException(Reason.UNAVAILABLE, 0, "the spawner is closed: no further program can be started");
    }

    private Helper newHelper() throws IOException {
        Helper helper = Helper.start(python, mode);
        all.add(helper);
        if (closed) { // since this was begun, so close() may not have seen it
            helper.stop();
            discard(helper);
            throw new IOException("the spawner was closed meanwhile");
        }
        return helper;
    }

    /** Takes a helper back after its task. */
    void release(Helper helper) {
        idle.push(helper);
        if (closed) {
            disposeIdle();
        }
    }

    /** Forgets a dead helper that nobody reads from any more. */
    void discard(Helper helper) {
        all.remove(helper);
        helper.dispose();
    }

    private SpawnException lost(Helper helper, Command command, @Nullable IOException cause) {
        discard(helper);
        SpawnException lost = new SpawnException(
                Reason.LOST, 0, "the spawn helper ended while it was starting '" + command.program() + "'");
        if (cause != null) {
            lost.initCause(cause);
        }
        return lost;
    }

    private static byte[] request(Command command, Path program, String task) {
        Frame frame = new Frame();
        Environment environment = command.environment();
        frame.add("S").add(task).add(program.toString()).add(command.folder().toString());
        frame.add(spec(command.stdin(), command))
                .add(spec(command.stdout(), command))
                .add(spec(command.stderr(), command));
        StringBuilder cpus = new StringBuilder();
        for (int cpu : command.cpus()) {
            cpus.append(cpus.length() == 0 ? "" : ",").append(cpu);
        }
        frame.add(cpus.toString()).add(Long.toString(command.memoryLimit()));
        frame.add(environment.inherited() ? "1" : "0");
        frame.add(Integer.toString(command.argv().size()))
                .add(Integer.toString(environment.unset().size()));
        command.argv().forEach(frame::add);
        environment.unset().forEach(frame::add);
        for (Map.Entry<String, String> entry : environment.set().entrySet()) {
            frame.add(entry.getKey() + "=" + entry.getValue());
        }
        return frame.bytes();
    }

    private static String spec(Redirect redirect, Command command) {
        if (redirect instanceof Redirect.From) {
            return "<" + Diagnosis.file(redirect, command);
        }
        if (redirect instanceof Redirect.To to) {
            return (to.append() ? "+" : ">") + Diagnosis.file(redirect, command);
        }
        return redirect instanceof Redirect.Null ? "n" : redirect instanceof Redirect.Stdout ? "=" : "-";
    }

    @Override
    public void close() {
        closed = true;
        for (Helper helper : all) {
            try {
                helper.endRequests();
            } catch (IOException e) {
                LOG.debug("closing a helper's requests", e); // stop() goes on to kill it
            }
        }
        all.forEach(Helper::stop);
        disposeIdle();
    }

    private void disposeIdle() {
        for (Helper helper = idle.poll(); helper != null; helper = idle.poll()) {
            discard(helper);
        }
    }

    /** A request: a 32-bit little-endian length, then fields with NUL between them. */
    static final class Frame {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

        Frame() {
            out.write(0);
            out.write(0);
            out.write(0);
            out.write(0);
        }

        Frame add(String field) {
            if (out.size() > 4) {
                out.write(0);
            }
            out.writeBytes(field.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        byte[] bytes() {
            byte[] bytes = out.toByteArray();
            int length = bytes.length - 4;
            for (int i = 0; i < 4; i++) {
                bytes[i] = (byte) (length >>> (8 * i));
            }
            return bytes;
        }
    }
}
