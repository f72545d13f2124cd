package io.colla.tracing;

import io.colla.tracing.paraver.EventType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The events that COMPSs' traces have, by the numbers and the very labels that existing Paraver views look for, as far as they have a meaning here. */
public final class EventTypes {
    public static final int TASK = 8000000;
    public static final int TASK_ID = 8000002;
    public static final int TASK_TRANSFERS = 8000003;
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
    public static final int DATA_TRANSFERS = 8000004;
    public static final int INSIDE_TASK = 9000100;
    public static final int BINDING_CPU_AFFINITY = 9000150;
    public static final int BINDING_CPU_COUNT = 9000151;
    public static final int BINDING_GPU_AFFINITY = 9000160;
    public static final int INSIDE_WORKER = 9000200;
    public static final int WORKER_CACHE = 9000201;
    public static final int BINDING_MASTER = 9000300;
    public static final int SERIALIZATION_SIZE = 9000600;
    public static final int DESERIALIZATION_SIZE = 9000601;
    public static final int SERIALIZATION_CACHE_SIZE = 9000602;
    public static final int DESERIALIZATION_CACHE_SIZE = 9000603;
    public static final int SERIALIZATION_OBJECTS = 9000700;
    public static final int DESERIALIZATION_OBJECTS = 9000701;
    public static final int USER = 9100000;
    /** Extrae's for Python: the function that runs, of those called inside a task. */
    public static final int USER_FUNCTION = 60000100;

    /** Extrae's number of PAPI's first preset counter; the others follow in PAPI's order. What was counted since the thread's record before. */
    public static final int FIRST_COUNTER = 42000000;
    /** PAPI_TOT_INS. */
    public static final int INSTRUCTIONS = FIRST_COUNTER + 0x32;
    /** PAPI_TOT_CYC. */
    public static final int CYCLES = FIRST_COUNTER + 0x3b;

    // Ours, in a range that COMPSs leaves free.
    /** 1 when a task has failed, 0 otherwise, at the task's end. */
    public static final int TASK_FAILED = 8009001;
    /** Cores of the node that are busy, in thousandths: 2500 are two and a half. Sampled; of the time until the next sample, as those below. */
    public static final int NODE_CPU = 8009010;
    /** MiB of the node's memory in use, sampled. */
    public static final int NODE_MEMORY = 8009011;
    /** Bytes that the node has received until the next sample. */
    public static final int NODE_RECEIVED = 8009012;
    /** Bytes that the node has sent until the next sample. */
    public static final int NODE_SENT = 8009013;
    /** {@link #RUNTIME}: a task runs. */
    public static final int TASK_RUNNING = 11;

    private static final Map<Integer, EventType> KNOWN = new LinkedHashMap<>();

    static {
        add(0, TASK, "Task");
        add(0, TASK_ID, "Task IDs");
        add(0, TASK_TRANSFERS, "Task Transfers Request");
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
                "0 End|1 Loading Runtime|2 Start|3 Stop|4 Execute Task|5 Waiting for tasks end|6 Barrier|7 Waiting for open file|8 Waiting for get file"
                        + "|9 Waiting for get object|12 Delete File|57 Waiting for open directory|58 Waiting for get Directory|59 Wait on concurrent|80 Snapshot request");
        add(
                0,
                RUNTIME,
                "Runtime",
                "0 End|11 Task Running|13 Received new task|17 Access Processor: Debug|18 Access Processor: Analyse task|19 Access Processor: Update graph"
                        + "|20 Access Processor: Wait for data|21 Access Processor: End of app|22 Access Processor: Already accessed"
                        + "|23 Access Processor: Register data access|24 Access Processor: Transfer open file|25 Access Processor: Transfer raw file"
                        + "|26 Access Processor: Transfer object|27 Access Processor: New version same value|28 Access Processor: Is object here"
                        + "|29 Access Processor: Set object version value|30 Access Processor: Get last renaming"
                        + "|31 Access Processor: Block and get result files|32 Access Processor: Unblock result files|33 Access Processor: Shutdown"
                        + "|36 Access Processor: Delete file|37 Access Processor: Finish access to file|40 Access Processor: Deregister object"
                        + "|41 Access Processor: Cancel task group|42 Access Processor: Remove application data|45 Task Dispatcher: Action update"
                        + "|46 Task Dispatcher: CE registration|47 Task Dispatcher: Execute tasks|48 Task Dispatcher: Get current schedule"
                        + "|50 Task Dispatcher: Monitoring data|51 Task Dispatcher: Shutdown|53 Task Dispatcher: Worker update request"
                        + "|54 Worker: Creating task sandbox|55 Worker: Removing task sandbox|56 Access Processor: Cancel all tasks"
                        + "|57 Task Dispatcher: Cancel tasks|58 Timer: Task timed out|59 Task Dispatcher: Re-starting worker|60 Fetch task parameter"
                        + "|61 Remove Obsoletes|62 Bind Original File names To Renames..|63 Unbind Original File names To Renames.."
                        + "|64 Check OUT parameters.|65 Init Thread for synch file system operations|66 Local copy|67 Local move|68 Local delete"
                        + "|69 Serializing Object");
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
                "0 End|1 CPU binding|2 GPU binding|3 Setup environment variables|4 Get parameters|5 Import user module|6 User code|7 Deserializing string"
                        + "|8 Deserializing object|9 Serializing object|10 Serializing object MPI env|11 Build success message"
                        + "|12 Build COMPSs exception message|13 Build exception message|14 Clean environment|19 Get object from cache"
                        + "|20 Put object in cache|21 Remove object from cache|22 Wait on|23 Task instantiation|24 Cache hit|25 Cache miss");
        add(0, BINDING_CPU_AFFINITY, "Binding Tasks CPU affinity");
        add(0, BINDING_CPU_COUNT, "Binding Tasks CPU count");
        add(0, BINDING_GPU_AFFINITY, "Binding Tasks GPU affinity");
        add(
                0,
                INSIDE_WORKER,
                "Binding events inside worker",
                "0 End|1 Worker running|2 Process task|3 Process ping|4 Process quit");
        add(0, WORKER_CACHE, "Binding events in worker cache");
        add(
                0,
                BINDING_MASTER,
                "Binding master events",
                "0 End|1 Start runtime|2 Stop runtime|3 Application running|7 Accessed file|8 Open file|9 Delete file|10 Get file|11 Get directory"
                        + "|12 Delete object|13 Barrier|14 Barrier group|15 Open task group|16 Close task group|17 Get log path|18 Get number of resources"
                        + "|19 Request resources|20 Free resources|21 Register Core Element|22 Wait on|23 Call to process task|24 Wall clock limit"
                        + "|25 Snapshot|100 Task instantiation|101 Inspect function arguments|113 Serialize objects");
        add(7, SERIALIZATION_SIZE, "Binding serialization size events");
        add(7, DESERIALIZATION_SIZE, "Binding deserialization size events");
        add(7, SERIALIZATION_CACHE_SIZE, "Binding serialization cache size events");
        add(7, DESERIALIZATION_CACHE_SIZE, "Binding deserialization cache size events");
        add(7, SERIALIZATION_OBJECTS, "Binding serialization object number");
        add(7, DESERIALIZATION_OBJECTS, "Binding deserialization object number");
        add(0, USER, "User events");
        add(0, USER_FUNCTION, "User functions");
        add(0, TASK_FAILED, "Task failed", "0 No|1 Failed");
        add(7, INSTRUCTIONS, "PAPI_TOT_INS");
        add(7, CYCLES, "PAPI_TOT_CYC");
        add(7, FIRST_COUNTER, "PAPI_L1_DCM");
        add(7, FIRST_COUNTER + 0x02, "PAPI_L2_DCM");
        add(7, FIRST_COUNTER + 0x08, "PAPI_L3_TCM");
        add(7, NODE_CPU, "Node cores in use (thousandths)");
        add(7, NODE_MEMORY, "Node memory in use (MiB)");
        add(7, NODE_RECEIVED, "Node bytes received");
        add(7, NODE_SENT, "Node bytes sent");
    }

    private static final Set<Integer> SPANS = Set.of(
            TASK,
            TASK_ID,
            TASK_TYPE,
            CPUS,
            GPUS,
            MEMORY,
            DISK,
            CPU_AFFINITY,
            GPU_AFFINITY,
            API,
            RUNTIME,
            THREAD_TYPE,
            EXECUTOR_COUNT,
            EXECUTOR_ACTIVITY,
            EXECUTOR_ID);

    private EventTypes() {}

    /** The types of which a thread's values other than 0 begin something that 0 ends, before the next begins. */
    public static Set<Integer> spans() {
        return SPANS;
    }

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

    /** Whether the type has a label of COMPSs' or ours. */
    public static boolean isKnown(int number) {
        return number == TASK || KNOWN.containsKey(number);
    }

    /** The type, labelled as COMPSs does; types that are not known are labelled by their number. The values of {@link #TASK} are the run's. */
    public static EventType of(int number) {
        EventType known = KNOWN.get(number);
        return known != null ? known : new EventType(0, number, "Event " + number, Map.of());
    }
}
