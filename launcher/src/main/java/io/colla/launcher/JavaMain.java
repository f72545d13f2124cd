package io.colla.launcher;

import io.colla.launcher.app.Application;
import io.colla.worker.ApplicationClassLoader;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A Java application in this JVM, with a thread of its own and a loader of its own. */
final class JavaMain implements MainProgram {
    private final Application application;
    private final ApplicationClassLoader loader;
    private final Method main;
    private volatile @Nullable Thread thread;

    /** @throws io.colla.api.UsageException if there is no such main method */
    JavaMain(Application application) {
        this.application = application;
        this.loader = Application.loader(application.classPath());
        this.main = application.main(loader);
    }

    @Override
    public void prepare(Map<String, String> trace) {}

    @Override
    public void start(Backend run, Consumer<Ending> ending) {
        ThreadGroup group = new ThreadGroup("application");
        Thread started = new Thread(group, () -> ending.accept(run(group, run)), "main");
        started.setContextClassLoader(loader);
        thread = started;
        started.start();
    }

    private Ending run(ThreadGroup group, Backend run) {
        try {
            application.run(main);
            awaitThreads(group);
            run.applicationEnded();
            return Ending.finished();
        } catch (Throwable thrown) { // whatever it is, it is the application's, and the person's to see
            return Ending.thrown(thrown);
        }
    }

    /** As java does: the program goes on while a thread that is no daemon does. */
    private static void awaitThreads(ThreadGroup group) throws InterruptedException {
        boolean more = true;
        while (more) {
            more = false;
            Thread[] threads = new Thread[group.activeCount() + 16];
            int count = group.enumerate(threads);
            for (int i = 0; i < count; i++) {
                if (threads[i] != Thread.currentThread() && !threads[i].isDaemon()) {
                    threads[i].join();
                    more = true;
                }
            }
        }
    }

    @Override
    public void end(Ending why, Duration grace) {
        Thread running = thread;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join(grace.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean printsItself() {
        return false;
    }

    @Override
    public List<Path> classPath() {
        return application.classPath();
    }

    @Override
    public ClassLoader loader() {
        return loader;
    }

    @Override
    public Map<String, String> workerEnvironment() {
        return Map.of();
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            // Jars that were only read.
        }
    }
}
