package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code enqueue_compss} and the batch scripts to copy, with a PBS that behaves as PBS was seen to. */
@Tag("process")
@Timeout(180)
class EnqueueToPbsTest extends ThisMachine {
    private static final Path WRAPPERS =
            Path.of("..", "scripts", "wrappers").toAbsolutePath().normalize();

    private FakePbs pbs;

    @BeforeEach
    void makeProgram() throws Exception {
        Files.createDirectory(folder.resolve("home"));
        Files.writeString(
                work.resolve("app.py"),
                """
                import sys
                from pycompss.api.api import compss_wait_on
                from pycompss.api.task import task

                @task(returns=int)
                def add(a, b):
                    return a + b

                print(sys.argv[1:], compss_wait_on(add(40, 2)))
                """);
    }

    private Launched user(Object... words) {
        List<String> line = new ArrayList<>();
        for (Object word : words) {
            line.add(word.toString());
        }
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", folder.resolve("home").toString());
        environment.put("PATH", pbs.state.resolve("bin") + ":" + System.getenv("PATH"));
        environment.put("COLLA_HOME", Home.FOLDER.toString());
        return start(line, environment);
    }

    private String bin(String command) {
        return Home.FOLDER.resolve("bin").resolve(command).toString();
    }

    @Test
    void printsTheIdAsQsubDoes() throws Exception {
        pbs = new FakePbs(folder.resolve("pbs"));
        String job = user(
                        bin("enqueue_compss"),
                        "--num_nodes=2",
                        "--cpus_per_node=2",
                        "--exec_time=5",
                        "--prolog=export,TMPDIR=" + temporary + "," + Marked.VARIABLE + "=" + mark.value(),
                        "app.py",
                        "two words")
                .await()
                .hasCode(0)
                .out()
                .strip();
        assertThat(job).isEqualTo("1.fakepbs");
        user(bin("colla"), "logs", "-f", job).await().hasCode(0).prints("['two words'] 42");
    }

    @Test
    void saysThatPbsGivesOneCoreIfNobodyAsksForMore() throws Exception {
        pbs = new FakePbs(folder.resolve("pbs"));
        user(bin("enqueue_compss"), "--dry-run", "app.py")
                .await()
                .hasCode(0)
                .prints("#PBS -l select=2")
                .says("enqueue_compss: without --cpus_per_node, PBS gives one core of each node");
    }

    @ParameterizedTest
    @CsvSource({"openpbs, openpbs.sh", "torque, torque.sh"})
    void theScriptsToCopyRunAsTheyStand(String flavour, String wrapper) throws Exception {
        pbs = new FakePbs(folder.resolve("pbs"), "--flavour", flavour);
        Files.copy(WRAPPERS.resolve(wrapper), work.resolve(wrapper));
        String carried = "COLLA_HOME,JAVA_HOME,TMPDIR," + Marked.VARIABLE;
        user(pbs.command("qsub"), "-W", "block=true", "-v", carried, wrapper)
                .await()
                .hasCode(0);
        assertThat(Files.readString(work.resolve("app.out"))).contains("[] 42", "app: finished");
    }
}
