package io.colla.master;

import io.colla.api.BinaryTask;
import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.api.TaskCall;
import io.colla.api.TaskFunction;
import io.colla.api.TaskOptions;
import io.colla.api.TaskOptions.Alternative;
import io.colla.api.UsageException;
import io.colla.core.TaskTemplate;
import io.colla.platform.TaskDefinition;
import io.colla.platform.TaskDefinition.Implementation;
import io.colla.scheduler.Requirement;
import io.colla.worker.JavaFunctions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes {@link PreparedTask}s of functions and programs, each once per set of options. Thread-safe. */
final class TaskPreparer {
    static final int DEFAULT_RETRIES = 2;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final Set<String> BUILT_IN = Set.of("task.cores", "task.memory_mb", "task.id", "task.nodes");

    private final Definitions definitions;
    private final int retries;
    private final Function<List<Requirement>, @Nullable String> feasibility;
    private final Map<Class<?>, PreparedTask> byFunctionClass = Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<BinaryTask, PreparedTask> byProgram = Collections.synchronizedMap(new java.util.HashMap<>());
    private final TaskOptions options;

    /**
     * @param retries further attempts where a task does not say
     * @param feasibility says in one sentence why no node could run any of these; null if one could
     * @param options over those of the functions
     */
    TaskPreparer(
            Definitions definitions,
            int retries,
            Function<List<Requirement>, @Nullable String> feasibility,
            TaskOptions options) {
        this.definitions = definitions;
        this.retries = retries;
        this.feasibility = feasibility;
        this.options = options;
    }

    TaskPreparer with(TaskOptions more) {
        return new TaskPreparer(definitions, retries, feasibility, options.and(more));
    }

    PreparedTask prepare(TaskCall call) {
        TaskFunction function = call.function();
        PreparedTask prepared = function != null ? prepare(function) : prepare(program(call), call.names());
        requirePossible(prepared);
        return prepared;
    }

    /**
     * A task of several implementations that need not be Java's.
     *
     * @param parameters for all of them
     * @param ways what it consists of, with what each needs
     * @param common what holds for all: priority, failure policy, retries and time limit
     * @throws UsageException if no node could ever run it, or a program's template names a parameter that there is not
     */
    PreparedTask prepare(String name, List<String> parameters, List<ForeignTask.Way> ways, TaskOptions common) {
        List<Implementation> implementations = new ArrayList<>();
        List<Requirement> requirements = new ArrayList<>();
        for (ForeignTask.Way way : ways) {
            if (way.implementation().body() instanceof BinaryTask program) {
                checkPlaceholders(program, parameters);
            }
            implementations.add(way.implementation());
            requirements.add(requirement(way.needs()));
        }
        PreparedTask prepared = prepared(
                name,
                parameters,
                Collections.nCopies(parameters.size(), Direction.IN),
                implementations,
                requirements,
                options.and(common),
                true);
        requirePossible(prepared);
        return prepared;
    }

    private static void requirePossible(PreparedTask prepared) {
        String problem = prepared.problem();
        if (problem != null) {
            throw new UsageException("task " + prepared.template().name() + " can never run: " + problem);
        }
    }

    private static BinaryTask program(TaskCall call) {
        BinaryTask program = call.program();
        if (program == null) {
            throw new UsageException("a task call needs a function or a program");
        }
        return program;
    }

    private PreparedTask prepare(TaskFunction function) {
        PreparedTask known = byFunctionClass.get(function.getClass());
        if (known != null) {
            return known;
        }
        JavaFunctions.Function described = JavaFunctions.definition(function);
        TaskOptions all = described.options().and(options);
        List<Implementation> implementations = new ArrayList<>();
        List<Requirement> requirements = new ArrayList<>();
        implementations.add(described.implementation());
        requirements.add(requirement(all));
        for (Alternative alternative : all.alternatives()) {
            if (alternative instanceof Alternative.Function other) {
                JavaFunctions.Function otherDescribed = JavaFunctions.definition(other.function());
                if (!otherDescribed.types().equals(described.types())) {
                    throw new UsageException(otherDescribed.name() + " takes other parameters than " + described.name()
                            + " and cannot be its alternative");
                }
                implementations.add(otherDescribed.implementation());
                requirements.add(requirement(otherDescribed.options().and(other.options())));
            } else {
                throw new UsageException("an alternative of the Java task " + described.name()
                        + " must be a Java function; a program's alternatives go with exec");
            }
        }
        PreparedTask prepared = prepared(
                all.name() != null ? all.name() : described.name(),
                described.parameters(),
                described.directions(),
                implementations,
                requirements,
                all,
                described.returnsValue());
        if (JavaFunctions.definition(function) == described) {
            // The same each time: it captures nothing.
            byFunctionClass.put(function.getClass(), prepared);
        }
        return prepared;
    }

    private PreparedTask prepare(BinaryTask program, List<String> names) {
        BinaryTask keyed = program;
        PreparedTask known = byProgram.get(keyed);
        if (known != null && known.parameters().equals(names)) {
            return known;
        }
        TaskOptions all = program.options().and(options);
        List<Implementation> implementations = new ArrayList<>();
        List<Requirement> requirements = new ArrayList<>();
        checkPlaceholders(program, names);
        implementations.add(new Implementation("binary", program));
        requirements.add(requirement(all));
        for (Alternative alternative : all.alternatives()) {
            if (alternative instanceof Alternative.Program other) {
                checkPlaceholders(other.program(), names);
                implementations.add(new Implementation("binary", other.program()));
                requirements.add(requirement(other.options()));
            } else {
                throw new UsageException("an alternative of the program " + program.program()
                        + " must be a program; a function's alternatives go with call");
            }
        }
        String file = program.program().substring(program.program().lastIndexOf('/') + 1);
        PreparedTask prepared = prepared(
                all.name() != null ? all.name() : file,
                names,
                Collections.nCopies(names.size(), Direction.IN),
                implementations,
                requirements,
                all,
                true);
        byProgram.put(keyed, prepared);
        return prepared;
    }

    private static void checkPlaceholders(BinaryTask program, List<String> names) {
        List<String> templates = new ArrayList<>(program.arguments());
        templates.add(program.program());
        for (String template :
                Arrays.asList(program.stdin(), program.stdout(), program.stderr(), program.workingDirectory())) {
            if (template != null) {
                templates.add(template);
            }
        }
        templates.addAll(program.environment().values());
        for (String template : templates) {
            Matcher matcher = PLACEHOLDER.matcher(template);
            while (matcher.find()) {
                String name = matcher.group(1);
                boolean known = names.contains(name) || BUILT_IN.contains(name);
                if (!known && NAME.matcher(name).matches()) {
                    throw new UsageException(
                            "'" + template + "' of program " + program.program() + " needs a binding for " + name
                                    + "; bound are " + (names.isEmpty() ? "none" : new TreeSet<>(names)));
                }
            }
        }
    }

    private PreparedTask prepared(
            String name,
            List<String> parameters,
            List<Direction> directions,
            List<Implementation> implementations,
            List<Requirement> requirements,
            TaskOptions all,
            boolean returnsValue) {
        int definition = definitions.add(new TaskDefinition(name, parameters, implementations));
        FailurePolicy policy = all.onFailure() != null ? all.onFailure() : FailurePolicy.RETRY;
        Duration timeout = all.timeout();
        TaskTemplate template = new TaskTemplate(
                definition,
                name,
                requirements,
                all.priority() != null ? all.priority() : 0,
                policy,
                all.retries() != null ? all.retries() : retries,
                timeout == null ? 0 : timeout.toNanos());
        Direction[] plain = Arrays.copyOf(directions.toArray(Direction[]::new), directions.size() + 1);
        plain[directions.size()] = Direction.OUT;
        return new PreparedTask(template, directions, parameters, returnsValue, plain, feasibility.apply(requirements));
    }

    private static Requirement requirement(TaskOptions options) {
        return new Requirement(
                options.cores() != null ? options.cores() : 1,
                options.memory() != null ? options.memory() : 0,
                options.resources(),
                options.properties(),
                options.nodes() != null ? options.nodes() : 1);
    }
}
