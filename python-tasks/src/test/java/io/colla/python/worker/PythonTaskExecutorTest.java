package io.colla.python.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.colla.wire.Message;
import io.colla.worker.store.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class PythonTaskExecutorTest {
    @TempDir
    Path folder;

    private PythonKit kit;

    private PythonKit start(int cores) throws IOException {
        kit = new PythonKit(folder, cores);
        return kit;
    }

    @AfterEach
    void stop() throws IOException {
        if (kit != null) {
            kit.close();
        }
        assertThat(processesWith(folder.toString())).isEmpty();
    }

    /** Processes of this test: its folder is in their command or environment. */
    private static List<String> processesWith(String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .toList()) {
                try {
                    String command = Files.readString(process.resolve("cmdline"));
                    if (command.contains(text)) {
                        found.add(process.getFileName() + " " + command.replace('\0', ' '));
                    }
                } catch (IOException e) {
                    continue; // it has ended
                }
            }
        }
        return found;
    }

    private static boolean isAlive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    private String content(Path file) {
        await().untilAsserted(() -> assertThat(file)
                .as("what was said: %s", kit == null ? "" : kit.link.all())
                .exists());
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void kill(long pid) throws Exception {
        assertThat(new ProcessBuilder("/bin/sh", "-c", "kill -9 " + pid).start().waitFor())
                .isZero();
    }

    @Test
    void runsFunctionsAndKeepsTheirExecutors() throws Exception {
        start(1);
        kit.run(0, "add", "2, 3");
        assertThat(kit.value(0)).isEqualTo(5L);
        kit.run(1, "add", "'a', 'ö'");
        assertThat(kit.value(1)).isEqualTo("aö");
        kit.run(2, "nothing", "");
        assertThat(kit.value(2)).isNull();
        kit.run(3, "add", "[1], [2.5]");
        assertThat(kit.value(3)).isInstanceOf(Blob.Inline.class);
        kit.run(4, "pid", "");
        kit.run(5, "pid", "");
        assertThat(kit.value(4)).isEqualTo(kit.value(5));
    }

    @Test
    void largeResultsAreFilesOfTheStore() throws Exception {
        start(1);
        kit.run(0, "large", "1_000_000");
        Path file = ((Blob.Mapped) kit.value(0)).file();
        assertThat(file.getParent()).isEqualTo(kit.store.sharedFolders().memory());
        assertThat(Files.size(file)).isGreaterThan(1_000_000);
        kit.store.drop(0);
        assertThat(file).doesNotExist();
    }

    @Test
    void twoTasksRunInTwoProcesses() throws Exception {
        start(2);
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        kit.core.accept(List.of(kit.call(0, "mark", "'" + one + "'"), kit.call(1, "mark", "'" + two + "'")));
        assertThat(content(one)).isNotEqualTo(content(two));
        kit.core.accept(List.of(new Message.Stop(0, 1, "test"), new Message.Stop(1, 1, "test")));
        kit.link.await(Message.Stopped.class, 0);
        kit.link.await(Message.Stopped.class, 1);
    }

    @Test
    void anExceptionTravelsWithItsTracebackAndOutput() throws Exception {
        start(1);
        kit.run(0, "fail", "'too bad'");
        Message.Failed failed = kit.failure(0);
        assertThat(failed.message()).isEqualTo("ValueError: too bad");
        assertThat(failed.stack()).contains("in fail").contains("before the end");
        assertThat(failed.exception()).isNotEmpty();
        assertThat(failed.retriable()).isTrue();
        assertThat(folder.resolve("outputs/fail-0.1.out"))
                .content()
                .contains("before the end")
                .contains("ValueError: too bad");
    }

    @Test
    void aProcessThatEndsFailsItsTaskAndIsReplaced() throws Exception {
        start(1);
        kit.run(0, "crash", "'exit'");
        assertThat(kit.failure(0).message()).contains("ended with exit code 3").contains("os._exit");
        assertThat(kit.failure(0).stack()).isEqualToIgnoringNewLines("about to exit");
        assertThat(kit.failure(0).retriable()).isTrue();
        kit.run(1, "crash", "'SIGSEGV'");
        assertThat(kit.failure(1).message()).contains("segmentation fault");
        kit.run(2, "crash", "'SIGKILL'");
        assertThat(kit.failure(2).message()).contains("out of memory");
        kit.run(3, "add", "1, 1");
        assertThat(kit.value(3)).isEqualTo(2L);
    }

    @Test
    void aTaskIsEndedAndItsProcessGoesOn() throws Exception {
        start(1);
        kit.run(0, "pid", "");
        Object pid = kit.value(0);
        Path file = folder.resolve("mark");
        kit.run(1, "mark", "'" + file + "'");
        assertThat(content(file)).isEqualTo(pid.toString());
        kit.core.accept(List.of(new Message.Stop(1, 1, "test")));
        kit.link.await(Message.Stopped.class, 1);
        kit.run(2, "pid", "");
        assertThat(kit.value(2)).isEqualTo(pid);
    }

    @Test
    void aTaskThatDoesNotWantToEndIsKilled() throws Exception {
        start(1);
        Path file = folder.resolve("mark");
        kit.run(0, "stubborn", "'" + file + "'");
        long pid = Long.parseLong(content(file));
        kit.core.accept(List.of(new Message.Stop(0, 1, "test")));
        kit.link.await(Message.Stopped.class, 0);
        await().until(() -> !isAlive(pid));
        kit.run(1, "add", "1, 1");
        assertThat(kit.value(1)).isEqualTo(2L);
    }

    @Test
    void aTimeLimitEndsATask() throws Exception {
        start(1);
        kit.core.accept(List.of(kit.call(0, "busy", "60", 300_000_000)));
        assertThat(kit.failure(0).message()).isEqualTo("it exceeded its time limit of 0.3 s");
        kit.run(1, "add", "1, 1");
        assertThat(kit.value(1)).isEqualTo(2L);
    }

    @Test
    void whatIsPrintedIsStreamedIfWanted() throws Exception {
        kit = new PythonKit(folder, 1, PythonKit.interpreter(), true);
        kit.run(0, "say", "'hello'");
        kit.value(0);
        assertThat(kit.link.await(Message.Printed.class, 0).text()).isEqualTo("hello\n");
    }

    @Test
    void aZygoteThatIsKilledIsReplaced() throws Exception {
        start(1);
        Path file = folder.resolve("child");
        kit.run(0, "child", "'" + file + "'");
        String[] pids = content(file).split(" ");
        String zygote =
                processesWith("colla.worker\0" + kit.store.scratch().path()).get(0);
        kill(Long.parseLong(zygote.split(" ")[0]));
        assertThat(kit.failure(0).message()).contains("forked from");
        assertThat(kit.failure(0).retriable()).isTrue();
        for (String pid : pids) {
            await().until(() -> !isAlive(Long.parseLong(pid)));
        }
        kit.run(1, "add", "1, 1");
        assertThat(kit.value(1)).isEqualTo(2L);
    }

    @Test
    void anInterpreterThatIsMissingIsNamed() throws Exception {
        kit = new PythonKit(folder, 1, folder + "/none/python3", false);
        kit.run(0, "add", "1, 1");
        assertThat(kit.failure(0).message())
                .startsWith("Python tasks cannot run on node here: the interpreter ")
                .contains("/none/python3 does not exist there");
        assertThat(kit.failure(0).retriable()).isFalse();
    }

    @Test
    void anInterpreterThatIsNoPythonIsNamed() throws Exception {
        Path script = folder.resolve("python3");
        Files.writeString(script, "#!/bin/sh\necho 2.7.18\n");
        Files.setPosixFilePermissions(script, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        kit = new PythonKit(folder, 1, script.toString(), false);
        kit.run(0, "add", "1, 1");
        assertThat(kit.failure(0).message()).contains("is Python 2.7.18, and Colla needs 3.9 or newer");
    }

    /** Lets the worker learn that these tasks are short. */
    private Path learn(int tasks) {
        Path file = folder.resolve("steps");
        for (int task = 0; task < tasks; task++) {
            kit.run(task, "step", "'" + file + "', " + task + ", ''");
            kit.value(task);
        }
        return file;
    }

    private List<Message.ToWorker> steps(Path file, int from, int to) {
        List<Message.ToWorker> steps = new ArrayList<>();
        for (int task = from; task < to; task++) {
            steps.add(kit.call(task, "step", "'" + file + "', " + task + ", ''"));
        }
        return steps;
    }

    private static List<Integer> numbers(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(Integer::valueOf).sorted().toList();
    }

    private static List<Integer> range(int from, int to) {
        return java.util.stream.IntStream.range(from, to).boxed().toList();
    }

    @Test
    void shortTasksAreSentAheadAndEachIsDoneOnce() throws Exception {
        start(2);
        Path file = learn(5);
        kit.core.accept(steps(file, 5, 3000));
        kit.link.awaitCount(Message.Finished.class, 3000);
        assertThat(numbers(file)).isEqualTo(range(0, 3000));
        for (int task = 0; task < 3000; task++) {
            assertThat(kit.link.ofTask(task)).hasSize(1);
            assertThat(kit.store.value(task)).isEqualTo((long) task);
        }
    }

    @Test
    void whatWasSentAheadOfATaskThatLastsIsTakenBackWithoutBeingBegun() throws Exception {
        start(1);
        Path file = learn(20);
        List<Message.ToWorker> batch = new ArrayList<>();
        batch.add(kit.call(20, "step", "'" + file + "', 20, 'lasts'"));
        batch.addAll(steps(file, 21, 51));
        kit.core.accept(batch);
        for (int task = 21; task < 36; task++) { // before they are back
            kit.core.accept(List.of(new Message.GiveBack(task, 1)));
        }
        kit.link.await(Message.Began.class, 20);
        for (int task = 36; task < 51; task++) {
            kit.core.accept(List.of(new Message.GiveBack(task, 1)));
        }
        kit.link.awaitCount(Message.Returned.class, 30);
        assertThat(numbers(file)).isEqualTo(range(0, 21));
        kit.core.accept(List.of(new Message.Stop(20, 1, "test")));
        kit.link.await(Message.Stopped.class, 20);
        kit.core.accept(steps(file, 51, 60));
        kit.link.awaitCount(Message.Finished.class, 29);
        assertThat(kit.link.count(Message.Failed.class)).isZero();
    }

    @Test
    void whatWasSentAheadOfATaskThatLastsIsDoneByOthers() throws Exception {
        start(2);
        Path file = learn(20);
        List<Message.ToWorker> batch = new ArrayList<>();
        batch.add(kit.call(20, "step", "'" + file + "', 20, 'lasts'"));
        batch.addAll(steps(file, 21, 200));
        kit.core.accept(batch);
        kit.link.awaitCount(Message.Finished.class, 199);
        assertThat(numbers(file)).isEqualTo(range(0, 200));
        kit.core.accept(List.of(new Message.Stop(20, 1, "test")));
        kit.link.await(Message.Stopped.class, 20);
    }

    @Test
    void aCrashFailsOneOfThoseThatWereSentAhead() throws Exception {
        start(1);
        Path file = learn(20);
        List<Message.ToWorker> batch = steps(file, 20, 30);
        batch.add(kit.call(30, "step", "'" + file + "', 30, 'crashes'"));
        batch.addAll(steps(file, 31, 41));
        kit.core.accept(batch);
        kit.link.awaitCount(Message.Finished.class, 40);
        assertThat(kit.failure(30).message()).contains("ended with exit code 1");
        assertThat(numbers(file)).isEqualTo(range(0, 41));
    }

    @Test
    void aTaskThatWasSentAheadCanBeEndedBeforeItsTurn() throws Exception {
        start(1);
        Path file = learn(20);
        List<Message.ToWorker> batch = new ArrayList<>();
        batch.add(kit.call(20, "step", "'" + file + "', 20, 'lasts'"));
        batch.addAll(steps(file, 21, 23));
        kit.core.accept(batch);
        await().until(() -> numbers(file).contains(20));
        kit.core.accept(List.of(new Message.Stop(21, 1, "test")));
        kit.link.await(Message.Stopped.class, 21);
        kit.core.accept(List.of(new Message.Stop(20, 1, "test")));
        kit.link.await(Message.Stopped.class, 20);
        kit.value(22);
        assertThat(numbers(file)).doesNotContain(21).contains(22);
    }

    /** What the worker may do in any order: each task is answered once, and done once at most, whatever the master wants meanwhile. */
    @Test
    void everyTaskIsAnsweredOnceHoweverTheyAreMixed() throws Exception {
        long seed = System.nanoTime();
        java.util.Random random = new java.util.Random(seed);
        start(2);
        Path file = learn(20);
        int end = 1500;
        for (int task = 20; task < end; ) {
            List<Message.ToWorker> batch = new ArrayList<>();
            for (int last = Math.min(end, task + 1 + random.nextInt(60)); task < last; task++) {
                int dice = random.nextInt(400);
                String what = dice < 8 ? "naps" : dice < 12 ? "works" : dice < 14 ? "crashes" : "";
                batch.add(kit.call(task, "step", "'" + file + "', " + task + ", '" + what + "'"));
            }
            kit.core.accept(batch);
            for (int i = 0; i < 5; i++) {
                int other = random.nextInt(task);
                kit.core.accept(List.of(
                        random.nextBoolean() ? new Message.GiveBack(other, 1) : new Message.Stop(other, 1, "test")));
            }
        }
        kit.link.awaitEnds(end);
        List<Integer> done = numbers(file);
        for (int task = 0; task < end; task++) {
            List<Message.ToMaster> answers = kit.link.ofTask(task);
            assertThat(answers).as("task %d, seed %d", task, seed).hasSize(1);
            int times = java.util.Collections.frequency(done, task);
            Message.ToMaster answer = answers.get(0);
            int most = answer instanceof Message.Returned ? 0 : 1;
            int least = answer instanceof Message.Finished || answer instanceof Message.Failed ? 1 : 0;
            assertThat(times).as("%s, seed %d", answer, seed).isBetween(least, most);
        }
        kit.run(end, "add", "1, 1");
        assertThat(kit.value(end)).isEqualTo(2L);
    }

    @Test
    void nothingIsLeftWhenTheWorkerEndsInTheMiddleOfATask() throws Exception {
        start(2);
        Path file = folder.resolve("child");
        kit.run(0, "child", "'" + file + "'");
        String[] pids = content(file).split(" ");
        Path memory = kit.store.sharedFolders().memory();
        kit.close();
        for (String pid : pids) {
            assertThat(isAlive(Long.parseLong(pid))).isFalse();
        }
        assertThat(memory).doesNotExist();
    }

    @Test
    void nothingIsLeftWhenTheWorkersProcessIsKilled() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            Path memory = Path.of(process.inputReader().readLine());
            String[] pids = content(folder.resolve("child")).split(" ");
            assertThat(memory).exists();
            process.destroyForcibly().onExit().join();
            for (String pid : pids) {
                await().until(() -> !isAlive(Long.parseLong(pid)));
            }
            await().untilAsserted(() ->
                    assertThat(processesWith("colla.worker\0" + folder)).isEmpty());
            await().untilAsserted(() -> assertThat(memory).doesNotExist());
            await().untilAsserted(() -> {
                try (Stream<Path> left = Files.list(folder)) {
                    assertThat(left.filter(path -> path.getFileName().toString().startsWith("colla-scratch")))
                            .isEmpty();
                }
            });
        } finally {
            process.destroyForcibly();
        }
    }

    /** Has a task that has a large object and a process of its own, and waits to be killed. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            PythonKit kit = new PythonKit(folder, 2);
            kit.store.scratch().removeWhenKilled();
            kit.run(0, "large", "1_000_000");
            kit.value(0);
            kit.run(1, "child", "'" + folder.resolve("child") + "'");
            System.out.println(kit.store.sharedFolders().memory());
            System.out.flush();
            System.in.read();
        }
    }
}
