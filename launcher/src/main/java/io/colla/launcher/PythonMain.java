package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.core.Failure;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.python.Interpreter;
import io.colla.launcher.python.PythonProgram;
import io.colla.python.gateway.Gateway;
import io.colla.python.gateway.ProgramEnd;
import io.colla.python.gateway.Wishes;
import io.colla.tracing.TraceFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Python program in a process beside this one, which has the person's terminal as if it had been started directly, and joins the run through a {@link Gateway}.
 */
final class PythonMain implements MainProgram {
    private static final String GATEWAY = "COLLA_GATEWAY";
    private static final Duration LAST_FRAMES = Duration.ofSeconds(5);
    /** A program that has the terminal has had its Ctrl-C already, and may be at what it does then. */
    private static final Duration OWN_INTERRUPT = Duration.ofSeconds(1);

    private static final int SIGNALLED = 128;

    private final PythonProgram program;
    private final Interpreter interpreter;
    private final Wishes wishes;
    private final boolean terminal;
    private final Map<String, String> environment;
    private @Nullable Gateway gateway;
    private volatile @Nullable Process process;
    private volatile @Nullable ProgramGuard guard;

    /**
     * @param wishes how its tasks are to run
     * @param terminal whether standard error is one
     * @param environment of this process
     */
    PythonMain(
            PythonProgram program,
            Interpreter interpreter,
            Wishes wishes,
            boolean terminal,
            Map<String, String> environment) {
        this.program = program;
        this.interpreter = interpreter;
        this.wishes = wishes;
        this.terminal = terminal;
        this.environment = environment;
    }

    static Wishes wishes(Settings settings) {
        return new Wishes(settings.need(Options.STREAM), settings.need(Options.NESTED));
    }

    @Override
    public void prepare(Map<String, String> trace) {
        try {
            Gateway listening = Gateway.listen(environment);
            gateway = listening;
            List<String> words = new ArrayList<>();
            words.add(interpreter.path().toString());
            words.addAll(program.words());
            ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
            builder.environment().put(GATEWAY, listening.socket().toString());
            builder.environment().putAll(PythonPath.variables(environment));
            TraceFolder.tell(trace, builder.environment());
            Process started = builder.start();
            process = started;
            ProgramGuard watching = new ProgramGuard(started, listening.folder());
            guard = watching;
            watching.start();
        } catch (IOException e) {
            close();
            throw new UsageException("the program cannot be started: " + Words.reason(e), e);
        }
    }

    @Override
    public void start(Backend run, Consumer<Ending> ending) {
        Gateway listening = gateway;
        Process running = process;
        if (listening == null || running == null) {
            throw new IllegalStateException("the program was not prepared");
        }
        run.warmUp(interpreter.path().toString());
        run.serve(listening, wishes);
        Thread thread = new Thread(() -> ending.accept(await(running, listening)), "colla-program");
        thread.setDaemon(true);
        thread.start();
    }

    private Ending await(Process running, Gateway gateway) {
        try {
            int code = running.waitFor();
            unguard();
            return ending(code, gateway.end(LAST_FRAMES));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Ending.signal(ExitCode.TERMINATED);
        }
    }

    private void unguard() {
        ProgramGuard watching = guard;
        if (watching != null) {
            watching.close();
        }
    }

    /** @param code of the program's process */
    static Ending ending(int code, ProgramEnd end) {
        Failure failure = end.failure();
        if (code != 0) {
            return Ending.exited(code, Signals.nameOf(code - SIGNALLED));
        }
        if (failure != null && end.how() == ProgramEnd.Way.IN_ORDER) {
            return Ending.unheard(failure);
        }
        return Ending.finished();
    }

    @Override
    public void end(Ending why, Duration grace) {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        boolean interrupted = why.code() == ExitCode.INTERRUPTED.number();
        if (interrupted && terminal && waitFor(running, OWN_INTERRUPT)) {
            return;
        }
        if (!interrupted || !interrupt(running)) {
            running.destroy();
        }
        if (!waitFor(running, grace)) {
            running.destroyForcibly();
            waitFor(running, grace);
        }
    }

    private static boolean interrupt(Process running) {
        try {
            Process kill = new ProcessBuilder("kill", "-INT", Long.toString(running.pid()))
                    .redirectErrorStream(true)
                    .start();
            return waitFor(kill, OWN_INTERRUPT) && kill.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean waitFor(Process running, Duration limit) {
        try {
            return running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean printsItself() {
        return true;
    }

    @Override
    public List<Path> classPath() {
        return List.of();
    }

    @Override
    public ClassLoader loader() {
        return PythonMain.class.getClassLoader();
    }

    @Override
    public Map<String, String> workerEnvironment() {
        return Map.of("COLLA_PYTHON", interpreter.path().toString());
    }

    /** Ends what is left of the program. */
    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
        unguard();
        Gateway listening = gateway;
        if (listening != null) {
            listening.close();
        }
    }
}
