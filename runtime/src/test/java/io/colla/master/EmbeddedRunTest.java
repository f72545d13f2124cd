package io.colla.master;

import static io.colla.api.Args.all;
import static io.colla.api.Args.commutative;
import static io.colla.api.Args.in;
import static io.colla.api.Args.inout;
import static io.colla.api.Args.out;
import static io.colla.api.TaskOptions.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.CancelledException;
import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.DoNotRetryException;
import io.colla.api.FailurePolicy;
import io.colla.api.InOut;
import io.colla.api.TaskFailedException;
import io.colla.api.TaskGroup;
import io.colla.api.TaskOptions;
import io.colla.api.UsageException;
import io.colla.api.WaitTimeoutException;
import io.colla.platform.Allocation;
import io.colla.platform.NodeShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Applications against a whole run in one process. */
@Timeout(30)
class EmbeddedRunTest {
    @TempDir
    Path folder;

    private Master master;
    private Colla colla;

    @BeforeEach
    void start() throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        Path scratch = Files.createDirectories(folder.resolve("scratch"));
        Allocation here = new Allocation("local", null, List.of(new NodeShare("here", 2, 1L << 30)), null, List.of());
        master = Master.start(
                MasterSettings.embedded(here, run, scratch, getClass().getClassLoader()));
        colla = master.session();
    }

    @AfterEach
    void end() {
        master.close();
        assertThat(folder.resolve("scratch")).isEmptyDirectory();
    }

    static int add(int a, int b) {
        return a + b;
    }

    static void fails() {
        throw new IllegalStateException("on purpose");
    }

    @Test
    void aBarrierThatTheFailedTaskItselfOpensThrows() {
        for (int i = 0; i < 20; i++) {
            colla.with(TaskOptions.defaults().retries(0)).run(EmbeddedRunTest::fails);
            assertThatThrownBy(colla::barrier).isInstanceOf(TaskFailedException.class);
        }
        colla.barrier();
    }

    @Test
    void aResultIsThereAfterGet() {
        assertThat(colla.call(EmbeddedRunTest::add, in(1), in(2)).get()).isEqualTo(3);
    }

    @Test
    void resultsFlowFromTaskToTask() {
        Data<Integer> sum = colla.call(EmbeddedRunTest::add, in(0), in(0));
        for (int i = 1; i <= 1000; i++) {
            sum = colla.call(EmbeddedRunTest::add, sum, in(i));
        }
        assertThat(sum.get()).isEqualTo(500_500);
    }

    static void append(@InOut List<Integer> list, int value) {
        list.add(value);
    }

    static int size(List<Integer> list) {
        return list.size();
    }

    static void fill(Path made, int count) throws IOException {
        Files.createDirectories(made);
        for (int i = 0; i < count; i++) {
            Files.writeString(made.resolve("part-" + i), "x");
        }
    }

    static void addPart(@InOut Path changed, String name) throws IOException {
        Files.writeString(changed.resolve(name), "y");
    }

    static long parts(Path read) throws IOException {
        try (Stream<Path> all = Files.list(read)) {
            return all.count();
        }
    }

    @Test
    void foldersAreVersionedAsFilesAre() throws IOException {
        Path path = folder.resolve("made");
        Data<Path> made = colla.folder(path);
        colla.run(EmbeddedRunTest::fill, out(made), in(3));
        Data<Long> before = colla.call(EmbeddedRunTest::parts, made);
        colla.run(EmbeddedRunTest::addPart, made, in("more"));
        Data<Long> after = colla.call(EmbeddedRunTest::parts, made);
        assertThat(before.get()).isEqualTo(3);
        assertThat(after.get()).isEqualTo(4);
        assertThat(made.get()).isEqualTo(path);
        assertThat(path.resolve("more")).hasContent("y");
        assertThatThrownBy(() -> colla.folder(path.resolve("more")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is a file");
    }

    @Test
    void updatesHappenInTheOrderOfTheCallsAndReadersSeeTheirOwnVersion() {
        Data<List<Integer>> list = colla.data(new ArrayList<>());
        List<Data<Integer>> sizes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            colla.run(EmbeddedRunTest::append, list, in(i));
            sizes.add(colla.call(EmbeddedRunTest::size, list));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(sizes.get(i).get()).isEqualTo(i + 1);
        }
        List<Integer> got = list.get();
        assertThat(got).hasSize(50).isSorted();
        got.clear();
        assertThat(list.get()).as("what the application has is its own").hasSize(50);
    }

    static void addTo(long[] sum, int value) {
        sum[0] += value;
    }

    @Test
    void commutativeUpdatesAllHappen() {
        Data<long[]> sum = colla.data(new long[1]);
        for (int i = 1; i <= 200; i++) {
            colla.run(EmbeddedRunTest::addTo, commutative(sum), in(i));
        }
        assertThat(sum.get()[0]).isEqualTo(20_100);
    }

    static int sumAll(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void manyDataAreOneParameter() {
        List<Data<Integer>> parts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            parts.add(colla.call(EmbeddedRunTest::add, in(i), in(1)));
        }
        assertThat(colla.call(EmbeddedRunTest::sumAll, all(parts)).get()).isEqualTo(4950 + 100);
    }

    static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    static void concat(Path from, Path onto) throws IOException {
        Files.writeString(onto, Files.readString(onto) + Files.readString(from));
    }

    static String read(Path file) throws IOException {
        return Files.readString(file);
    }

    @Test
    void filesAreWrittenUpdatedAndFoundAtTheirPath() throws IOException {
        Path path = folder.resolve("result.txt");
        Data<Path> file = colla.file(path);
        Data<Path> part = colla.temporaryFile("part.txt");
        colla.run(EmbeddedRunTest::write, out(file), in("one "));
        Data<String> before = colla.call(EmbeddedRunTest::read, file);
        colla.run(EmbeddedRunTest::write, out(part), in("two"));
        colla.run(EmbeddedRunTest::concat, part, inout(file));
        assertThat(before.get()).isEqualTo("one ");
        assertThat(file.get()).isEqualTo(path);
        assertThat(path).hasContent("one two");
    }

    @Test
    void anAwaitedFileIsCompleteAtItsPath() {
        Path path = folder.resolve("awaited.txt");
        Data<Path> file = colla.file(path);
        colla.run(EmbeddedRunTest::write, out(file), in("one"));
        file.await();
        assertThat(path).hasContent("one");
    }

    @Test
    void aWaitWithADeadlineEndsAtItAndTheTaskGoesOn() {
        Data<Void> blocked = colla.run(EmbeddedRunTest::block);
        assertThatThrownBy(() -> blocked.await(Duration.ofMillis(50))).isInstanceOf(WaitTimeoutException.class);
        assertThat(blocked.isDone()).isFalse();
        blocked.cancel();
        assertThatThrownBy(blocked::await).isInstanceOf(CancelledException.class);
    }

    @Test
    void sessionsOfOneRunDoNotShareData() {
        Data<Integer> first = colla.call(EmbeddedRunTest::add, in(1), in(2));
        assertThat(first.get()).isEqualTo(3);
        Colla second = master.session();
        Data<List<Integer>> list = second.data(new ArrayList<>());
        for (int i = 0; i < 20; i++) {
            second.run(EmbeddedRunTest::append, list, in(i));
        }
        assertThat(list.get()).hasSize(20);
        assertThat(first.get()).isEqualTo(3);
        colla.close();
        assertThat(second.call(EmbeddedRunTest::size, list).get()).isEqualTo(20);
    }

    @Test
    void filesAreAtTheirPathAfterTheSession() {
        Path path = folder.resolve("late.txt");
        colla.run(EmbeddedRunTest::write, out(colla.file(path)), in("x"));
        colla.close();
        assertThat(path).hasContent("x");
    }

    static void readAndFail(Path file) {
        throw new DoNotRetryException("cannot use " + file.getFileName());
    }

    @Test
    void filesOfFinishedTasksAreAtTheirPathAfterAnError() {
        Path path = folder.resolve("kept.txt");
        Data<Path> file = colla.file(path);
        colla.run(EmbeddedRunTest::write, out(file), in("first"));
        colla.run(EmbeddedRunTest::write, out(file), in("second"));
        colla.run(EmbeddedRunTest::readAndFail, file);
        assertThatThrownBy(colla::close).isInstanceOf(TaskFailedException.class);
        assertThat(path).hasContent("second");
    }

    @Test
    void readingAFileThatIsNotThereIsSaidAtTheCall() {
        Data<Path> file = colla.file(folder.resolve("missing.txt"));
        assertThatThrownBy(() -> colla.call(EmbeddedRunTest::read, file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("missing.txt")
                .hasMessageContaining("does not exist");
    }

    static int fail(String message) {
        throw new IllegalStateException(message);
    }

    @Test
    void aTasksExceptionReachesTheCallerWithItsStack() {
        Data<Integer> result = colla.with(TaskOptions.defaults().retries(0)).call(EmbeddedRunTest::fail, in("boom"));
        assertThatThrownBy(result::get)
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("fail")
                .hasMessageContaining("boom")
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("boom")
                .satisfies(e -> assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("fail"));
        assertThat(colla.call(EmbeddedRunTest::add, in(1), in(1)).get())
                .as("after the error was heard the session goes on")
                .isEqualTo(2);
    }

    static final AtomicInteger ATTEMPTS = new AtomicInteger();

    static int failTwice() {
        if (ATTEMPTS.incrementAndGet() < 3) {
            throw new IllegalStateException("not yet");
        }
        return 7;
    }

    @Test
    void failedTasksAreTriedAgain() {
        ATTEMPTS.set(0);
        assertThat(colla.call(EmbeddedRunTest::failTwice).get()).isEqualTo(7);
        assertThat(ATTEMPTS).hasValue(3);
    }

    static void failForGood() throws IOException {
        ATTEMPTS.incrementAndGet();
        throw new IOException("wrapped", new DoNotRetryException("the input is wrong"));
    }

    @Test
    void aTaskThatKnowsBetterIsNotTriedAgain() {
        ATTEMPTS.set(0);
        Data<Void> result = colla.run(EmbeddedRunTest::failForGood);
        assertThatThrownBy(result::await)
                .isInstanceOf(TaskFailedException.class)
                .rootCause()
                .isInstanceOf(DoNotRetryException.class)
                .hasMessage("the input is wrong");
        assertThat(ATTEMPTS).hasValue(1);
    }

    static void addThenFail(@InOut long[] value) {
        value[0]++;
        if (ATTEMPTS.incrementAndGet() < 3) {
            throw new IllegalStateException("after the change");
        }
    }

    @Test
    void aRetryDoesNotSeeWhatTheFailedAttemptChanged() {
        ATTEMPTS.set(0);
        Data<long[]> value = colla.data(new long[] {10});
        colla.run(EmbeddedRunTest::addThenFail, value);
        assertThat(value.get()[0]).isEqualTo(11);
    }

    @Test
    void ignoredFailuresLeaveTheOldContent() {
        Data<long[]> value = colla.data(new long[] {10});
        ATTEMPTS.set(-1000);
        colla.with(TaskOptions.defaults().onFailure(FailurePolicy.IGNORE)).run(EmbeddedRunTest::addThenFail, value);
        assertThat(value.get()[0]).isEqualTo(10);
    }

    @Test
    void successorsOfAFailedTaskAreCancelledAndOthersGoOn() {
        TaskOptions cancel = TaskOptions.defaults().onFailure(FailurePolicy.CANCEL_SUCCESSORS);
        Data<Integer> bad = colla.with(cancel).call(EmbeddedRunTest::fail, in("bad"));
        Data<Integer> after = colla.call(EmbeddedRunTest::add, bad, in(1));
        Data<Integer> other = colla.call(EmbeddedRunTest::add, in(2), in(3));
        assertThat(other.get()).isEqualTo(5);
        assertThatThrownBy(after::get).isInstanceOf(TaskFailedException.class).hasMessageContaining("bad");
        colla.barrier();
    }

    static void block() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Test
    void aTaskIsEndedAtItsTimeLimit() {
        Data<Void> slow = colla.with(
                        TaskOptions.defaults().timeout(Duration.ofMillis(100)).retries(0))
                .run(EmbeddedRunTest::block);
        assertThatThrownBy(slow::get).isInstanceOf(TaskFailedException.class).hasMessageContaining("time limit");
    }

    @Test
    void aGroupIsCancelled() {
        TaskGroup group = colla.group("g");
        Data<Void> blocked = group.run(EmbeddedRunTest::block);
        group.cancel();
        assertThatThrownBy(blocked::get).isInstanceOf(CancelledException.class);
        assertThatThrownBy(group::barrier).isInstanceOf(CancelledException.class);
        assertThat(colla.call(EmbeddedRunTest::add, in(1), in(1)).get()).isEqualTo(2);
    }

    @Test
    void anImpossibleConstraintIsSaidAtTheCall() {
        assertThatThrownBy(() -> colla.with(options().cores(64)).call(EmbeddedRunTest::add, in(1), in(2)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("64 cores")
                .hasMessageContaining("has 2");
    }

    static int nested() {
        try (Colla inner = Colla.start()) {
            return inner.resources().cores();
        }
    }

    @Test
    void aTaskThatCallsTasksIsToldNotTo() {
        Data<Integer> result = colla.with(TaskOptions.defaults().retries(0)).call(EmbeddedRunTest::nested);
        assertThatThrownBy(result::get).hasMessageContaining("cannot call or wait for tasks");
    }

    @Test
    void theResourcesSayWhatOneNodeCanGive() throws IOException {
        Allocation two = new Allocation(
                "local",
                null,
                List.of(new NodeShare("small", 2, 1L << 30), new NodeShare("large", 6, 1L << 31)),
                null,
                List.of());
        Path run = Files.createDirectories(folder.resolve("run2"));
        try (Master larger = Master.start(MasterSettings.embedded(
                two, run, folder.resolve("scratch"), getClass().getClassLoader()))) {
            assertThat(larger.session().resources()).isEqualTo(new Colla.Resources(2, 8, 6, 3L << 30));
        }
    }

    @Test
    void lambdasTakeWhatTheyCaptureAlong() {
        int factor = 6;
        assertThat(colla.call((Integer x) -> x * factor, in(7)).get()).isEqualTo(42);
    }

    @Test
    void droppedHandlesFreeTheirData() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            colla.call((Integer n) -> new byte[n], in(1 << 20)).close();
        }
        colla.barrier();
        CountDownLatch counted = new CountDownLatch(1);
        String[] remembered = new String[1];
        master.post(engine -> {
            remembered[0] = engine.remembered();
            counted.countDown();
        });
        assertThat(counted.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(remembered[0]).contains("tasks 0, contents 0, data 0");
    }

    private static final AtomicInteger MADE = new AtomicInteger();

    static int[] make() {
        return new int[] {MADE.incrementAndGet()};
    }

    static int first(int[] numbers) {
        return numbers[0];
    }

    @Test
    void aResultThatANodeHasLostIsComputedAgain() {
        MADE.set(0);
        Data<int[]> numbers = colla.call(EmbeddedRunTest::make);
        assertThat(colla.call(EmbeddedRunTest::first, numbers).get()).isEqualTo(1);
        for (int content = 0; content < 100; content++) {
            master.store().drop(content);
        }

        assertThat(colla.call(EmbeddedRunTest::first, numbers).get()).isEqualTo(2);
    }
}
