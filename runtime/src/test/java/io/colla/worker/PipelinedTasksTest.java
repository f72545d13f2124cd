package io.colla.worker;

import static io.colla.worker.WorkerKit.ONE;
import static io.colla.worker.WorkerKit.in;
import static io.colla.worker.WorkerKit.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.colla.api.Direction;
import io.colla.wire.Message;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.Argument;
import io.colla.wire.Message.Mode;
import io.colla.wire.Message.Run;
import io.colla.wire.Message.ToWorker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelinedTasksTest {
    private static final int KNOWN = 3;

    @TempDir
    Path folder;

    private WorkerKit kit;

    @BeforeEach
    void start() {
        PipelineExecutor.reset();
        kit = new WorkerKit(folder, 1);
        kit.accept(new Message.Define(0, PipelineExecutor.definition()));
        for (int task = 0; task < KNOWN; task++) { // short, as the worker learns
            kit.accept(run(task));
            kit.link.await(Message.Finished.class, task);
        }
    }

    @AfterEach
    void stop() {
        List.copyOf(PipelineExecutor.LASTING).forEach(PipelineExecutor::letGo);
        kit.close();
    }

    private static Run run(int task, Access... accesses) {
        return WorkerKit.run(task, 0, -1, arguments(accesses), accesses);
    }

    private static List<Argument> arguments(Access... accesses) {
        return List.of(
                new Argument.Many(IntStream.range(0, accesses.length).boxed().toList()));
    }

    private static List<ToWorker> runs(int from, int to) {
        List<ToWorker> runs = new ArrayList<>();
        for (int task = from; task < to; task++) {
            runs.add(run(task));
        }
        return runs;
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    /** Sends tasks of which the first lasts until it is let go, and waits until it has begun. */
    private void sendBehindALastingOne(int first, int end) {
        PipelineExecutor.LASTING.add(first);
        kit.core.accept(runs(first, end));
        await().until(() -> PipelineExecutor.BEGUN.contains(first));
    }

    @Test
    void shortTasksAreSentAheadAndAnsweredOnceEach() {
        kit.core.accept(runs(KNOWN, 500));
        kit.link.await(Message.Finished.class, 499);
        assertThat(PipelineExecutor.mostAtOnce).isBetween(2, 64);
        assertThat(PipelineExecutor.BEGUN).containsExactlyElementsOf(range(0, 500));
        for (int task = 0; task < 500; task++) {
            // On a busy machine one may also have been reported to last.
            assertThat(kit.link.ofTask(task).stream().filter(message -> !(message instanceof Message.Began)))
                    .hasSize(1);
        }
    }

    @Test
    void tasksOfWhichNothingIsKnownAreNotSentAhead() {
        kit.accept(new Message.Define(1, PipelineExecutor.definition()));
        PipelineExecutor.LASTING.add(KNOWN);
        kit.accept(run(KNOWN), WorkerKit.run(KNOWN + 1, 1, -1, arguments()));
        kit.link.await(Message.Began.class, KNOWN);
        kit.accept(new Message.GiveBack(KNOWN + 1, 1));
        kit.link.await(Message.Returned.class, KNOWN + 1);
        assertThat(PipelineExecutor.mostAtOnce).isEqualTo(1);
    }

    @Test
    void whatIsToBeUndoneOrLimitedIsDoneByItself() {
        kit.store.put(100, "x");
        Access changed = object(Direction.INOUT, 100, 101, Mode.CONSUME);
        kit.accept(run(10, changed));
        kit.link.await(Message.Finished.class, 10);
        kit.accept(WorkerKit.run(11, 0, ONE, 0, 1_000_000_000L, -1, arguments()));
        kit.link.await(Message.Finished.class, 11);
        assertThat(PipelineExecutor.ALONE).containsExactly(10, 11);
    }

    @Test
    void theMasterGetsBackWhatWaitsBehindATaskThatLasts() {
        sendBehindALastingOne(10, 20);
        for (int task = 11; task < 20; task++) {
            kit.accept(new Message.GiveBack(task, 1));
        }
        for (int task = 11; task < 20; task++) {
            kit.link.await(Message.Returned.class, task);
        }
        PipelineExecutor.letGo(10);
        kit.link.await(Message.Finished.class, 10);
        assertThat(PipelineExecutor.BEGUN).doesNotContainAnyElementsOf(range(11, 20));
        kit.accept(run(11)); // it may come again
        kit.link.await(Message.Finished.class, 11);
    }

    @Test
    void whatNobodyWantsBackIsDoneWhenTheLastingTaskIsOver() {
        sendBehindALastingOne(10, 20);
        kit.link.await(Message.Began.class, 10);
        PipelineExecutor.letGo(10);
        for (int task = 10; task < 20; task++) {
            kit.link.await(Message.Finished.class, task);
        }
        assertThat(PipelineExecutor.BEGUN.stream().sorted()).containsExactlyElementsOf(begunOnce());
    }

    private static List<Integer> begunOnce() {
        List<Integer> expected = new ArrayList<>(range(0, KNOWN));
        expected.addAll(range(10, 20));
        return expected;
    }

    @Test
    void aTaskIsEndedBeforeItsTurn() {
        sendBehindALastingOne(10, 13);
        kit.accept(new Message.Stop(11, 1, "test"));
        kit.link.await(Message.Stopped.class, 11);
        PipelineExecutor.letGo(10);
        kit.link.await(Message.Finished.class, 12);
        assertThat(PipelineExecutor.BEGUN).doesNotContain(11);
    }

    @Test
    void oneThatFailsDoesNotConcernTheOthers() {
        PipelineExecutor.FAILING.add(12);
        kit.core.accept(runs(10, 15));
        kit.link.await(Message.Finished.class, 14);
        assertThat(kit.link.await(Message.Failed.class, 12).message()).isEqualTo("it fails");
        assertThat(kit.link.all(Message.Finished.class)).hasSize(KNOWN + 4);
    }

    @Test
    void oneThatTakesThePipelineWithItLeavesTheOthersToAnother() {
        PipelineExecutor.BREAKING.add(12);
        kit.core.accept(runs(10, 30));
        kit.link.await(Message.Failed.class, 12);
        for (int task = 13; task < 30; task++) {
            kit.link.await(Message.Finished.class, task);
        }
        assertThat(PipelineExecutor.BEGUN).doesNotHaveDuplicates();
    }

    @Test
    void inputsStayAsLongAsATaskIsSentAhead() {
        kit.store.put(100, new int[10_000]);
        PipelineExecutor.LASTING.add(10);
        kit.accept(run(10), run(11, in(100)));
        await().until(() -> PipelineExecutor.BEGUN.contains(10));
        PipelineExecutor.letGo(10);
        kit.link.await(Message.Finished.class, 11);
        kit.store.drop(100);
        assertThat(kit.store.statistics().contents()).isZero();
    }
}
