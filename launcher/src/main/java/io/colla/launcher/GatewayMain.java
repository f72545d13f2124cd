package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.core.Failure;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.python.Interpreter;
import io.colla.python.Json;
import io.colla.python.gateway.Gateway;
import io.colla.python.gateway.ProgramEnd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A Python program that somebody else has started, and that joins the run when it likes. */
final class GatewayMain implements MainProgram {
    private static final Duration LAST_FRAMES = Duration.ofSeconds(1);

    private final Settings settings;
    private final Context context;
    private final Interpreter interpreter;
    private @Nullable Gateway gateway;
    private @Nullable RunFolder folder;

    /** @throws UsageException if there is no Python for its tasks */
    GatewayMain(Settings settings, Context context) {
        this.settings = settings;
        this.context = context;
        this.interpreter =
                Interpreter.find(settings.get(Options.PYTHON), context.loader().environment());
    }

    /** @param used the run's folder, which the program is told */
    void announceWith(RunFolder used) {
        folder = used;
    }

    @Override
    public void prepare(Map<String, String> trace) {
        try {
            gateway = Gateway.listen(context.loader().environment());
        } catch (IOException e) {
            throw new UsageException(Words.reason(e), e);
        }
    }

    @Override
    public void start(Backend run, Consumer<Ending> ending) {
        Gateway listening = gateway;
        RunFolder records = folder;
        if (listening == null || records == null) {
            throw new IllegalStateException("the gateway was not prepared");
        }
        run.warmUp(interpreter.path().toString());
        run.serve(listening, PythonMain.wishes(settings));
        listening.ended().thenAccept(end -> ending.accept(ending(end)));
        watchInput(listening, ending);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("socket", listening.socket());
        facts.put("run_folder", records.path());
        facts.put("pid", ProcessHandle.current().pid());
        context.out().println(Json.text(facts));
        context.out().flush();
    }

    private static Ending ending(ProgramEnd end) {
        Failure failure = end.failure();
        return switch (end.how()) {
            case IN_ORDER -> failure == null ? Ending.finished() : Ending.toldFailure(failure);
            case FAILED -> Ending.exited(ExitCode.APPLICATION_THREW.number(), "");
            case LOST, NEVER_CAME -> Ending.left();
        };
    }

    /** Whoever started this process holds the other end of its standard input, and is gone when that ends. */
    private static void watchInput(Gateway listening, Consumer<Ending> ending) {
        Thread thread = new Thread(
                () -> {
                    drain(System.in);
                    try {
                        ending.accept(ending(listening.end(LAST_FRAMES)));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "colla-input");
        thread.setDaemon(true);
        thread.start();
    }

    private static void drain(InputStream in) {
        byte[] ignored = new byte[256];
        try {
            int count = in.read(ignored);
            while (count >= 0) {
                count = in.read(ignored);
            }
        } catch (IOException e) {
            // As good as its end.
            return;
        }
    }

    @Override
    public void end(Ending why, Duration grace) {
        close();
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
        return GatewayMain.class.getClassLoader();
    }

    @Override
    public Map<String, String> workerEnvironment() {
        return Map.of("COLLA_PYTHON", interpreter.path().toString());
    }

    @Override
    public void close() {
        Gateway listening = gateway;
        if (listening != null) {
            listening.close();
        }
    }
}
