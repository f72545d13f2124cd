package io.colla.tracing.extrae;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.StringArray;
import io.colla.tracing.Definition;
import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.UserTypes;
import io.colla.tracing.log.Mirror;
import io.colla.tracing.paraver.EventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has Extrae record this process too: the same events, by their numbers and labels, from the very threads; tasks' code with the processor's counters. One for a process. Thread-safe.
 *
 * <p>Each process is recorded as an application of one task; what they are to each other is known when their traces are put together.
 */
public final class ExtraeRecorder implements Mirror {
    /** Extrae asks for these when it likes. */
    private static final Extrae.Number TASK = () -> 0;

    private static final Extrae.Number TASKS = () -> 1;

    private final String process;
    private final @Nullable Function notify = Extrae.function("Extrae_notify_new_pthread");
    private final @Nullable Function number = Extrae.function("Extrae_get_thread_number");
    private final @Nullable Function name = Extrae.function("Extrae_set_thread_name");
    private final ThreadLocal<Boolean> known = ThreadLocal.withInitial(() -> false);
    private final Set<Integer> used = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Definition> definitions = new ConcurrentHashMap<>();
    /** Its own lock. */
    private final UserTypes userTypes = new UserTypes();

    private int threads = 1;
    private volatile boolean open = true;

    private ExtraeRecorder(String process) {
        this.process = process;
    }

    /**
     * Loads Extrae and begins.
     *
     * @param folder of the run's traces of Extrae, in which this process gets one of its name
     * @param process its name, for people
     * @param say gets a sentence if Extrae cannot record here
     * @return null if it cannot
     */
    public static synchronized @Nullable ExtraeRecorder start(Path folder, String process, Consumer<String> say) {
        ExtraeSite site = ExtraeSite.find(System.getenv());
        Path library = site.library();
        if (library == null) {
            say.accept(site.lacks());
            return null;
        }
        try {
            Path own = Files.createDirectories(folder.resolve(TraceFolder.fileName(process)));
            tell(Map.of(
                    "EXTRAE_SKIP_AUTO_LIBRARY_INITIALIZE",
                    "1",
                    "EXTRAE_CONFIG_FILE",
                    ExtraeConfiguration.in(folder).toString(),
                    "EXTRAE_DIR",
                    own.toString(),
                    "EXTRAE_FINAL_DIR",
                    own.toString(),
                    "EXTRAE_PROGRAM_NAME",
                    "TRACE",
                    "EXTRAE_USE_POSIX_CLOCK",
                    "1"));
            Extrae.load(library);
        } catch (IOException | UnsatisfiedLinkError e) {
            say.accept("Extrae does not record here: " + library + ": " + e.getMessage());
            return null;
        }
        ExtraeRecorder recorder = new ExtraeRecorder(process);
        recorder.begin();
        return recorder;
    }

    /** In the C library's environment, where Extrae looks; Java's, which tasks inherit, stays as it is. */
    private static void tell(Map<String, String> variables) {
        Function set = NativeLibrary.getInstance("c").getFunction("setenv");
        variables.forEach((name, value) -> set.invokeInt(new Object[] {name, value, 1}));
    }

    private void begin() {
        call("Extrae_set_taskid_function", TASK);
        call("Extrae_set_numtasks_function", TASKS);
        Extrae.Extrae_init();
        known.set(true);
        name(0, process.replaceFirst("-.*", "").toUpperCase(Locale.ROOT));
    }

    private static void call(String function, Object argument) {
        Function found = Extrae.function(function);
        if (found != null) {
            found.invokeVoid(new Object[] {argument});
        }
    }

    private void name(int thread, String text) {
        if (name != null) {
            name.invokeVoid(new Object[] {thread, text});
        }
    }

    /** Makes the calling thread known, without which its events would be the first thread's. */
    private synchronized void attach(String text) {
        known.set(true);
        if (notify == null) {
            return;
        }
        notify.invokeVoid(new Object[0]);
        int thread = number == null ? threads : number.invokeInt(new Object[0]);
        threads++;
        name(thread, text);
    }

    @Override
    public OfThread thread(String kind, int index) {
        return new Mirrored(kind.toUpperCase(Locale.ROOT) + " " + index);
    }

    private final class Mirrored implements OfThread {
        private final String text;
        private final int[] types = new int[8];
        private final long[] values = new long[8];
        private int count;
        private long cores;
        private long gpus;
        private long memory;
        private long memoryOfNext;

        Mirrored(String text) {
            this.text = text;
        }

        @Override
        public void record(int type, int detail, long value) {
            switch (type) {
                case Records.MEMORY -> memoryOfNext = value;
                case Records.TASK_TAKEN -> {
                    cores = Records.coresOf(value);
                    gpus = Records.gpusOf(value);
                    memory = memoryOfNext;
                    memoryOfNext = 0;
                    amounts(cores, gpus, memory);
                    Definition definition = definitions.get(detail);
                    add(EventTypes.TASK_TYPE, definition == null ? 1 : definition.type());
                    add(EventTypes.RUNTIME, EventTypes.TASK_RUNNING);
                    emit(false);
                }
                case Records.TASK_BEGIN -> {
                    add(EventTypes.TASK, detail + 1L);
                    add(EventTypes.TASK_ID, Records.taskOf(value));
                    emit(true);
                }
                case Records.TASK_END -> {
                    add(EventTypes.TASK, 0);
                    add(EventTypes.TASK_ID, 0);
                    emit(true);
                }
                case Records.TASK_LEFT -> {
                    add(EventTypes.RUNTIME, 0);
                    add(EventTypes.TASK_TYPE, 0);
                    amounts(0, 0, 0);
                    emit(false);
                }
                default -> {
                    if (type >= Records.FIRST_EVENT) {
                        add(type, value);
                        emit(false);
                    }
                }
            }
        }

        private void amounts(long hasCores, long hasGpus, long hasMemory) {
            add(EventTypes.CPUS, hasCores);
            if (gpus > 0) {
                add(EventTypes.GPUS, hasGpus);
            }
            if (memory > 0) {
                add(EventTypes.MEMORY, hasMemory);
            }
        }

        private void add(int type, long value) {
            types[count] = type;
            values[count] = value;
            count++;
        }

        private void emit(boolean counters) {
            int events = count;
            count = 0;
            if (!open) {
                return;
            }
            if (!known.get()) {
                attach(text);
            }
            for (int i = 0; i < events; i++) {
                used.add(types[i]);
            }
            if (counters) {
                Extrae.Extrae_neventandcounters(events, types, values);
            } else if (events == 1) {
                Extrae.Extrae_event(types[0], values[0]);
            } else {
                Extrae.Extrae_nevent(events, types, values);
            }
        }
    }

    @Override
    public void described(String what, Map<String, String> values) {
        if (what.equals("definition")) {
            Definition definition = Definition.of(values);
            definitions.put(definition.number(), definition);
        } else if (what.equals("event-type")) {
            synchronized (userTypes) {
                userTypes.add(values);
            }
        }
    }

    /** Names what was recorded, and ends: Extrae writes its files now. */
    @Override
    public synchronized void close() {
        if (!open) {
            return;
        }
        open = false;
        used.stream().sorted().map(this::labelled).forEach(ExtraeRecorder::define);
        Extrae.Extrae_fini();
    }

    private EventType labelled(int number) {
        if (number != EventTypes.TASK) {
            synchronized (userTypes) {
                return userTypes.of(number);
            }
        }
        Map<Long, String> names = new TreeMap<>();
        names.put(0L, "End");
        definitions.values().forEach(task -> names.put(task.number() + 1L, task.name()));
        return new EventType(0, number, EventTypes.of(number).label(), names);
    }

    private static void define(EventType type) {
        List<String> texts = new ArrayList<>(type.values().values());
        long[] values =
                type.values().keySet().stream().mapToLong(Long::longValue).toArray();
        Extrae.Extrae_define_event_type(
                new int[] {type.number()},
                type.label(),
                new int[] {values.length},
                values.length == 0 ? new long[1] : values,
                new StringArray(texts.toArray(String[]::new)));
    }
}
