package io.colla.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Lets the operating system's signals end a run in order: the first one calls back, a second Ctrl-C forces the end. {@code sun.misc.Signal} is no part
 * of the Java platform (module {@code jdk.unsupported}); a JVM without it, or one that keeps a signal for itself, goes on with its own behaviour for
 * that signal, which {@link #unavailable} names. A signal that was ignored when the process began (nohup) stays ignored.
 */
final class Signals {
    private static final Map<String, ExitCode> CODES = Map.of(
            "INT", ExitCode.INTERRUPTED,
            "TERM", ExitCode.TERMINATED,
            "HUP", ExitCode.HANGUP,
            "USR1", ExitCode.WARNED);

    /** Their numbers are the same on all Linuxes. */
    private static final Map<Integer, String> ENDING = Map.of(
            1, "SIGHUP",
            2, "SIGINT",
            3, "SIGQUIT",
            6, "SIGABRT",
            7, "SIGBUS",
            8, "SIGFPE",
            9, "SIGKILL",
            11, "SIGSEGV",
            13, "SIGPIPE",
            15, "SIGTERM");

    private final Predicate<ExitCode> first;
    private final Runnable force;
    private final AtomicBoolean ending = new AtomicBoolean();
    private final List<String> unavailable = new ArrayList<>();

    private Signals(Predicate<ExitCode> first, Runnable force) {
        this.first = first;
        this.force = force;
    }

    /**
     * Handles SIGINT, SIGTERM, SIGHUP and SIGUSR1 from now on.
     *
     * @param first called from a thread of the JVM with the code to end with, until it says that the run ends; must not block
     * @param force called at a second SIGINT; should not return
     */
    static Signals handle(Predicate<ExitCode> first, Runnable force) {
        Signals signals = new Signals(first, force);
        for (String name : List.of("INT", "TERM", "HUP", "USR1")) {
            if (!install(name, () -> signals.received(name))) {
                signals.unavailable.add(name);
            }
        }
        return signals;
    }

    /** Names of the signals that could not be taken over. */
    List<String> unavailable() {
        return List.copyOf(unavailable);
    }

    private void received(String name) {
        if (ending.compareAndSet(false, true)) {
            ending.set(first.test(CODES.getOrDefault(name, ExitCode.TERMINATED)));
        } else if (name.equals("INT")) {
            force.run();
        }
    }

    /** The name of a signal that programs are commonly ended by; else empty. */
    static String nameOf(int number) {
        return ENDING.getOrDefault(number, "");
    }

    /** Calls {@code action} whenever the signal comes; false if this JVM does not let us. */
    static boolean install(String name, Runnable action) {
        try {
            Internal.handle(name, action);
            return true;
        } catch (IllegalArgumentException | LinkageError e) {
            return false;
        }
    }

    /** Alone in a class, so that a JVM without {@code sun.misc.Signal} fails here and nowhere else. */
    private static final class Internal {
        static void handle(String name, Runnable action) {
            sun.misc.Signal.handle(new sun.misc.Signal(name), signal -> action.run());
        }
    }
}
