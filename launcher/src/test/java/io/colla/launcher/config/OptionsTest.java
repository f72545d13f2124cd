package io.colla.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {
    /** Every option with its variable and its default. Who adds one says so here, in the reference, and in the change log. */
    private static final List<String> EXPECTED = List.of(
            "workers COLLA_WORKERS auto",
            "site COLLA_SITE -",
            "hosts COLLA_HOSTS -",
            "cores COLLA_CORES -",
            "memory COLLA_MEMORY -",
            "master-cores COLLA_MASTER_CORES -",
            "master-memory COLLA_MASTER_MEMORY -",
            "worker-heap COLLA_WORKER_HEAP -",
            "worker-jvm-opts COLLA_WORKER_JVM_OPTS -",
            "scratch COLLA_SCRATCH -",
            "shared COLLA_SHARED -",
            "env COLLA_ENV -",
            "python COLLA_PYTHON -",
            "mpi COLLA_MPI auto",
            "mpi-java COLLA_MPI_JAVA -",
            "mpi-java-opts COLLA_MPI_JAVA_OPTS -",
            "max-jobs COLLA_MAX_JOBS 0",
            "job-idle COLLA_JOB_IDLE 1m",
            "scheduler COLLA_SCHEDULER locality",
            "time-limit COLLA_TIME_LIMIT -",
            "retries COLLA_RETRIES 2",
            "lineage COLLA_LINEAGE 200000",
            "window COLLA_WINDOW 1000000",
            "heartbeat COLLA_HEARTBEAT 2s",
            "nested COLLA_NESTED false",
            "run-dir COLLA_RUN_DIR -",
            "runs-dir COLLA_RUNS_DIR colla-runs",
            "name COLLA_NAME -",
            "progress COLLA_PROGRESS auto",
            "stream COLLA_STREAM false",
            "trace COLLA_TRACE false",
            "trace-events COLLA_TRACE_EVENTS -",
            "trace-name COLLA_TRACE_NAME -",
            "extrae-config COLLA_EXTRAE_CONFIG -",
            "graph COLLA_GRAPH false",
            "quiet COLLA_QUIET false",
            "debug COLLA_DEBUG false",
            "network COLLA_NETWORK -",
            "ports COLLA_PORTS any",
            "batch-system COLLA_BATCH_SYSTEM -",
            "nodes COLLA_NODES 1",
            "cpus-per-node COLLA_CPUS_PER_NODE -",
            "mem-per-node COLLA_MEM_PER_NODE -",
            "gpus-per-node COLLA_GPUS_PER_NODE -",
            "time COLLA_TIME -",
            "queue COLLA_QUEUE -",
            "account COLLA_ACCOUNT -",
            "qos COLLA_QOS -",
            "reservation COLLA_RESERVATION -",
            "licenses COLLA_LICENSES -",
            "constraint COLLA_CONSTRAINT -",
            "exclusive COLLA_EXCLUSIVE false",
            "part COLLA_PART -",
            "depends-on COLLA_DEPENDS_ON -",
            "array COLLA_ARRAY -",
            "work-dir COLLA_WORK_DIR -",
            "env-script COLLA_ENV_SCRIPT -",
            "before COLLA_BEFORE -",
            "after COLLA_AFTER -",
            "mail COLLA_MAIL -",
            "output COLLA_OUTPUT -",
            "requeue COLLA_REQUEUE false",
            "extra COLLA_EXTRA -");

    @Test
    void isThisTable() {
        assertThat(Options.ALL)
                .extracting(option -> option.name() + " " + option.variable() + " "
                        + (option.initial() == null ? "-" : option.initial()))
                .containsExactlyElementsOf(EXPECTED);
    }

    @Test
    void everyDefaultAndEveryExampleIsAValue() {
        for (Option<?> option : Options.ALL) {
            assertThat(option.type().accepts(option.type().example()))
                    .as(option.name())
                    .isTrue();
            if (option.initial() != null) {
                assertThat(option.type().accepts(option.initial()))
                        .as(option.name())
                        .isTrue();
            }
        }
    }

    @Test
    void everyOptionSaysWhatHoldsWithoutIt() {
        for (Option<?> option : Options.ALL) {
            boolean optional =
                    List.of("hosts", "worker-jvm-opts", "env", "mpi-java-opts").contains(option.name());
            assertThat(option.initial() != null || !option.otherDefault().isEmpty() || optional)
                    .as(option.name())
                    .isTrue();
        }
    }

    @Test
    void everyYamlKeyIsServed() {
        Settings settings = new SettingsLoader(Map.of(), Path.of("."), null, null).load(Map.of(), null);
        for (Option<?> option : Options.ALL) {
            assertThat(Options.byName(option.name())).isSameAs(option);
            assertThat(settings.origin(option).where()).isEqualTo("default");
        }
    }
}
