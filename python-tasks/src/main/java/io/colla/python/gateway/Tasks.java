package io.colla.python.gateway;

import io.colla.api.BinaryTask;
import io.colla.api.FailurePolicy;
import io.colla.api.MpmdTask;
import io.colla.api.Ranks;
import io.colla.api.TaskOptions;
import io.colla.api.UsageException;
import io.colla.master.ForeignSession;
import io.colla.master.ForeignTask;
import io.colla.platform.Ranked;
import io.colla.platform.TaskDefinition.Implementation;
import io.colla.python.FrameException;
import io.colla.python.Json;
import io.colla.python.JsonObject;
import io.colla.python.PythonFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions and templates that a program has defined, by its own numbers. Used by one thread. */
final class Tasks {
    private static final String BINARY = "binary";
    private static final String MPMD = "mpmd";
    private static final double NANOS = 1e9;

    private final ForeignSession session;
    private final Definitions shared;
    private final Map<Integer, PythonFunction> functions = new HashMap<>();
    private @Nullable ForeignTask[] templates = new ForeignTask[64];

    Tasks(ForeignSession session, Definitions shared) {
        this.session = session;
        this.shared = shared;
    }

    /** @param number the session's own */
    void addFunction(int number, PythonFunction function) {
        functions.put(number, function);
    }

    ForeignTask template(int number) throws FrameException {
        ForeignTask task = number >= 0 && number < templates.length ? templates[number] : null;
        if (task == null) {
            throw new FrameException("template " + number + " is used and not defined");
        }
        return task;
    }

    /**
     * Defines a template.
     *
     * @throws UsageException if no node could ever run it
     */
    void define(int number, String json) throws FrameException {
        JsonObject described = Json.parseObject(json);
        List<Integer> meant = new ArrayList<>();
        for (JsonObject implementation : described.objects("implementations")) {
            if (!isProgram(implementation)) {
                meant.add(function(implementation).number());
            }
        }
        Definitions.Described key = new Definitions.Described(json, meant);
        ForeignTask task = shared.task(key);
        if (task == null) {
            task = defined(described);
            shared.add(key, task);
        }
        put(number, task);
    }

    private ForeignTask defined(JsonObject described) throws FrameException {
        String name = described.text("name", "task");
        List<ForeignTask.Way> ways = new ArrayList<>();
        List<String> parameters = null;
        for (JsonObject implementation : described.objects("implementations")) {
            TaskOptions needs = needs(implementation);
            if (isProgram(implementation)) {
                List<String> names = implementation.texts("parameters");
                if (!ways.isEmpty() && !names.equals(parameters)) {
                    throw mixed(name);
                }
                parameters = names;
                ways.add(new ForeignTask.Way(program(implementation, needs), needs));
            } else {
                if (parameters != null) {
                    throw mixed(name);
                }
                ways.add(new ForeignTask.Way(implementation(function(implementation), needs), needs));
            }
        }
        if (ways.isEmpty()) {
            throw new FrameException("a template without implementation");
        }
        TaskOptions common = common(described);
        return parameters == null ? session.define(name, ways, common) : session.define(name, parameters, ways, common);
    }

    private static UsageException mixed(String name) {
        return new UsageException("the implementations of task " + name
                + " must all be Python functions, or all programs with the same parameters");
    }

    private void put(int number, ForeignTask task) throws FrameException {
        if (number < 0 || number > 1 << 24) {
            throw new FrameException("template number " + Integer.toUnsignedString(number));
        }
        if (number >= templates.length) {
            templates = Arrays.copyOf(templates, Math.max(number + 1, 2 * templates.length));
        }
        templates[number] = task;
    }

    private PythonFunction function(JsonObject implementation) throws FrameException {
        int number = (int) implementation.number("function", -1);
        PythonFunction function = functions.get(number);
        if (function == null) {
            throw new FrameException("function " + number + " is used and not defined");
        }
        return function;
    }

    private static boolean isProgram(JsonObject implementation) throws FrameException {
        String kind = implementation.text("kind", "");
        return kind.equals(BINARY) || kind.equals(MPMD);
    }

    /** The function itself, or all of its ranks. */
    private static Implementation implementation(PythonFunction function, TaskOptions needs) {
        Ranks ranks = needs.ranks();
        return ranks == null
                ? new Implementation(PythonFunction.KIND, function)
                : new Implementation(PythonFunction.RANKED, new Ranked(function, ranks));
    }

    private static Implementation program(JsonObject described, TaskOptions needs) throws FrameException {
        if (described.text("kind", "").equals(MPMD)) {
            return new Implementation(Ranked.PROGRAM, job(described, needs));
        }
        BinaryTask program = new BinaryTask(
                described.text("program", ""),
                described.texts("arguments"),
                described.text("stdin"),
                described.text("stdout"),
                described.text("stderr"),
                described.text("working_dir"),
                described.words("environment"),
                described.flag("fail_by_exit_value", true),
                needs.ranks() == null ? TaskOptions.defaults() : needs,
                described.flag("ompss", false));
        return new Implementation(needs.ranks() == null ? BINARY : Ranked.PROGRAM, program);
    }

    private static MpmdTask job(JsonObject described, TaskOptions needs) throws FrameException {
        List<BinaryTask> programs = new ArrayList<>();
        for (JsonObject each : described.objects("programs")) {
            programs.add(new BinaryTask(
                    each.text("program", ""),
                    each.texts("arguments"),
                    null,
                    null,
                    null,
                    null,
                    each.words("environment"),
                    true,
                    TaskOptions.defaults().ranks(Ranks.of((int) each.number("ranks", 1)))));
        }
        return new MpmdTask(
                programs,
                described.text("stdin"),
                described.text("stdout"),
                described.text("stderr"),
                described.text("working_dir"),
                described.flag("fail_by_exit_value", true),
                needs);
    }

    private static TaskOptions needs(JsonObject described) throws FrameException {
        TaskOptions needs =
                TaskOptions.defaults().cores((int) described.number("cores", 1)).memory(described.number("memory", 0));
        for (Map.Entry<String, Integer> resource :
                described.amounts("resources").entrySet()) {
            needs = needs.resource(resource.getKey(), resource.getValue());
        }
        for (Map.Entry<String, String> property : described.words("properties").entrySet()) {
            needs = needs.property(property.getKey(), property.getValue());
        }
        JsonObject ranks = described.object("ranks");
        return ranks == null ? needs.nodes((int) described.number("nodes", 1)) : needs.ranks(ranks(ranks));
    }

    private static Ranks ranks(JsonObject described) throws FrameException {
        Ranks ranks = Ranks.of((int) described.number("count", 1))
                .perNode((int) described.number("per_node", 0))
                .flags(described.texts("flags").toArray(String[]::new));
        String launcher = described.text("launcher");
        return launcher == null ? ranks : ranks.launcher(launcher);
    }

    private static TaskOptions common(JsonObject described) throws FrameException {
        TaskOptions common = TaskOptions.defaults()
                .priority((int) described.number("priority", 0))
                .onFailure(policy(described.text("on_failure", "RETRY")))
                .timeout(Duration.ofNanos((long) (NANOS * described.fraction("timeout", 0))));
        long retries = described.number("retries", -1);
        return retries < 0 ? common : common.retries((int) retries);
    }

    private static FailurePolicy policy(String name) {
        for (FailurePolicy policy : FailurePolicy.values()) {
            if (policy.name().equals(name)) {
                return policy;
            }
        }
        throw new UsageException("on_failure is '" + name + "'; it can be RETRY, FAIL, IGNORE or CANCEL_SUCCESSORS");
    }
}
