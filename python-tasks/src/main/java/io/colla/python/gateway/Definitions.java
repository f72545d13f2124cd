package io.colla.python.gateway;

import io.colla.master.ForeignTask;
import io.colla.python.PythonFunction;
import io.colla.python.PythonSetup;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of a program and of its tasks have defined. The same function has the same number for all of them, whatever they call it, and the same template is one
 * task, so that a task that calls others again and again defines nothing anew. Thread-safe.
 */
final class Definitions {
    /** A session's description of a task, with the functions that it means. */
    record Described(String json, List<Integer> functions) {}

    private record Body(String name, List<String> preload, ByteBuffer content) {}

    private final Map<Body, PythonFunction> functions = new HashMap<>();
    private final Map<Described, ForeignTask> tasks = new HashMap<>();
    private @Nullable PythonSetup setup;

    /** What the program's HELLO says; its tasks' have nothing to add. */
    synchronized void setUp(PythonSetup said) {
        if (setup == null) {
            setup = said;
        }
    }

    /**
     * The function of this body.
     *
     * @throws IllegalStateException before {@link #setUp}
     */
    synchronized PythonFunction function(String name, List<String> preload, byte[] body) {
        PythonSetup known = setup;
        if (known == null) {
            throw new IllegalStateException("a function before HELLO");
        }
        Body key = new Body(name, preload, ByteBuffer.wrap(body));
        return functions.computeIfAbsent(key, b -> new PythonFunction(functions.size(), name, preload, body, known));
    }

    synchronized @Nullable ForeignTask task(Described described) {
        ForeignTask known = tasks.get(described);
        return known == null ? null : known.again();
    }

    synchronized void add(Described described, ForeignTask task) {
        tasks.put(described, task);
    }
}
