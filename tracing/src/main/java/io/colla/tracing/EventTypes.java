package io.colla.tracing;

import io.colla.tracing.paraver.EventType;
import java.util.LinkedHashMap;
import java.util.Map;

/** The events that COMPSs' traces have, by the numbers and the very labels that existing Paraver views look for, as far as they have a meaning here. */
public final class EventTypes {
    public static final int TASK = 8000000;
    public static final int TASK_ID = 8000002;
    public static final int READY_COUNT = 8000006;
    public static final int TASK_TYPE = 8000007;
    public static final int CPUS = 8000008;
    public static final int GPUS = 8000009;
    public static final int MEMORY = 8000010;
    public static final int DISK = 8000011;
    public static final int CPU_AFFINITY = 8000150;
    public static final int GPU_AFFINITY = 8000160;
    public static final int API = 8001001;
    public static final int RUNTIME = 8001002;
    public static final int THREAD_TYPE = 8001003;
    public static final int EXECUTOR_COUNT = 8001004;
    public static final int EXECUTOR_ACTIVITY = 8001005;
    public static final int EXECUTOR_ID = 8001006;
    public static final int INSIDE_TASK = 9000100;
    public static final int DATA_TRANSFERS = 8000004;
    public static final int USER = 9100000;
    /** {@link #RUNTIME}: a task runs. */
    public static final int TASK_RUNNING = 11;

    private static final Map<Integer, EventType> KNOWN = new LinkedHashMap<>();

    static {
        add(0, TASK_ID, "Task IDs");
        add(0, DATA_TRANSFERS, "Data Transfers");
        add(0, READY_COUNT, "Ready queue count");
        add(
                0,
                TASK_TYPE,
                "Type of task",
                "0 End|1 METHOD|2 BINARY|3 MPI|4 MPMDMPI|5 PYTHON_MPI|6 COMPSs|7 DECAF|8 MULTI_NODE|9 OMPSS|10 OPENCL|11 HTTP|12 CONTAINER");
        add(7, CPUS, "Number of requested CPUs");
        add(7, GPUS, "Number of requested GPUs");
        add(7, MEMORY, "Requested Memory");
        add(7, DISK, "Requested disk bandwidth");
        add(0, CPU_AFFINITY, "Tasks CPU affinity");
        add(0, GPU_AFFINITY, "Tasks GPU affinity");
        add(
                0,
                API,
                "API",
                "0 End|1 Loading Runtime|2 Start|3 Stop|4 Execute Task|5 Waiting for tasks end|6 Barrier|7 Waiting for open file|8 get file|9 get object|12 Delete File");
        add(0, RUNTIME, "Runtime", "0 End|11 Task Running|13 Received new task");
        add(
                0,
                THREAD_TYPE,
                "Thread type identifier",
                "0 End|1 main|2 AP|3 TD|4 FS low|5 FS high|6 timer|7 wall clock|8 executor|9 python worker|10 cache");
        add(0, EXECUTOR_COUNT, "Executor threads count", "0 End|1 Executor");
        add(0, EXECUTOR_ACTIVITY, "Executor thread activity", "0 End|1 Executor");
        add(0, EXECUTOR_ID, "Executor thread identifier");
        add(
                0,
                INSIDE_TASK,
                "Binding events inside tasks",
                "0 End|4 Process parameters|6 User code|7 Deserialize object|8 Serialize object|9 Serialize object to network");
        add(0, USER, "User events");
    }

    private EventTypes() {}

    private static void add(int gradient, int number, String label) {
        KNOWN.put(number, new EventType(gradient, number, label, Map.of()));
    }

    private static void add(int gradient, int number, String label, String values) {
        Map<Long, String> labels = new LinkedHashMap<>();
        for (String value : values.split("\\|")) {
            int space = value.indexOf(' ');
            labels.put(Long.valueOf(value.substring(0, space)), value.substring(space + 1));
        }
        KNOWN.put(number, new EventType(gradient, number, label, labels));
    }

    /** The type, labelled as COMPSs does; types that are not known are labelled by their number. {@link #TASK} is made from the run's tasks. */
    public static EventType of(int number) {
        EventType known = KNOWN.get(number);
        return known != null ? known : new EventType(0, number, "Event " + number, Map.of());
    }
}
