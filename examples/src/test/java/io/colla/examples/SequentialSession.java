package io.colla.examples;

import io.colla.api.Arg;
import io.colla.api.BinaryTask;
import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.Direction;
import io.colla.api.TaskCall;
import io.colla.api.TaskFailedException;
import io.colla.api.TaskFunction;
import io.colla.api.TaskGroup;
import io.colla.api.TaskOptions;
import io.colla.api.Tasks;
import io.colla.api.spi.SessionProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A stand-in for the runtime in tests: runs every task at once, in this thread. As on another node, a task that only reads an object gets a
 * copy of its own, so a forgotten direction gives a wrong result here too. Files keep their paths; groups are not supported.
 */
public final class SequentialSession implements Colla {
    private final Path folder;
    private final Map<Path, Data<Path>> files = new HashMap<>();
    private int temporaryFiles;

    private SequentialSession(Path folder) {
        this.folder = folder;
    }

    /** Found by {@link Colla#start()}. */
    public static final class Provider implements SessionProvider {
        @Override
        public Colla open() {
            try {
                return new SequentialSession(Files.createTempDirectory("sequential-session"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public <R> Data<R> submit(TaskCall call) {
        return submit(call, TaskOptions.defaults());
    }

    private <R> Data<R> submit(TaskCall call, TaskOptions options) {
        try {
            return call.program() != null
                    ? cast(new Value(execute(call.program(), call, options)))
                    : cast(new Value(invoke(call.function(), call.arguments())));
        } catch (Exception e) {
            throw new TaskFailedException("a task failed: " + e, String.valueOf(call.function()), "localhost", e);
        }
    }

    private static Object invoke(TaskFunction function, List<Arg<?>> arguments) throws Exception {
        List<Direction> declared = Directions.of(function, arguments.size());
        Object[] values = new Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(arguments.get(i), declared.get(i));
        }
        return Directions.invoke(function, values);
    }

    private static Object value(Arg<?> argument, Direction declared) throws Exception {
        if (argument instanceof Arg.Literal<?> literal) {
            return copy(literal.value());
        }
        if (argument instanceof Arg.Directed<?> directed) {
            return value((Value) directed.data(), directed.direction());
        }
        if (argument instanceof Arg.Elements<?> elements) {
            Direction direction = declared == Direction.IN ? elements.direction() : declared;
            List<Object> values = new ArrayList<>();
            for (Data<?> element : elements.elements()) {
                values.add(value((Value) element, direction));
            }
            return values;
        }
        return value((Value) argument, declared);
    }

    private static Object value(Value data, Direction direction) throws Exception {
        return direction.writes() ? data.content : copy(data.content);
    }

    private static Object copy(Object value) throws Exception {
        if (value == null || value instanceof Path) {
            return value;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    private static int execute(BinaryTask program, TaskCall call, TaskOptions options) throws Exception {
        TaskOptions all = program.options().and(options);
        Map<String, String> bindings = new HashMap<>();
        bindings.put("task.cores", String.valueOf(all.cores() == null ? 1 : all.cores()));
        for (int i = 0; i < call.names().size(); i++) {
            bindings.put(
                    call.names().get(i), String.valueOf(value(call.arguments().get(i), Direction.IN)));
        }
        List<String> command = new ArrayList<>(List.of(program.program()));
        for (String template : program.arguments()) {
            String argument = template;
            for (Map.Entry<String, String> binding : bindings.entrySet()) {
                argument = argument.replace("{{" + binding.getKey() + "}}", binding.getValue());
            }
            command.add(argument);
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        String printed = new String(process.getInputStream().readAllBytes());
        int code = process.waitFor();
        if (code != 0 && program.failOnExitCode()) {
            throw new IOException(command + " ended with exit code " + code + ": " + printed);
        }
        return code;
    }

    @Override
    public Tasks with(TaskOptions options) {
        return new View(options);
    }

    private final class View implements Tasks {
        private final TaskOptions options;

        View(TaskOptions options) {
            this.options = options;
        }

        @Override
        public <R> Data<R> submit(TaskCall call) {
            return SequentialSession.this.submit(call, options);
        }

        @Override
        public Tasks with(TaskOptions more) {
            return new View(options.and(more));
        }
    }

    @Override
    public <T> Data<T> data(T value) {
        return cast(new Value(value));
    }

    @Override
    public <T> Data<T> empty(Class<T> type) {
        throw new UnsupportedOperationException("empty");
    }

    @Override
    public Data<Path> file(Path path) {
        return files.computeIfAbsent(path.toAbsolutePath(), absolute -> cast(new Value(absolute)));
    }

    @Override
    public Data<Path> temporaryFile(String name) {
        return file(folder.resolve(temporaryFiles++ + "-" + name));
    }

    @Override
    public TaskGroup group(String name) {
        throw new UnsupportedOperationException("group");
    }

    @Override
    public void barrier() {}

    @Override
    public void barrier(Duration timeout) {}

    @Override
    public Resources resources() {
        return new Resources(1, 2, Runtime.getRuntime().maxMemory());
    }

    @Override
    public void close() {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Data<T> cast(Value value) {
        return (Data<T>) value;
    }

    private static final class Value implements Data<Object> {
        private final Object content;

        Value(Object content) {
            this.content = content;
        }

        @Override
        public Object get() {
            return content;
        }

        @Override
        public Object get(Duration timeout) {
            return content;
        }

        @Override
        public Object take() {
            return content;
        }

        @Override
        public boolean isDone() {
            return true;
        }

        @Override
        public void cancel() {}

        @Override
        public void close() {}
    }
}
