package io.colla.python.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Direction;
import io.colla.platform.NodeShare;
import io.colla.platform.TaskDefinition;
import io.colla.platform.TaskDefinition.Implementation;
import io.colla.python.PythonFunction;
import io.colla.python.PythonSetup;
import io.colla.wire.Message;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.Argument;
import io.colla.wire.Message.Mode;
import io.colla.wire.Message.Needs;
import io.colla.wire.Message.Run;
import io.colla.wire.Message.Serialized;
import io.colla.wire.Message.ToMaster;
import io.colla.worker.MasterLink;
import io.colla.worker.WorkerCore;
import io.colla.worker.WorkerSettings;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.ScratchFolder;
import io.colla.worker.store.StoreSettings;
import io.colla.worker.store.ValueCodec;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A real worker with a master that only listens, and a Python program that makes functions and calls. */
final class PythonKit implements AutoCloseable {
    private static final Needs ONE = new Needs(1, 0, Map.of());

    final Link link = new Link();
    final ContentStore store;
    final WorkerCore core;
    private final Process program;
    private final BufferedReader fromProgram;
    private final BufferedWriter toProgram;
    private final Map<String, byte[]> bodies = new HashMap<>();
    private final Map<String, Integer> definitions = new HashMap<>();
    private final Map<String, byte[]> specs = new HashMap<>();
    private final PythonSetup setup;

    PythonKit(Path folder, int cores) throws IOException {
        this(folder, cores, interpreter(), false);
    }

    PythonKit(Path folder, int cores, String interpreter, boolean stream) throws IOException {
        System.setProperty("colla.python", packages());
        Path script = folder.resolve("functions.py");
        try (InputStream source = Objects.requireNonNull(PythonKit.class.getResourceAsStream("functions.py"))) {
            Files.copy(source, script, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(interpreter(), script.toString());
        builder.environment().put("PYTHONPATH", packages());
        program = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        fromProgram = program.inputReader();
        toProgram = program.outputWriter();
        setup = new PythonSetup(
                interpreter,
                List.of(line().substring("path ".length()).split(":")),
                folder.toString(),
                null,
                stream,
                false);
        ValueCodec codec = new ValueCodec(PythonKit.class.getClassLoader());
        store = new ContentStore(codec, ScratchFolder.create(folder), StoreSettings.ofMemory(64 << 20));
        core = new WorkerCore(
                new WorkerSettings(
                        new NodeShare("here", cores, 0),
                        store,
                        codec,
                        null,
                        PythonKit.class.getClassLoader(),
                        store.scratch().path(),
                        folder.resolve("outputs"),
                        System::nanoTime),
                link);
    }

    /** That of the tests' own environment, or the one on the path. */
    static String interpreter() {
        Path own = Path.of("../target/python/bin/python").toAbsolutePath().normalize();
        if (Files.isExecutable(own)) {
            return own.toString();
        }
        for (String place : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(place, "python3"))) {
                return Path.of(place, "python3").toString();
            }
        }
        throw new IllegalStateException("there is no python3");
    }

    /** Our packages, and what a distribution brings besides. */
    static String packages() {
        Path root = Path.of("..").toAbsolutePath().normalize();
        return root.resolve("python/src") + ":" + root.resolve("dist/colla/python");
    }

    private String line() {
        try {
            return Objects.requireNonNull(fromProgram.readLine(), "the program has ended");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] body(String function) {
        while (!bodies.containsKey(function)) {
            String[] words = line().split(" ");
            assertThat(words[0]).isEqualTo("body");
            bodies.put(words[1], Base64.getDecoder().decode(words[2]));
        }
        return bodies.get(function);
    }

    /** What a call with these arguments, in Python, is packed as. */
    private byte[] spec(int results, String arguments) {
        return specs.computeIfAbsent(results + "," + arguments, call -> {
            body("step"); // the last
            try {
                toProgram.write(call + "\n");
                toProgram.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Base64.getDecoder().decode(line());
        });
    }

    int define(String function) {
        return definitions.computeIfAbsent(function, name -> {
            int number = definitions.size();
            PythonFunction body = new PythonFunction(number, name, List.of(), body(name), setup);
            core.accept(List.of(new Message.Define(
                    number,
                    new TaskDefinition(
                            name, List.of("call", "data"), List.of(new Implementation(PythonFunction.KIND, body))))));
            return number;
        });
    }

    /** A task that takes values alone; its one result becomes the content of the same number. */
    Run call(int task, String function, String arguments) {
        return call(task, function, arguments, 0);
    }

    Run call(int task, String function, String arguments, long timeoutNanos) {
        Access result = new Access(Direction.OUT, -1, task, Mode.KEEP, null, false, null, List.of(), null);
        return new Run(
                task,
                1,
                define(function),
                0,
                0,
                ONE,
                List.of(),
                timeoutNanos,
                List.of(new Argument.Value(new Serialized(spec(1, arguments))), new Argument.Many(List.of(0))),
                List.of(result),
                -1);
    }

    void run(int task, String function, String arguments) {
        core.accept(List.of(call(task, function, arguments)));
    }

    Object value(int task) {
        link.await(Message.Finished.class, task);
        return store.value(task);
    }

    Message.Failed failure(int task) {
        return link.await(Message.Failed.class, task);
    }

    @Override
    public void close() {
        core.close();
        store.close();
        program.destroyForcibly().onExit().join();
    }

    /** Keeps what the worker says. */
    static final class Link implements MasterLink {
        private final List<ToMaster> received = new ArrayList<>();
        /** Nobody is to be woken before there are so many. */
        private int awaited;

        @Override
        public synchronized void send(ToMaster message) {
            received.add(message);
            if (received.size() >= awaited) {
                notifyAll();
            }
        }

        @Override
        public void flush() {}

        synchronized List<ToMaster> ofTask(int task) {
            return received.stream()
                    .filter(message -> taskOf(message) == task && !(message instanceof Message.Began))
                    .toList();
        }

        synchronized List<ToMaster> all() {
            return List.copyOf(received);
        }

        synchronized int count(Class<? extends ToMaster> type) {
            return (int) received.stream().filter(type::isInstance).count();
        }

        synchronized <M extends ToMaster> M await(Class<M> type, int task) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (true) {
                for (ToMaster message : received) {
                    if (type.isInstance(message) && (task < 0 || taskOf(message) == task)) {
                        return type.cast(message);
                    }
                }
                await(deadline, type + " of task " + task);
            }
        }

        synchronized void awaitCount(Class<? extends ToMaster> type, int count) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (count(type) < count) {
                awaited = received.size() + count - count(type);
                await(deadline, count + " " + type);
            }
            awaited = 0;
        }

        /** Until so many tasks have come to an end here. */
        synchronized void awaitEnds(int tasks) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (received.stream()
                            .filter(message -> taskOf(message) >= 0 && !(message instanceof Message.Began))
                            .count()
                    < tasks) {
                await(deadline, tasks + " ends");
            }
        }

        private void await(long deadline, String what) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            assertThat(millis).as("waiting for %s; there is %s", what, received).isPositive();
            try {
                wait(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        synchronized void clear() {
            received.clear();
        }

        private static int taskOf(ToMaster message) {
            if (message instanceof Message.Finished m) {
                return m.task();
            } else if (message instanceof Message.Failed m) {
                return m.task();
            } else if (message instanceof Message.Stopped m) {
                return m.task();
            } else if (message instanceof Message.Returned m) {
                return m.task();
            } else if (message instanceof Message.Began m) {
                return m.task();
            } else if (message instanceof Message.Printed m) {
                return m.task();
            } else if (message instanceof Message.Ask m) {
                return m.task();
            }
            return -1;
        }
    }
}
