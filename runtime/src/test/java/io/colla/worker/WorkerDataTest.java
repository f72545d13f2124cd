package io.colla.worker;

import static io.colla.worker.WorkerKit.each;
import static io.colla.worker.WorkerKit.file;
import static io.colla.worker.WorkerKit.in;
import static io.colla.worker.WorkerKit.inline;
import static io.colla.worker.WorkerKit.object;
import static io.colla.worker.WorkerKit.result;
import static io.colla.worker.WorkerKit.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Direction;
import io.colla.api.TaskFunction;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.Argument;
import io.colla.wire.Message.Drop;
import io.colla.wire.Message.Failed;
import io.colla.wire.Message.Fetched;
import io.colla.wire.Message.Finished;
import io.colla.wire.Message.Mode;
import io.colla.wire.Message.Output;
import io.colla.wire.Message.Serialized;
import io.colla.wire.Message.Source;
import io.colla.wire.Message.Unfetched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerDataTest {
    @TempDir
    Path folder;

    WorkerKit kit;

    @BeforeEach
    void start() {
        kit = new WorkerKit(folder, 2);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    static int add(int a, int b) {
        return a + b;
    }

    static void append(List<String> list, String text) {
        list.add(text);
    }

    static void appendAndThrow(List<String> list, String text) {
        list.add(text);
        throw new IllegalArgumentException("no");
    }

    static void appendToFile(Path path) throws IOException {
        Files.writeString(path, "+", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    static void appendToFileAndThrow(Path path) throws IOException {
        appendToFile(path);
        throw new IOException("no");
    }

    static void writeNothing(Path path) {}

    static String read(Path path) throws IOException {
        return Files.readString(path);
    }

    static int total(List<Integer> numbers) {
        return numbers.stream().mapToInt(n -> n).sum();
    }

    private static final Argument TEXT = new Argument.Value("x");

    private static List<Argument> withText() {
        return List.of(new Argument.Single(0), TEXT);
    }

    private Finished finish(io.colla.wire.Message.Run run) {
        kit.accept(run);
        return kit.link.await(Finished.class, run.task());
    }

    @Test
    void aResultGoesToTheStore() {
        int add = kit.define((TaskFunction.F2<Integer, Integer, Integer>) WorkerDataTest::add);
        kit.store.put(1, 40);

        Finished done = finish(run(7, add, 2, each(0, 1), in(1), inline(Direction.IN, 2, -1, Mode.KEEP, 2), result(3)));

        assertThat(done.outputs()).extracting(Output::content).containsExactly(3);
        assertThat(kit.store.value(3)).isEqualTo(42);
        assertThat(kit.store.has(1)).isTrue();
        assertThat(kit.store.has(2)).isFalse();
    }

    @Test
    void aConsumedObjectIsChangedInPlaceAndItsInputIsGone() {
        int append = kit.define((TaskFunction.A2<List<String>, String>) WorkerDataTest::append);
        List<String> list = new ArrayList<>(List.of("a"));
        kit.store.put(1, list);

        finish(run(1, append, -1, withText(), object(Direction.INOUT, 1, 2, Mode.CONSUME)));

        assertThat(kit.store.has(1)).isFalse();
        assertThat(kit.store.value(2)).isSameAs(list).isEqualTo(List.of("a", "x"));
    }

    @Test
    void aCopiedObjectLeavesItsInputAlone() {
        int append = kit.define((TaskFunction.A2<List<String>, String>) WorkerDataTest::append);
        kit.store.put(1, new ArrayList<>(List.of("a")));

        finish(run(1, append, -1, withText(), object(Direction.INOUT, 1, 2, Mode.COPY)));

        assertThat(kit.store.value(1)).isEqualTo(List.of("a"));
        assertThat(kit.store.value(2)).isEqualTo(List.of("a", "x"));
    }

    @Test
    void tasksThatShareAnObjectChangeTheSameCopy() {
        int append = kit.define((TaskFunction.A2<List<String>, String>) WorkerDataTest::append);
        kit.store.put(1, new java.util.concurrent.CopyOnWriteArrayList<>(List.of("a")));

        kit.accept(
                run(1, append, -1, withText(), object(Direction.CONCURRENT, 1, 2, Mode.SHARE)),
                run(2, append, -1, withText(), object(Direction.CONCURRENT, 1, 2, Mode.SHARE)));
        kit.link.await(Finished.class, 1);
        kit.link.await(Finished.class, 2);

        assertThat(kit.store.value(1)).isEqualTo(List.of("a"));
        assertThat(kit.store.value(2)).isEqualTo(List.of("a", "x", "x"));
    }

    @Test
    void anInlineInputThatIsUpdatedBecomesTheOutput() {
        int append = kit.define((TaskFunction.A2<List<String>, String>) WorkerDataTest::append);
        Serialized bytes = new Serialized(kit.codec.toBytes(new ArrayList<>(List.of("a"))));

        finish(run(1, append, -1, withText(), inline(Direction.INOUT, 1, 2, Mode.CONSUME, bytes)));

        assertThat(kit.store.value(2)).isEqualTo(List.of("a", "x"));
    }

    @Test
    void anInputThatIsHereIsConsumedThoughTheMessageBringsItToo() {
        int append = kit.define((TaskFunction.A2<List<String>, String>) WorkerDataTest::append);
        List<String> list = new ArrayList<>(List.of("a"));
        kit.store.put(1, list);

        finish(run(1, append, -1, withText(), inline(Direction.INOUT, 1, 2, Mode.CONSUME, "other")));

        assertThat(kit.store.has(1)).isFalse();
        assertThat(kit.store.value(2)).isSameAs(list);
    }

    @Test
    void anOutObjectIsMadeByItsConstructor() {
        int append = kit.define((TaskFunction.A2<List<String>, String>) WorkerDataTest::append);
        Access out =
                new Access(Direction.OUT, -1, 2, Mode.KEEP, null, false, null, List.of(), ArrayList.class.getName());

        finish(run(1, append, -1, withText(), out));

        assertThat(kit.store.value(2)).isEqualTo(List.of("x"));
    }

    @Test
    void anOutObjectWithoutSuchAConstructorIsAClearError() {
        int append = kit.define((TaskFunction.A2<List<String>, String>) WorkerDataTest::append);
        Access out = new Access(Direction.OUT, -1, 2, Mode.KEEP, null, false, null, List.of(), Integer.class.getName());
        kit.accept(run(1, append, -1, withText(), out));

        assertThat(kit.link.await(Failed.class, 1).message())
                .contains("parameter list")
                .contains(
                        "java.lang.Integer cannot be instantiated for an OUT parameter: it needs a constructor without arguments");
    }

    @Test
    void aFailedTaskLeavesNoOutputAndSaysThatItTouchedItsInput() {
        int append = kit.define((TaskFunction.A2<List<String>, String>) WorkerDataTest::appendAndThrow);
        kit.store.put(1, new ArrayList<>(List.of("a")));
        kit.store.put(3, new ArrayList<>(List.of("a")));
        kit.accept(
                run(1, append, -1, withText(), object(Direction.INOUT, 1, 2, Mode.CONSUME)),
                run(2, append, -1, withText(), object(Direction.INOUT, 3, 4, Mode.COPY)));

        assertThat(kit.link.await(Failed.class, 1).touched()).isTrue();
        assertThat(kit.link.await(Failed.class, 2).touched()).isFalse();
        assertThat(kit.store.has(1) || kit.store.has(2) || kit.store.has(4)).isFalse();
        assertThat(kit.store.value(3)).isEqualTo(List.of("a"));
    }

    @Test
    void manyAccessesAreOneList() {
        int total = kit.define((TaskFunction.F1<List<Integer>, Integer>) WorkerDataTest::total);
        kit.store.put(1, 1);
        kit.store.put(2, 2);

        finish(run(1, total, 2, List.of(new Argument.Many(List.of(0, 1))), in(1), in(2), result(3)));

        assertThat(kit.store.value(3)).isEqualTo(3);
    }

    @Test
    void filesInTheStoreAreUpdatedCopiedAndRead() throws IOException {
        int append = kit.define((TaskFunction.A1<Path>) WorkerDataTest::appendToFile);
        int read = kit.define((TaskFunction.F1<Path, String>) WorkerDataTest::read);

        finish(run(1, append, -1, each(0), file(Direction.OUT, -1, 1, Mode.KEEP, null, null)));
        finish(run(2, append, -1, each(0), file(Direction.INOUT, 1, 2, Mode.COPY, null, null)));
        Finished done = finish(run(3, append, -1, each(0), file(Direction.INOUT, 2, 3, Mode.CONSUME, null, null)));
        finish(run(4, read, 1, each(0), file(Direction.IN, 3, -1, Mode.KEEP, null, null), result(4)));

        assertThat(done.outputs()).containsExactly(new Output(3, 3, false, null));
        assertThat(Files.readString(kit.store.file(1))).isEqualTo("+");
        assertThat(kit.store.has(2)).isFalse();
        assertThat(kit.store.value(4)).isEqualTo("+++");
        assertThat(kit.store.file(3).getFileName()).hasToString("data.txt");
    }

    @Test
    void filesThatEveryNodeSeesAreMovedCopiedAndUsedInPlace() throws IOException {
        int append = kit.define((TaskFunction.A1<Path>) WorkerDataTest::appendToFile);
        Path first = Files.writeString(folder.resolve("first"), "1");
        Path second = folder.resolve("new/second");
        Path third = folder.resolve("third");

        finish(run(1, append, -1, each(0), file(Direction.INOUT, 1, 2, Mode.COPY, first, second)));
        assertThat(first).hasContent("1");
        assertThat(second).hasContent("1+");
        finish(run(2, append, -1, each(0), file(Direction.INOUT, 2, 3, Mode.CONSUME, second, third)));
        assertThat(second).doesNotExist();
        finish(run(3, append, -1, each(0), file(Direction.INOUT, 3, 4, Mode.CONSUME, third, third)));
        assertThat(third).hasContent("1+++");
    }

    @Test
    void filesGoBetweenTheStoreAndPathsThatEveryNodeSees() throws IOException {
        int append = kit.define((TaskFunction.A1<Path>) WorkerDataTest::appendToFile);
        Path first = Files.writeString(folder.resolve("first"), "1");
        Path last = folder.resolve("last");

        finish(run(1, append, -1, each(0), file(Direction.INOUT, 1, 2, Mode.COPY, first, null)));
        assertThat(kit.store.file(2)).hasContent("1+");
        finish(run(2, append, -1, each(0), file(Direction.INOUT, 2, 3, Mode.CONSUME, null, last)));
        assertThat(last).hasContent("1++");
        assertThat(kit.store.has(2)).isFalse();
        finish(run(3, append, -1, each(0), file(Direction.INOUT, 3, 4, Mode.CONSUME, last, null)));
        assertThat(last).doesNotExist();
        assertThat(kit.store.file(4)).hasContent("1+++");
    }

    @Test
    void sharedFilesAreCopiedOnce() throws IOException {
        int append = kit.define((TaskFunction.A1<Path>) WorkerDataTest::appendToFile);
        Path first = Files.writeString(folder.resolve("first"), "1");
        Path shared = folder.resolve("shared");
        kit.accept(
                run(1, append, -1, each(0), file(Direction.CONCURRENT, 1, 2, Mode.SHARE, first, shared)),
                run(2, append, -1, each(0), file(Direction.CONCURRENT, 1, 2, Mode.SHARE, first, shared)),
                run(3, append, -1, each(0), file(Direction.CONCURRENT, 1, 3, Mode.SHARE, first, null)),
                run(4, append, -1, each(0), file(Direction.CONCURRENT, 1, 3, Mode.SHARE, first, null)));
        for (int task = 1; task <= 4; task++) {
            kit.link.await(Finished.class, task);
        }
        assertThat(first).hasContent("1");
        assertThat(shared).hasContent("1++");
        assertThat(kit.store.file(3)).hasContent("1++");
    }

    @Test
    void aFileThatWasNotWrittenFailsTheTask() {
        int nothing = kit.define((TaskFunction.A1<Path>) WorkerDataTest::writeNothing);
        Path target = folder.resolve("out.txt");
        kit.accept(run(1, nothing, -1, each(0), file(Direction.OUT, -1, 1, Mode.KEEP, null, target)));

        assertThat(kit.link.await(Failed.class, 1).message())
                .isEqualTo("the task did not write " + target + " (parameter path)");
    }

    @Test
    void aFailedTaskLeavesNoFileThatWasNotThereBefore() throws IOException {
        int append = kit.define((TaskFunction.A1<Path>) WorkerDataTest::appendToFileAndThrow);
        Path old = Files.writeString(folder.resolve("old"), "1");
        Path fresh = folder.resolve("fresh");
        kit.accept(
                run(1, append, -1, each(0), file(Direction.OUT, -1, 1, Mode.KEEP, null, fresh)),
                run(2, append, -1, each(0), file(Direction.OUT, -1, 2, Mode.KEEP, null, old)),
                run(3, append, -1, each(0), file(Direction.OUT, -1, 3, Mode.KEEP, null, null)));
        for (int task = 1; task <= 3; task++) {
            kit.link.await(Failed.class, task);
        }
        assertThat(fresh).doesNotExist();
        assertThat(old).exists();
        assertThat(kit.store.has(3)).isFalse();
    }

    @Test
    void aMissingInputOfAWorkerWithoutOthersIsReported() {
        int add = kit.define((TaskFunction.F2<Integer, Integer, Integer>) WorkerDataTest::add);
        kit.accept(run(1, add, 2, each(0, 0), in(99), result(3)));

        assertThat(kit.link.await(Unfetched.class, 1).content()).isEqualTo(99);
        assertThat(kit.link.ofTask(1)).hasSize(1);
    }

    @Test
    void anInputFileThatIsGoneIsReportedBeforeAnyOtherIsTouched() throws IOException {
        Path lost = Files.writeString(kit.store.newFile(1, "lost.txt"), "a");
        kit.store.putFile(1, lost, true);
        Path used = Files.writeString(kit.store.newFile(2, "used.txt"), "b");
        kit.store.putFile(2, used, true);
        Files.delete(lost);
        int append = kit.define((TaskFunction.A2<Path, Path>) WorkerDataTest::readAndAppend);
        kit.accept(run(
                1,
                append,
                -1,
                each(0, 1),
                file(Direction.INOUT, 2, 3, Mode.CONSUME, null, null),
                file(Direction.IN, 1, -1, Mode.KEEP, null, null)));

        Unfetched told = kit.link.await(Unfetched.class, 1);
        assertThat(told.content()).isEqualTo(1);
        assertThat(told.failed()).isEmpty();
        assertThat(kit.link.ofTask(1)).hasSize(1);
        assertThat(used).hasContent("b");
        assertThat(kit.store.has(2)).isTrue();
    }

    static void readAndAppend(Path written, Path read) throws IOException {
        Files.writeString(written, Files.readString(read));
    }

    /** Fetches when the test says so. */
    private static final class ManualFetcher implements Fetcher {
        final List<List<Source>> asked = new ArrayList<>();
        Listener listener;

        @Override
        public void fetch(int content, List<Source> sources, boolean file, Listener told) {
            asked.add(sources);
            listener = told;
        }
    }

    @Test
    void anInputIsFetchedOnceForAllThatWantIt() {
        ManualFetcher fetcher = new ManualFetcher();
        Source source = new Source(3, List.of("a"), 1);
        try (WorkerKit remote = new WorkerKit(folder, WorkerKit.node(2, 0, java.util.Map.of()), fetcher)) {
            int add = remote.define((TaskFunction.F2<Integer, Integer, Integer>) WorkerDataTest::add);
            remote.accept(
                    run(1, add, 1, each(0, 0), in(5, source), result(6)),
                    run(2, add, 1, each(0, 0), in(5, source), result(7)));
            assertThat(fetcher.asked).containsExactly(List.of(source));

            remote.store.put(5, 21);
            fetcher.listener.fetched(5);

            Finished done = remote.link.await(Finished.class, 1);
            remote.link.await(Finished.class, 2);
            assertThat(done.outputs())
                    .containsExactly(new Output(6, done.outputs().get(0).size(), true, 42));
            assertThat(remote.link.all(Fetched.class)).containsExactly(new Fetched(5));
        }
    }

    static List<Object> unserializable() {
        return List.of(new Object());
    }

    @Test
    void aResultThatCannotTravelFailsItsTask() {
        try (WorkerKit remote = new WorkerKit(folder, WorkerKit.node(2, 0, java.util.Map.of()), new ManualFetcher())) {
            int make = remote.define((TaskFunction.F0<List<Object>>) WorkerDataTest::unserializable);
            remote.accept(run(1, make, 0, List.of(), result(6)));
            Failed failed = remote.link.await(Failed.class, 1);
            assertThat(failed.message())
                    .contains("its result cannot travel", "java.lang.Object", "cannot be serialized");
            assertThat(failed.retriable()).isFalse();
        }
    }

    @Test
    void sourcesThatOnlyALaterTaskNamesAreTriedBeforeGivingUp() {
        ManualFetcher fetcher = new ManualFetcher();
        Source bad = new Source(3, List.of("a"), 1);
        Source good = new Source(4, List.of("b"), 1);
        try (WorkerKit remote = new WorkerKit(folder, WorkerKit.node(2, 0, java.util.Map.of()), fetcher)) {
            int add = remote.define((TaskFunction.F2<Integer, Integer, Integer>) WorkerDataTest::add);
            remote.accept(
                    run(1, add, 1, each(0, 0), in(5, bad), result(6)),
                    run(2, add, 1, each(0, 0), in(5, good), result(7)));

            fetcher.listener.failed(5, new int[] {3}, "gone");
            assertThat(remote.link.await(Unfetched.class, 1).failed()).containsExactly(3);
            assertThat(fetcher.asked).containsExactly(List.of(bad), List.of(good));

            remote.store.put(5, 1);
            fetcher.listener.fetched(5);
            remote.link.await(Finished.class, 2);
        }
    }

    @Test
    void aContentThatIsDroppedOnItsWayIsDroppedOnArrival() {
        ManualFetcher fetcher = new ManualFetcher();
        try (WorkerKit remote = new WorkerKit(folder, WorkerKit.node(2, 0, java.util.Map.of()), fetcher)) {
            int add = remote.define((TaskFunction.F2<Integer, Integer, Integer>) WorkerDataTest::add);
            remote.accept(run(1, add, 1, each(0, 0), in(5, new Source(3, List.of("a"), 1)), result(6)));
            remote.accept(new io.colla.wire.Message.Stop(1, 1, "test"), new Drop(new int[] {5}));
            remote.store.put(5, 1);
            fetcher.listener.fetched(5);

            assertThat(remote.store.has(5)).isFalse();
            assertThat(remote.link.all(Fetched.class)).isEmpty();
        }
    }
}
