package io.colla.systemtest.apps;

import static io.colla.api.Args.in;
import static io.colla.api.Args.out;
import static io.colla.api.Binding.bind;

import io.colla.api.BinaryTask;
import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.Out;
import io.colla.api.TaskOptions;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Each first argument is something that goes wrong; the others belong to it. */
public final class Trouble {
    private static final TaskOptions ONCE = TaskOptions.defaults().retries(0);

    private Trouble() {}

    public static void main(String[] args) {
        switch (args[0]) {
            case "application-throws" -> throw new IllegalStateException("the application's own reason");
            case "application-exits" -> exit();
            default -> withColla(args);
        }
    }

    private static void exit() {
        Colla colla = Colla.start();
        System.out.println(colla.call(Math::addExact, in(40), in(2)).get());
        System.exit(colla.call(Math::addExact, in(4), in(3)).get());
    }

    private static void withColla(String[] args) {
        try (Colla colla = Colla.start()) {
            switch (args[0]) {
                case "constraint" ->
                    colla.with(TaskOptions.options().cores(1000)).run(Trouble::nothing);
                case "missing-binary" -> colla.exec(BinaryTask.of("no-such-program", "x"));
                case "unreadable" ->
                    System.out.println(
                            colla.call(Trouble::size, colla.file(args[1])).get());
                case "throws" -> colla.with(ONCE).run(Trouble::fails, in(args[1]));
                case "odd-exception" -> colla.with(ONCE).run(Trouble::failsOddly);
                case "unsendable-exception" -> colla.with(ONCE).run(Trouble::failsUnsendably);
                case "task-exits" -> colla.with(ONCE).run(Trouble::exits);
                case "killed" ->
                    colla.exec(BinaryTask.of("sh", "-c", "kill -9 $$").with(ONCE));
                case "program-leaves-child" ->
                    colla.exec(BinaryTask.of("sh", "-c", "setsid sleep 300 >/dev/null 2>&1 & sleep 300 & exit 0"));
                case "task-leaves-child" -> colla.run(Trouble::leavesChild);
                case "heap" ->
                    System.out.println(colla.with(ONCE).call(Trouble::eatsHeap).get());
                case "fills-disk" -> {
                    Data<Path> file = colla.file(args[1]);
                    colla.with(ONCE).run(Trouble::writes, in(50 << 20), file);
                    file.get();
                }
                case "fills-disk-by-program" -> {
                    Data<Path> file = colla.file(args[1]);
                    colla.exec(
                            BinaryTask.of("head", "-c", "50000000", "/dev/zero")
                                    .stdout("{{file}}")
                                    .with(ONCE),
                            bind("file", out(file)));
                    file.get();
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
        }
        System.out.println("all went well");
    }

    public static void nothing() {}

    public static long size(Path file) throws IOException {
        return Files.readAllBytes(file).length;
    }

    public static void fails(String reason) {
        throw new IllegalArgumentException(reason);
    }

    /** Throws an exception whose class nobody else can load. */
    public static void failsOddly() throws Exception {
        try (InputStream bytes = Trouble.class.getResourceAsStream("Trouble$Odd.class")) {
            if (bytes == null) {
                throw new IllegalStateException("no class file");
            }
            Class<?> hidden = MethodHandles.lookup()
                    .defineHiddenClass(bytes.readAllBytes(), true)
                    .lookupClass();
            throw (RuntimeException) hidden.getConstructor().newInstance();
        }
    }

    public static void failsUnsendably() {
        throw new Unsendable();
    }

    public static void exits() {
        System.exit(3);
    }

    public static void leavesChild() throws IOException {
        new ProcessBuilder("setsid", "sleep", "300").start();
    }

    public static int eatsHeap() {
        List<long[]> all = new ArrayList<>();
        while (all.size() < 1_000_000) {
            all.add(new long[1 << 20]);
        }
        return all.size();
    }

    public static void writes(int bytes, @Out Path file) throws IOException {
        Files.write(file, new byte[bytes]);
    }

    /** Is loaded anew as a hidden class. */
    public static final class Odd extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Odd() {
            super("an odd reason");
        }
    }

    static final class Unsendable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial")
        private final Object notSerializable = new Object();

        Unsendable() {
            super("an unsendable reason");
        }

        Object notSerializable() {
            return notSerializable;
        }
    }
}
