package io.colla.binary.spawn;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A program to start. Immutable; build one with {@link #of} and the {@code with} methods. Text reaches the program as UTF-8.
 *
 * @param argv the program and its arguments. A program name without a slash is looked up on the PATH of the program's own
 *     environment; a relative path starts at {@code folder}
 * @param folder the working folder, absolute
 * @param cpus the CPUs to bind to, in force before exec; empty: no binding
 * @param memoryLimit bytes, 0 for none; see {@link Spawner#memoryEnforcement()}
 */
public record Command(
        List<String> argv,
        Path folder,
        Environment environment,
        Redirect stdin,
        Redirect stdout,
        Redirect stderr,
        SortedSet<Integer> cpus,
        long memoryLimit) {

    private static final Path HERE = Path.of("").toAbsolutePath();

    public Command {
        argv = List.copyOf(argv);
        folder = folder.toAbsolutePath();
        cpus = cpus.isEmpty() ? Collections.emptySortedSet() : Collections.unmodifiableSortedSet(new TreeSet<>(cpus));
        check(!argv.isEmpty() && !argv.get(0).isEmpty(), "a command needs a program");
        for (String word : argv) {
            check(
                    word.indexOf('\0') < 0,
                    "an argument of " + argv.get(0).replace('\0', '?') + " contains a NUL character");
        }
        check(
                !(stdin instanceof Redirect.To || stdin instanceof Redirect.Stdout),
                "standard input needs a file to read");
        check(
                !(stdout instanceof Redirect.From || stdout instanceof Redirect.Stdout),
                "standard output needs a file to write");
        check(!(stderr instanceof Redirect.From), "standard error needs a file to write");
        check(cpus.isEmpty() || cpus.first() >= 0, "a CPU number must not be negative");
        check(memoryLimit >= 0, "a memory limit must not be negative");
    }

    /** The program with standard input from /dev/null, this JVM's output streams, folder and environment, unbound. */
    public static Command of(List<String> argv) {
        return new Command(
                argv,
                HERE,
                Environment.INHERITED,
                Redirect.NULL,
                Redirect.INHERIT,
                Redirect.INHERIT,
                Collections.emptySortedSet(),
                0);
    }

    /** See {@link #of(List)}. */
    public static Command of(String... argv) {
        return of(Arrays.asList(argv));
    }

    public Command withFolder(Path value) {
        return new Command(argv, value, environment, stdin, stdout, stderr, cpus, memoryLimit);
    }

    public Command withEnvironment(Environment value) {
        return new Command(argv, folder, value, stdin, stdout, stderr, cpus, memoryLimit);
    }

    public Command withStdin(Redirect value) {
        return new Command(argv, folder, environment, value, stdout, stderr, cpus, memoryLimit);
    }

    public Command withStdout(Redirect value) {
        return new Command(argv, folder, environment, stdin, value, stderr, cpus, memoryLimit);
    }

    public Command withStderr(Redirect value) {
        return new Command(argv, folder, environment, stdin, stdout, value, cpus, memoryLimit);
    }

    public Command withCpus(Collection<Integer> value) {
        return new Command(argv, folder, environment, stdin, stdout, stderr, new TreeSet<>(value), memoryLimit);
    }

    public Command withMemoryLimit(long bytes) {
        return new Command(argv, folder, environment, stdin, stdout, stderr, cpus, bytes);
    }

    /** The program as the user wrote it, for messages. */
    public String program() {
        return argv.get(0);
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
