package io.colla.binary;

import io.colla.binary.spawn.Environment;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The environment of a task's program: the worker's, without what concerns the worker alone, and with what the program is to know of
 * its task.
 *
 * <p>OMP_NUM_THREADS is the number of the task's cores, whatever the job's script exported, because OpenMP programs would otherwise start as
 * many threads as the script was meant for, on fewer cores; only the task's own {@code environment} overrides it. For a task with ranks it is the
 * number of each rank's cores.
 */
public final class TaskEnvironment {

    private static final Set<String> OF_THE_JVM =
            Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");
    private static final Set<String> HIDDEN =
            System.getenv().keySet().stream().filter(TaskEnvironment::isHidden).collect(Collectors.toUnmodifiableSet());
    private static final Map<String, String> CHANGED = ExtraeVariables.without(System.getenv());

    private TaskEnvironment() {}

    /** Whether a variable of the worker is kept from programs: Colla's own, among them where the run's secret is, the JVM's, and those that have Extrae record. */
    public static boolean isHidden(String name) {
        return name.startsWith("COLLA_") || OF_THE_JVM.contains(name) || ExtraeVariables.isOne(name);
    }

    static Environment of(Program program, TaskContext context) throws TaskError {
        Map<String, String> variables = new HashMap<>(ofTask(context));
        variables.putAll(program.variables(context));
        return inherited(variables);
    }

    /** The worker's environment without what concerns the worker alone, and with these variables. */
    public static Environment inherited(Map<String, String> variables) {
        if (CHANGED.isEmpty()) {
            return new Environment(true, variables, HIDDEN);
        }
        Map<String, String> all = new HashMap<>(CHANGED);
        all.putAll(variables);
        return new Environment(true, all, HIDDEN);
    }

    /** Takes out of an environment what would have Extrae record the process that is to be started. */
    public static void removeExtrae(Map<String, String> environment) {
        environment.putAll(ExtraeVariables.without(Map.copyOf(environment)));
        environment.keySet().removeIf(ExtraeVariables::isOne);
    }

    /** What programs are told of their task. */
    public static Map<String, String> ofTask(TaskContext context) {
        String cores = TaskValue.CORES.of(context);
        Map<String, String> variables = new HashMap<>(ExtraeVariables.ofTask(context.trace(), System.getenv()));
        variables.put("OMP_NUM_THREADS", cores);
        variables.put("COLLA_TASK_ID", TaskValue.ID.of(context));
        variables.put("COLLA_TASK_CORES", cores);
        variables.put("COLLA_TASK_NODES", TaskValue.NODES.of(context));
        return variables;
    }
}
