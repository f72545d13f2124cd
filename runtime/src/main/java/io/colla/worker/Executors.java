package io.colla.worker;

import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The executors of this worker, each made when the first task of its kind comes. Thread-safe. */
final class Executors {
    private static final Logger LOG = LoggerFactory.getLogger(Executors.class);

    private final ClassLoader loader;
    private final ExecutorHost host;
    private final Map<String, TaskExecutor> made = new ConcurrentHashMap<>();

    Executors(ClassLoader loader, ExecutorHost host) {
        this.loader = loader;
        this.host = host;
    }

    TaskExecutor of(String kind) throws TaskError {
        TaskExecutor executor = made.get(kind);
        return executor != null ? executor : make(kind);
    }

    void warmUp(String kind, String hint) {
        try {
            of(kind).warmUp(hint);
        } catch (TaskError e) {
            LOG.info("nothing can be prepared for {} tasks: {}", kind, e.getMessage());
        }
    }

    private synchronized TaskExecutor make(String kind) throws TaskError {
        TaskExecutor present = made.get(kind);
        if (present != null) {
            return present;
        }
        TreeSet<String> kinds = new TreeSet<>();
        try {
            for (ClassLoader each : loaders()) {
                for (TaskExecutor executor : ServiceLoader.load(TaskExecutor.class, each)) {
                    kinds.add(executor.kind());
                    if (executor.kind().equals(kind)) {
                        executor.start(host);
                        made.put(kind, executor);
                        return executor;
                    }
                    executor.close();
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new TaskError(
                    "the executor of tasks of kind \"" + kind + "\" cannot be loaded: " + e.getMessage(), "", false, e);
        }
        throw new TaskError(
                "this worker cannot run tasks of kind \"" + kind + "\": on its class path are executors for " + kinds,
                "",
                false,
                null);
    }

    private List<ClassLoader> loaders() {
        ClassLoader own = Executors.class.getClassLoader();
        return own == loader ? List.of(own) : List.of(own, loader);
    }

    /** Closes all; what one throws does not keep the others from closing, and is returned. */
    synchronized List<RuntimeException> close() {
        List<RuntimeException> failures = new ArrayList<>();
        for (TaskExecutor executor : made.values()) {
            try {
                executor.close();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        made.clear();
        return failures;
    }
}
