package io.colla.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.colla.api.BinaryTask;
import io.colla.api.Direction;
import io.colla.platform.CpuList;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs through the executor. */
@Tag("process")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BinaryExecutorTest {

    private static BinaryExecutor executor = new BinaryExecutor();

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        executor = new BinaryExecutor();
    }

    @AfterAll
    static void close() {
        executor.close();
    }

    private FakeContext context(BinaryTask task) {
        return new FakeContext(folder, task);
    }

    private static BinaryTask sh(String script) {
        return BinaryTask.of("sh", "-c", script, "sh");
    }

    /** What the task prints. */
    private String printed(FakeContext context) throws Exception {
        assertThat(executor.execute(context)).isZero();
        return Files.readString(context.outputFile("stdout")).strip();
    }

    private TaskError failure(FakeContext context) {
        TaskError error = catchThrowableOfType(TaskError.class, () -> executor.execute(context));
        assertThat(error).as("an error").isNotNull();
        return error;
    }

    @Test
    void isFoundAsAService() {
        assertThat(ServiceLoader.load(TaskExecutor.class).stream().map(ServiceLoader.Provider::type))
                .anyMatch(BinaryExecutor.class::equals);
        assertThat(executor.kind()).isEqualTo("binary");
    }

    @Test
    void argumentsReachTheProgramUnchanged() throws Exception {
        FakeContext context = context(
                        sh("for a; do printf '[%s]' \"$a\"; done").args("{{x}}", "{{many}}", "*", "$HOME"))
                .in("x", "a  b;`c`")
                .in("many", List.of("", "é"));
        assertThat(printed(context)).isEqualTo("[a  b;`c`][][é][*][$HOME]");
    }

    @Test
    void theProgramCanBeAParameter() throws Exception {
        Path script = Files.writeString(folder.resolve("built"), "#!/bin/sh\necho made $1\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(printed(context(BinaryTask.of("{{exe}}", "now")).file("exe", script, Direction.IN)))
                .isEqualTo("made now");
    }

    @Test
    void objectsAreFedIn() throws Exception {
        BinaryTask cat = BinaryTask.of("cat").stdin("{{x}}");
        assertThat(printed(context(cat).in("x", "é\n"))).isEqualTo("é");
        assertThat(printed(context(cat).in("x", "raw".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("raw");
        assertThat(printed(context(cat).in("x", List.of("one", 2)))).isEqualTo("one\n2");
        Path file = Files.writeString(folder.resolve("in"), "from a file");
        assertThat(printed(context(cat).file("x", file, Direction.IN))).isEqualTo("from a file");
        assertThat(printed(context(BinaryTask.of("cat")))).isEmpty();
        assertThat(failure(context(cat).in("x", new int[1])).getMessage())
                .startsWith("parameter 'x' is an array (int[]), which stdin cannot be fed from");
    }

    @Test
    void objectsReceiveWhatIsPrinted() throws Exception {
        BinaryTask both = sh("printf é; printf err >&2; exit 3")
                .stdout("{{o}}")
                .stderr("{{e}}")
                .exitCodeIsResult();
        FakeContext context = context(both).out("o").inout("e", new byte[0]);
        assertThat(executor.execute(context)).isEqualTo(3);
        assertThat(context.result("o")).isEqualTo("é");
        assertThat(context.result("e")).isEqualTo("err".getBytes(StandardCharsets.UTF_8));

        FakeContext merged = context(
                        sh("echo a; echo b >&2; echo c").stdout("{{o}}").stderr("{{o}}"))
                .out("o");
        executor.execute(merged);
        assertThat(merged.result("o")).isEqualTo("a\nb\nc\n");

        BinaryTask reverse = BinaryTask.of("rev").stdin("{{x}}").stdout("{{x}}");
        FakeContext inPlace = context(reverse).inout("x", "abc");
        executor.execute(inPlace);
        assertThat(inPlace.result("x")).isEqualTo("cba");
    }

    @Test
    void anObjectBecomesWhatItWasDeclaredAs() throws Exception {
        BinaryTask print = sh("printf '\\377'").stdout("{{o}}");
        FakeContext bytes = context(print).out("o", byte[].class);
        executor.execute(bytes);
        assertThat(bytes.result("o")).isEqualTo(new byte[] {(byte) 0xff});

        FakeContext text = context(sh("printf abc").stdout("{{o}}")).out("o", String.class);
        executor.execute(text);
        assertThat(text.result("o")).isEqualTo("abc");

        assertThat(failure(context(print).out("o", Integer.class)).getMessage())
                .isEqualTo(
                        "parameter 'o' is a java.lang.Integer, which stdout cannot become: make it a String or a byte[]");
    }

    @Test
    void anObjectIsNotSetByAFailedTask() {
        FakeContext context = context(sh("echo half; exit 1").stdout("{{o}}")).out("o");
        assertThat(failure(context).output()).isEqualTo("half");
        assertThat(context.result("o")).isNull();
    }

    @Test
    void filesReceiveWhatIsPrinted() throws Exception {
        Path out = folder.resolve("out.txt");
        executor.execute(context(sh("echo 1; echo 2 >&2").stdout("{{f}}").stderr("{{f}}"))
                .file("f", out, Direction.OUT));
        assertThat(out).hasContent("1\n2");
        executor.execute(context(sh("echo 3").stdout("{{name}}.log").workingDirectory("{{d}}"))
                .in("name", "run")
                .in("d", folder.toString()));
        assertThat(folder.resolve("run.log")).hasContent("3");
    }

    @Test
    void fileNamesThatWouldLoseDataAreRefused() throws Exception {
        assertThat(failure(context(sh("true").stdout("out.txt"))).getMessage())
                .startsWith("stdout 'out.txt' of sh is a relative name in the task's own folder, which is empty");
        Path file = Files.writeString(folder.resolve("data"), "kept");
        assertThat(failure(context(BinaryTask.of("sort").stdin("{{f}}").stdout("{{f}}"))
                                .file("f", file, Direction.INOUT))
                        .getMessage())
                .contains("are the same file " + file);
        assertThat(file).hasContent("kept");
    }

    @Test
    void theWorkingFolderIsFreshOrGiven() throws Exception {
        FakeContext fresh = context(BinaryTask.of("pwd"));
        assertThat(printed(fresh)).isEqualTo(fresh.workingDirectory().toString());
        FakeContext given = context(BinaryTask.of("pwd").workingDirectory(folder + "/{{x}}"))
                .in("x", ".");
        assertThat(printed(given)).isEqualTo(folder.toRealPath().toString());
        assertThat(given.madeFolder()).isFalse();
        TaskError missing = failure(context(BinaryTask.of("pwd").workingDirectory(folder + "/missing")));
        assertThat(missing).hasMessage("working folder " + folder + "/missing of 'pwd': no such file or folder");
        assertThat(missing.retriable()).isFalse();
    }

    @Test
    void theEnvironmentSaysWhatTheTaskHas() throws Exception {
        FakeContext context = context(sh("echo $OMP_NUM_THREADS $COLLA_TASK_ID $COLLA_TASK_CORES $COLLA_TASK_NODES $A")
                        .environment("A", "<{{x}}>"))
                .in("x", 7)
                .cores(3)
                .nodes("a", "b");
        assertThat(printed(context)).isEqualTo("3 " + context.task() + " 3 a,b <7>");
        assertThat(printed(context(sh("echo $OMP_NUM_THREADS").environment("OMP_NUM_THREADS", "1"))
                        .cores(3)))
                .isEqualTo("1");
        assertThat(List.of("COLLA_SECRET_FILE", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"))
                .allMatch(TaskEnvironment::isHidden);
        assertThat(List.of("PATH", "HOME", "JAVA_HOME", "LD_LIBRARY_PATH")).noneMatch(TaskEnvironment::isHidden);
    }

    @Test
    void theProgramIsFoundOnItsOwnPath() throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path script = Files.writeString(bin.resolve("mine"), "#!/bin/sh\necho mine\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(printed(context(BinaryTask.of("mine").environment("PATH", bin + ":/usr/bin:/bin"))))
                .isEqualTo("mine");
    }

    @Test
    void theProgramIsBoundAndLimited() throws Exception {
        List<Integer> mine = CpuList.parse(Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElseThrow()
                .split("\\s+")[1]);
        int last = mine.get(mine.size() - 1);
        BinaryTask show = sh("grep Cpus_allowed_list /proc/self/status; ulimit -v");
        assertThat(printed(context(show).cpus(last).memory(512L << 20)))
                .isEqualTo("Cpus_allowed_list:\t" + last + "\n" + (512 << 10));
        assertThat(printed(context(show))).endsWith("unlimited");
    }

    @Test
    void anExitCodeFailsTheTaskWithItsLastWords() {
        TaskError error = failure(context(sh("echo ok; seq 1 5000 >&2; exit 4")));
        assertThat(error).hasMessage("sh exited with code 4");
        assertThat(error.output()).endsWith("4999\n5000").doesNotContain("ok").hasSizeBetween(3000, 4096);
        assertThat(error.output().lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).hasSize(4));
        assertThat(error.retriable()).isTrue();
        assertThat(failure(context(sh("echo only this; exit 1"))).output()).isEqualTo("only this");
    }

    @Test
    void aSignalFailsTheTaskEvenIfTheCodeIsAResult() {
        assertThat(failure(context(sh("kill -9 $$").exitCodeIsResult())))
                .hasMessage("sh was killed by signal 9 (SIGKILL), perhaps for using too much memory");
        assertThat(failure(context(sh("kill -SEGV $$")).memory(1L << 30)))
                .hasMessage(
                        "sh was killed by signal 11 (SIGSEGV), perhaps because it got no more memory: the task's limit"
                                + " is 1G");
        assertThat(failure(context(sh("kill -TERM $$")))).hasMessage("sh was killed by signal 15 (SIGTERM)");
    }

    @Test
    void aProgramThatCannotStartIsNotTriedAgain() throws Exception {
        TaskError missing = failure(context(BinaryTask.of("no-such-program")));
        assertThat(missing.getMessage()).startsWith("program 'no-such-program' was not found on PATH (");
        assertThat(missing.retriable()).isFalse();
        assertThat(failure(context(BinaryTask.of("./tool"))).getMessage())
                .contains("program './tool' does not exist: no file " + folder)
                .endsWith("a relative path starts in the task's own folder, which is fresh: give the whole path");

        Path plain = Files.writeString(folder.resolve("plain"), "text");
        assertThat(failure(context(BinaryTask.of(plain.toString()))).getMessage())
                .endsWith("not executable: chmod +x it");
        Path script = Files.writeString(folder.resolve("script"), "#!/no/such/python\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        TaskError interpreter = failure(context(BinaryTask.of(script.toString())));
        assertThat(interpreter.getMessage()).contains("its interpreter '/no/such/python'");
        assertThat(interpreter.retriable()).isFalse();
    }

    @Test
    void aTooLongArgumentIsNamed() {
        TaskError one =
                failure(context(BinaryTask.of("true", "a", "--x={{text}}")).in("text", "x".repeat(200_000)));
        assertThat(one)
                .hasMessage("an argument of true, from '--x={{text}}', is 200004 bytes long, of which the kernel takes"
                        + " 131071 at most: pass it in a file or through stdin");
        assertThat(one.retriable()).isFalse();
        List<String> many = Collections.nCopies(100_000, "y".repeat(99));
        assertThat(failure(context(BinaryTask.of("true", "a", "{{list}}")).in("list", many))
                        .getMessage())
                .startsWith("the 100001 arguments of true are 10000007 bytes")
                .contains("'{{list}}' alone makes 10000000: pass long lists in a file");
        assertThat(failure(context(BinaryTask.of("true").environment("BIG", "{{text}}"))
                                .in("text", "x".repeat(200_000)))
                        .getMessage())
                .startsWith("the environment variable BIG of true is 200004 bytes long");
    }

    @Test
    void mistakesInTheTaskAreToldInWords() {
        assertThat(failure(context(BinaryTask.of(" "))).getMessage())
                .isEqualTo("a BinaryTask has an empty program name");
        assertThat(failure(context(BinaryTask.of("{{p}}")).in("p", "")).getMessage())
                .contains("'{{p}}' came to nothing");
        assertThat(failure(context(BinaryTask.of("true").environment("A=B", "x")))
                        .getMessage())
                .startsWith("'A=B' in the environment of true is no name of a variable");
        assertThat(failure(context(BinaryTask.of("true", "a\0b"))).getMessage()).contains("NUL");
        assertThat(failure(context(BinaryTask.of("true").stdout("/no/such/folder/out")))
                        .getMessage())
                .isEqualTo("file /no/such/folder/out for the standard output of 'true': no such file or folder");
    }

    @Test
    void nothingStartsAfterTheEnd() {
        BinaryExecutor closed = new BinaryExecutor();
        closed.close();
        assertThat(catchThrowableOfType(TaskError.class, () -> closed.execute(context(BinaryTask.of("true")))))
                .hasMessage("no program can be started: the worker is ending");
    }
}
