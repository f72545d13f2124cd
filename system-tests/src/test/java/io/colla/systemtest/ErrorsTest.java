package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.colla.systemtest.apps.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong in an application, its tasks and its surroundings: the sentence, the exit code, and nothing left behind. */
@Tag("process")
@Timeout(120)
class ErrorsTest extends ThisMachine {
    private static final List<String> EMBEDDED = List.of();
    private static final List<String> ONE_WORKER = List.of("--workers", "local:1", "--heartbeat", "500ms");

    private Launched.Ended trouble(List<String> options, Object... arguments) {
        return application(options, "Trouble", arguments).await();
    }

    @Test
    void aConstraintThatNothingCanMeet() {
        trouble(EMBEDDED, "constraint")
                .hasCode(2)
                .saysMatch("(?m)^colla: .*Trouble.nothing.* needs 1000 cores on a node and the largest node has \\d+");
    }

    @Test
    void aMissingProgram() {
        trouble(EMBEDDED, "missing-binary").hasCode(71).says("program 'no-such-program' was not found on PATH");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "local:1"})
    void aTaskThatThrows(String workers) {
        trouble(List.of("--workers", workers), "throws", "the task's own reason")
                .hasCode(71)
                .says(
                        "Trouble.fails",
                        "IllegalArgumentException: the task's own reason",
                        "at io.colla.systemtest.apps.Trouble.fails");
    }

    @Test
    void anExceptionWhoseClassNobodyElseHas() {
        trouble(ONE_WORKER, "odd-exception").hasCode(71).says("Trouble$Odd", "an odd reason", "Trouble.failsOddly");
    }

    @Test
    void anExceptionThatCannotBeSent() {
        trouble(ONE_WORKER, "unsendable-exception").hasCode(71).says("Unsendable: an unsendable reason");
    }

    @Test
    void aTaskThatExits() {
        trouble(ONE_WORKER, "task-exits").hasCode(71).says("Trouble.exits", "called System.exit");
    }

    @Test
    void aProgramThatIsKilled() {
        trouble(EMBEDDED, "killed").hasCode(71).says("was killed by signal 9 (SIGKILL)");
    }

    @Test
    void aProgramThatLeavesChildren() {
        trouble(EMBEDDED, "program-leaves-child").hasCode(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "local:1"})
    void aTaskThatLeavesAChild(String workers) {
        trouble(List.of("--workers", workers), "task-leaves-child").hasCode(0).prints("all went well");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "local:1"})
    void aTaskThatEatsTheHeap(String workers) {
        Launched.Ended ended = start(
                        Home.run(
                                List.of("--workers", workers, "--worker-heap", "100M"),
                                Home.CLASSES,
                                "Trouble",
                                "heap"),
                        java.util.Map.of("COLLA_JVM_OPTS", "-Xmx100m"))
                .await();
        ended.hasCode(71).says("Trouble.eatsHeap", "OutOfMemoryError");
    }

    @Test
    void anApplicationThatThrows() {
        trouble(EMBEDDED, "application-throws")
                .hasCode(1)
                .says(
                        "IllegalStateException: the application's own reason",
                        "at io.colla.systemtest.apps.Trouble.main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "local:1"})
    void anApplicationThatExits(String workers) throws IOException {
        trouble(List.of("--workers", workers), "application-exits")
                .hasCode(7)
                .prints("42")
                .says("System.exit");
        assertThat(summary()).contains("\"done\": 2");
    }

    @Test
    void anApplicationForANewerJava() throws IOException {
        Path jar = work.resolve("newer.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            byte[] code = Files.readAllBytes(
                    Home.CLASSES.resolve(Trouble.class.getName().replace('.', '/') + ".class"));
            code[7] = 99; // the major version
            out.putNextEntry(new JarEntry(Trouble.class.getName().replace('.', '/') + ".class"));
            out.write(code);
        }
        start(List.of(Home.command(), "run", "-cp", jar.toString(), Trouble.class.getName(), "throws", "x"))
                .await()
                .hasCode(2)
                .saysMatch("(?m)^colla: .*Trouble.* Java 55");
    }

    /** In a mount namespace of its own, the working folder is a disk with this much space. */
    private Launched.Ended onSmallDisk(String space, String before, List<String> command) {
        assumeThat(ProcessHandle.current().info().user()).contains("root");
        List<String> words = new ArrayList<>(List.of("unshare", "-m", "sh", "-c"));
        words.add("mount -t tmpfs -o size=" + space + " tmpfs . && cd \"$PWD\" && " + before + " && exec \"$@\"");
        words.add("sh");
        words.addAll(command);
        return start(words).await();
    }

    @Test
    void aWorkingFolderThatIsFull() {
        onSmallDisk("64k", "head -c 64000 /dev/zero >fill", Home.run(EMBEDDED, Home.CLASSES, "Trouble", "throws", "x"))
                .hasCode(2)
                .says("cannot write the run's folder", "No space left on device", "--run-dir");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fills-disk", "fills-disk-by-program"})
    void aTaskThatFillsTheDisk(String how) {
        onSmallDisk("2m", "true", Home.run(ONE_WORKER, Home.CLASSES, "Trouble", how, "result.bin"))
                .hasCode(71)
                .says("No space left on device");
    }
}
