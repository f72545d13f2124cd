package io.colla.master;

import io.colla.api.BinaryTask;
import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.api.Fill;
import io.colla.api.MpmdTask;
import io.colla.api.Ranks;
import io.colla.api.TaskCall;
import io.colla.api.TaskFunction;
import io.colla.api.TaskOptions;
import io.colla.api.TaskOptions.Alternative;
import io.colla.api.UsageException;
import io.colla.core.TaskTemplate;
import io.colla.platform.Ranked;
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
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes {@link PreparedTask}s of functions and programs, each once per set of options. Thread-safe. */
final class TaskPreparer {
    static final int DEFAULT_RETRIES = 2;

    private final Definitions definitions;
    private final int retries;
    private final Function<List<Requirement>, @Nullable String> feasibility;
    private final Map<Class<?>, PreparedTask> byFunctionClass = Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<Object, PreparedTask> byProgram = Collections.synchronizedMap(new java.util.HashMap<>());
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
        MpmdTask mpmd = call.mpmd();
        PreparedTask prepared = function != null
                ? prepare(function)
                : mpmd != null ? prepare(mpmd, call.names()) : prepare(program(call), call.names());
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
                Placeholders.check(program, parameters);
            } else if (way.implementation().body() instanceof MpmdTask job) {
                Placeholders.check(job, parameters);
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
        implementations.add(implementation(described, all));
        requirements.add(requirement(all));
        for (Alternative alternative : all.alternatives()) {
            if (alternative instanceof Alternative.Function other) {
                JavaFunctions.Function otherDescribed = JavaFunctions.definition(other.function());
                if (!otherDescribed.types().equals(described.types())) {
                    throw new UsageException(otherDescribed.name() + " takes other parameters than " + described.name()
                            + " and cannot be its alternative");
                }
                TaskOptions needs = otherDescribed.options().and(other.options());
                implementations.add(implementation(otherDescribed, needs));
                requirements.add(requirement(needs));
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

    /** The function itself, or all of its ranks. */
    private static Implementation implementation(JavaFunctions.Function described, TaskOptions needs) {
        Ranks ranks = needs.ranks();
        if (ranks == null) {
            return described.implementation();
        }
        for (String parameter : ranks.layouts().keySet()) {
            if (!described.parameters().contains(parameter) && !isNumber(parameter, described.parameters())) {
                throw new UsageException("layout of '" + parameter + "': " + described.name()
                        + " has no such parameter; it has " + described.parameters()
                        + " (names are known of classes compiled with -parameters; a number from 0 always works)");
            }
        }
        return new Implementation(
                Ranked.JAVA, new Ranked(described.implementation().body(), ranks));
    }

    private static boolean isNumber(String parameter, List<String> parameters) {
        return IntStream.range(0, parameters.size())
                .anyMatch(i -> Integer.toString(i).equals(parameter));
    }

    private PreparedTask prepare(BinaryTask program, List<String> names) {
        PreparedTask known = byProgram.get(program);
        if (known != null && known.parameters().equals(names)) {
            return known;
        }
        TaskOptions all = program.options().and(options);
        String file = program.program().substring(program.program().lastIndexOf('/') + 1);
        PreparedTask prepared = prepareProgram(file, implementation(program, all, names), all, names);
        byProgram.put(program, prepared);
        return prepared;
    }

    private PreparedTask prepare(MpmdTask job, List<String> names) {
        PreparedTask known = byProgram.get(job);
        if (known != null && known.parameters().equals(names)) {
            return known;
        }
        Placeholders.check(job, names);
        MpmdTask placed = job.with(options);
        String name = job.programs().stream()
                .map(program -> program.program().substring(program.program().lastIndexOf('/') + 1))
                .collect(Collectors.joining("+"));
        PreparedTask prepared =
                prepareProgram(name, new Implementation(Ranked.PROGRAM, placed), placed.options(), names);
        byProgram.put(job, prepared);
        return prepared;
    }

    private PreparedTask prepareProgram(String name, Implementation first, TaskOptions all, List<String> names) {
        List<Implementation> implementations = new ArrayList<>();
        List<Requirement> requirements = new ArrayList<>();
        implementations.add(first);
        requirements.add(requirement(all));
        for (Alternative alternative : all.alternatives()) {
            if (alternative instanceof Alternative.Program other) {
                implementations.add(implementation(other.program(), other.options(), names));
                requirements.add(requirement(other.options()));
            } else {
                throw new UsageException("an alternative of the program " + name
                        + " must be a program; a function's alternatives go with call");
            }
        }
        return prepared(
                all.name() != null ? all.name() : name,
                names,
                Collections.nCopies(names.size(), Direction.IN),
                implementations,
                requirements,
                all,
                true);
    }

    /** The program itself, or all of its ranks. */
    private static Implementation implementation(BinaryTask program, TaskOptions needs, List<String> names) {
        Placeholders.check(program, names);
        Ranks ranks = needs.ranks();
        return ranks == null
                ? new Implementation("binary", program)
                : new Implementation(Ranked.PROGRAM, program.ranks(ranks));
    }

    private PreparedTask prepared(
            String name,
            List<String> parameters,
            List<Direction> directions,
            List<Implementation> implementations,
            List<Requirement> requirements,
            TaskOptions all,
            boolean returnsValue) {
        if (requirements.stream().map(Requirement::isGang).distinct().count() > 1) {
            throw new UsageException("the alternatives of task " + name
                    + " must all take ranks (or several nodes), or none of them: they are placed in different ways");
        }
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
        Ranks ranks = options.ranks();
        if (ranks != null && options.nodes() != null && options.nodes() > 1) {
            throw new UsageException("a task with ranks has no number of nodes of its own; instead of nodes("
                    + options.nodes() + ") say how many ranks each node has: ranks(Ranks.of(" + ranks.count()
                    + ").perNode(…))");
        }
        return new Requirement(
                options.cores() != null ? options.cores() : 1,
                options.memory() != null ? options.memory() : 0,
                options.resources(),
                options.properties(),
                options.nodes() != null ? options.nodes() : 1,
                ranks == null
                        ? null
                        : new Requirement.Ranks(
                                ranks.count(), ranks.perNode(), ranks.fill() == Fill.SPREAD, ranks.wholeNodes()));
    }
}
