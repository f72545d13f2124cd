package io.colla.binary.spawn;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.colla.binary.spawn.SpawnException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts programs with posix_spawn(3) in this very process, on the calling thread, whose CPU mask is changed for that moment
 * so that the program inherits it.
 *
 * <p>The C library makes the child with CLONE_VM and CLONE_VFORK, so the size of the Java heap does not matter. Needs glibc 2.34.
 */
final class PosixSpawner implements Spawner {

    private static final int MASK_BYTES = 1024; // 8,192 CPUs, as many as Linux can be built for
    private static final String MARKER = "COLLA_TASK=";

    private final Programs programs = new Programs();
    private final LeftBehind leftBehind = new LeftBehind();
    private final Set<PosixChild> running = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> inherited = new HashMap<>();
    private final Memory attributes = new Memory(1024);
    private volatile boolean closed;

    PosixSpawner() throws java.io.IOException {
        Memory signals = new Memory(128);
        long pointer = Pointer.nativeValue(attributes);
        LibC.posix_spawnattr_init(pointer);
        LibC.sigemptyset(Pointer.nativeValue(signals));
        LibC.posix_spawnattr_setsigmask(pointer, Pointer.nativeValue(signals));
        LibC.sigfillset(Pointer.nativeValue(signals));
        LibC.posix_spawnattr_setsigdefault(pointer, Pointer.nativeValue(signals));
        LibC.posix_spawnattr_setflags(
                pointer, (short) (LibC.POSIX_SPAWN_SETSID | LibC.POSIX_SPAWN_SETSIGMASK | LibC.POSIX_SPAWN_SETSIGDEF));
        signals.close();
        readEnvironment();
        leftBehind.start();
    }

    /** Remembers where the C library keeps each variable: bytes that Java could not decode are passed on unharmed. */
    private void readEnvironment() {
        Pointer table = NativeLibrary.getInstance("c")
                .getGlobalVariableAddress("environ")
                .getPointer(0);
        for (long i = 0; table != null; i += Native.POINTER_SIZE) {
            Pointer entry = table.getPointer(i);
            if (entry == null) {
                return;
            }
            String text = entry.getString(0, "UTF-8");
            int equals = text.indexOf('=');
            if (equals > 0) {
                inherited.put(text.substring(0, equals), Pointer.nativeValue(entry));
            }
        }
    }

    @Override
    public String name() {
        return Spawners.Kind.POSIX_SPAWN.option();
    }

    @Override
    public String memoryEnforcement() {
        return "address space of each process (RLIMIT_AS), set microseconds after exec";
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
        if (closed) {
            throw new SpawnException(Reason.UNAVAILABLE, 0, "the spawner is closed: no further program can be started");
        }
        String mark = leftBehind.newMark();
        try (Arena arena = new Arena()) {
            long mask = bind(command, program, arena);
            int pid;
            try {
                pid = spawn(command, program, mark, arena);
            } finally {
                if (mask != 0) {
                    LibC.sched_setaffinity(0, MASK_BYTES, mask);
                }
            }
            if (command.memoryLimit() > 0) {
                long limit = arena.longs(command.memoryLimit(), command.memoryLimit());
                LibC.prlimit(pid, LibC.RLIMIT_AS, limit, 0);
            }
            PosixChild child = new PosixChild(this, pid, mark);
            running.add(child);
            return child;
        }
    }

    private int spawn(Command command, Path program, String mark, Arena arena) throws SpawnException {
        long argv = arena.strings(command.argv());
        long environment = environment(command, mark, arena);
        long path = arena.string(program.toString());
        long actions = arena.allocate(128);
        long pid = arena.allocate(8);
        LibC.posix_spawn_file_actions_init(actions);
        try {
            LibC.posix_spawn_file_actions_addchdir_np(
                    actions, arena.string(command.folder().toString()));
            redirect(actions, 0, command.stdin(), command, arena);
            redirect(actions, 1, command.stdout(), command, arena);
            redirect(actions, 2, command.stderr(), command, arena);
            LibC.posix_spawn_file_actions_addclosefrom_np(actions, 3);
            int errno = LibC.posix_spawn(pid, path, actions, Pointer.nativeValue(attributes), argv, environment);
            if (errno != 0) {
                throw Diagnosis.explain(command, program, Diagnosis.Stage.UNKNOWN, errno);
            }
            return new Pointer(pid).getInt(0);
        } finally {
            LibC.posix_spawn_file_actions_destroy(actions);
        }
    }

    private static void redirect(long actions, int fd, Redirect redirect, Command command, Arena arena) {
        if (redirect instanceof Redirect.Stdout) {
            LibC.posix_spawn_file_actions_adddup2(actions, 1, fd);
        } else if (redirect instanceof Redirect.Null) {
            LibC.posix_spawn_file_actions_addopen(
                    actions, fd, arena.string("/dev/null"), fd == 0 ? 0 : LibC.O_WRONLY, 0);
        } else if (!(redirect instanceof Redirect.Inherit)) {
            int flags = 0;
            if (redirect instanceof Redirect.To to) {
                flags = LibC.O_WRONLY | LibC.O_CREAT | (to.append() ? LibC.O_APPEND : LibC.O_TRUNC);
            }
            long path = arena.string(String.valueOf(Diagnosis.file(redirect, command)));
            LibC.posix_spawn_file_actions_addopen(actions, fd, path, flags, 0666);
        }
    }

    private long environment(Command command, String mark, Arena arena) {
        Environment environment = command.environment();
        List<Long> entries =
                new ArrayList<>(inherited.size() + environment.set().size() + 1);
        if (environment.inherited()) {
            inherited.forEach((name, entry) -> {
                if (!environment.set().containsKey(name) && !environment.unset().contains(name)) {
                    entries.add(entry);
                }
            });
        }
        environment.set().forEach((name, value) -> entries.add(arena.string(name + "=" + value)));
        entries.add(arena.string(MARKER + mark));
        return arena.pointers(entries);
    }

    /** Gives this thread the program's CPU mask; returns the old one to restore, 0 if nothing was changed. */
    private static long bind(Command command, Path program, Arena arena) throws SpawnException {
        if (command.cpus().isEmpty()) {
            return 0;
        }
        byte[] bits = new byte[MASK_BYTES];
        for (int cpu : command.cpus()) {
            if (cpu < MASK_BYTES * 8) {
                bits[cpu >> 3] |= (byte) (1 << (cpu & 7)); // little-endian machines only, as all of JNA's use here
            }
        }
        long old = arena.allocate(MASK_BYTES);
        long wanted = arena.bytes(bits);
        if (LibC.sched_getaffinity(0, MASK_BYTES, old) < 0 || LibC.sched_setaffinity(0, MASK_BYTES, wanted) != 0) {
            throw Diagnosis.explain(command, program, Diagnosis.Stage.BINDING, Native.getLastError());
        }
        return old;
    }

    void ended(PosixChild child, String mark) {
        running.remove(child);
        leftBehind.ended(mark);
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(child -> child.kill(Signal.KILL, true));
        leftBehind.close();
    }

    /** Native memory of one spawn, in one block where it fits. */
    private static final class Arena implements AutoCloseable {

        private final List<Memory> blocks = new ArrayList<>(1);
        private long next;
        private long left;

        long allocate(long bytes) {
            long size = (bytes + 15) & ~15L;
            if (size > left) {
                Memory block = new Memory(Math.max(size, 16 * 1024));
                blocks.add(block);
                next = Pointer.nativeValue(block);
                left = block.size();
            }
            long pointer = next;
            next += size;
            left -= size;
            return pointer;
        }

        long bytes(byte[] bytes) {
            long pointer = allocate(bytes.length);
            new Pointer(pointer).write(0, bytes, 0, bytes.length);
            return pointer;
        }

        long string(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            byte[] terminated = java.util.Arrays.copyOf(bytes, bytes.length + 1);
            return bytes(terminated);
        }

        long strings(List<String> texts) {
            List<Long> pointers = new ArrayList<>(texts.size());
            texts.forEach(text -> pointers.add(string(text)));
            return pointers(pointers);
        }

        long pointers(List<Long> pointers) {
            long[] table = new long[pointers.size() + 1];
            for (int i = 0; i < pointers.size(); i++) {
                table[i] = pointers.get(i);
            }
            return longs(table);
        }

        long longs(long... values) {
            long pointer = allocate(8L * values.length);
            new Pointer(pointer).write(0, values, 0, values.length);
            return pointer;
        }

        @Override
        public void close() {
            blocks.forEach(Memory::close);
        }
    }
}
