package io.colla.core;

import static io.colla.api.Direction.COMMUTATIVE;
import static io.colla.api.Direction.CONCURRENT;
import static io.colla.api.Direction.IN;
import static io.colla.api.Direction.INOUT;
import static io.colla.api.Direction.IN_DELETE;
import static io.colla.api.Direction.OUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.FailurePolicy;
import io.colla.scheduler.FutureNodes;
import io.colla.scheduler.NodeCapacity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the engine orders in situations that went wrong once, or are easily got wrong. */
class EngineTest {
    @Test
    void aReadInTheSameCallSeesWhatWasThereBeforeAnUnorderedUpdate() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1);
            int d = kit.object();
            kit.call().with(COMMUTATIVE, d).with(IN, d).submit();
            kit.expect("run t1 on 1: COMMUTATIVE c1 > c2 COPY, IN c1");
            kit.finished(1);
            kit.expect("t1 DONE");
        }
    }

    @Test
    void aDatumIsUpdatedOnceByACall() {
        EngineKit kit = new EngineKit();
        int d = kit.object();
        assertThatThrownBy(
                        () -> kit.call().with(CONCURRENT, d).with(CONCURRENT, d).submit())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("t #1 updates d1 twice");
    }

    @Test
    void aRetryGoesToAnotherWorkerEachTime() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2);
            int t = kit.call().submit();
            int first = kit.on(t);
            kit.skip();
            kit.failed(t, false);
            kit.expect("retried t1", "run t1 on " + (3 - first));
            kit.failed(t, false);
            kit.expect("retried t1", "run t1 on " + first);
        }
    }

    @Test
    void concurrentMembersGoWhereTheObjectIs() {
        try (EngineKit kit = new EngineKit()) {
            kit.worker(1, 2);
            kit.worker(2, 2);
            int d = kit.object();
            kit.call().with(CONCURRENT, d).submit();
            kit.expect("run t1 on 1: CONCURRENT c1 > c2 SHARE");
            kit.call().with(CONCURRENT, d).submit();
            kit.expect("run t2 on 1: CONCURRENT c1 > c2 SHARE");
            kit.finished(1);
            kit.expect("t1 DONE");
            // What members have made is there: nobody needs what it was made from.
            kit.call().with(CONCURRENT, d).submit();
            kit.expect("run t3 on 1: CONCURRENT > c2");
            kit.wait(1, d);
            kit.finished(2);
            kit.finished(3);
            kit.expect("t2 DONE", "bring c2", "drop c1 at 0", "t3 DONE");
        }
    }

    @Test
    void aConcurrentObjectIsMadeAgainWhenItsFirstMembersFail() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2);
            int d = kit.object();
            kit.call().with(CONCURRENT, d).submit();
            kit.expect("run t1 on 1: CONCURRENT c1 > c2 SHARE");
            kit.failed(1, true);
            kit.expect("drop c2 at 1", "retried t1", "run t1 on 2: CONCURRENT c1 > c3 SHARE");
        }
    }

    @Test
    void whatConcurrentMembersMadeFailsByNameWhenItsNodeIsLost() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2);
            int d = kit.object();
            kit.call().with(CONCURRENT, d).submit();
            kit.finished(1);
            kit.skip();
            kit.lose(1);
            kit.call().with(CONCURRENT, d).submit();
            kit.expect("t2 CANCELLED LOST", "all tasks end: LOST");
            assertThat(kit.engine.pendingFailure().message()).contains("d1", "cannot be computed again");
        }
    }

    @Test
    void aSharedFileForConcurrentUpdatesIsMadeByOneThatRunsAlone() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2);
            int d = kit.datum(DatumKind.SHARED_FILE);
            kit.call().with(CONCURRENT, d).submit();
            kit.expect("run t1 on 1: CONCURRENT c1@HOME > c2@SHARED COPY");
            kit.call().with(CONCURRENT, d).submit();
            kit.call().with(CONCURRENT, d).submit();
            kit.expect();
            kit.finished(1);
            kit.expect(
                    "t1 DONE",
                    "run t2 on 1: CONCURRENT c2@SHARED > c2@SHARED SHARE",
                    "run t3 on 2: CONCURRENT c2@SHARED > c2@SHARED SHARE");
        }
    }

    @Test
    void aUsersFileIsOverwrittenWhenNobodyReadsItAnyMore() {
        try (EngineKit kit = new EngineKit()) {
            kit.worker(1, 2);
            int d = kit.datum(DatumKind.SHARED_FILE);
            kit.call().with(IN, d).submit();
            kit.call().with(OUT, d).submit();
            kit.expect("run t1 on 1: IN c1@HOME", "run t2 on 1: OUT > c2@SHARED");
            kit.finished(2);
            kit.wait(1, d);
            kit.expect("t2 DONE");
            kit.finished(1);
            kit.expect("move c2 to d1", "t1 DONE");
            kit.tell(() -> kit.engine.published(1, true, null));
            kit.expect("wait 1 done c2");
            kit.tell(() -> kit.engine.published(1, true, null));
            kit.expect();
        }
    }

    @Test
    void aFileIsNotMovedAwayFromAnUpdateThatReadsIt() {
        try (EngineKit kit = new EngineKit()) {
            kit.worker(1, 3);
            int d = kit.datum(DatumKind.SHARED_FILE);
            kit.call().with(IN, d).submit();
            kit.call().with(OUT, d).submit();
            kit.finished(2);
            kit.wait(1, d);
            kit.call().with(COMMUTATIVE, d).submit();
            kit.skip();
            kit.finished(1);
            kit.expect("copy c2 to d1", "t1 DONE");
        }
    }

    @Test
    void aTaskDoesNotReadAFileThatIsBeingMoved() {
        try (EngineKit kit = new EngineKit()) {
            kit.worker(1, 2);
            int d = kit.datum(DatumKind.SHARED_FILE);
            kit.call().with(INOUT, d).submit();
            kit.finished(1);
            kit.wait(1, d);
            kit.expect("run t1 on 1: INOUT c1@HOME > c2@SHARED COPY", "t1 DONE", "move c2 to d1");
            kit.call().with(IN, d).submit();
            kit.expect();
            kit.tell(() -> kit.engine.published(1, true, null));
            kit.expect("wait 1 done c2", "run t2 on 1: IN c2@HOME");
        }
    }

    @Test
    void aFileIsDeletedAfterItsLastReader() {
        try (EngineKit kit = new EngineKit()) {
            kit.worker(1, 2);
            int d = kit.datum(DatumKind.SHARED_FILE);
            kit.call().with(IN, d).submit();
            kit.call().with(IN_DELETE, d).submit();
            kit.expect("run t1 on 1: IN c1@HOME", "run t2 on 1: IN_DELETE c1@HOME");
            kit.finished(2);
            kit.expect("t2 DONE");
            kit.finished(1);
            kit.expect("drop d1 at HOME", "t1 DONE");
        }
    }

    @Test
    void anIgnoredUpdateLeavesTheOldContentAndIsIgnoredAgainWhenThatIsLost() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2);
            int d = kit.empty(DatumKind.OBJECT);
            kit.call().with(OUT, d).submit();
            kit.finished(1);
            kit.call().with(INOUT, d).policy(FailurePolicy.IGNORE).submit();
            kit.expect("run t1 on 1: OUT > c1", "t1 DONE", "run t2 on 1: INOUT c1 > c2 COPY");
            kit.failed(2, true);
            kit.expect("t2 DONE TASK");
            kit.lose(1);
            kit.wait(1, d);
            kit.expect("again t2", "again t1", "run t1 on 2: OUT > c3");
            kit.finished(1);
            kit.expect("bring c3", "t2 DONE TASK", "t1 DONE");
        }
    }

    @Test
    void anInputThatNeverCameIsFetchedByTheNextAttempt() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1);
            int d = kit.object();
            kit.call().with(INOUT, d).submit();
            kit.expect("run t1 on 1: INOUT c1 > c2 CONSUME");
            kit.returned(1);
            kit.expect("drop c1 at 1", "run t1 on 1: INOUT c1 > c3 CONSUME");
            assertThat(kit.sources(1, 0)).containsExactly(0);
        }
    }

    @Test
    void aTaskThatFinishedWhileItWasToBeStoppedLeavesNothing() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1);
            int d = kit.empty(DatumKind.OBJECT);
            kit.call().with(OUT, d).submit();
            kit.finished(1);
            kit.call().with(INOUT, d).submit();
            kit.expect("run t1 on 1: OUT > c1", "t1 DONE", "run t2 on 1: INOUT c1 > c2 CONSUME");
            kit.tell(() -> kit.engine.cancelDatum(d));
            kit.expect("stop t2 on 1");
            kit.finished(2);
            kit.expect("drop c2 at 1", "drop c2 at 0", "t2 CANCELLED CANCELLED");
            kit.closeDatum(d);
            assertThat(kit.engine.remembered()).startsWith("tasks 0, contents 0, data 0");
        }
    }

    @Test
    void aGangBeginsWhenEachNodeHoldsAndNotBefore() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2, 3);
            kit.call().nodes(3).submit();
            int first = kit.on(1);
            kit.skip();
            kit.holding(1, 1);
            kit.holding(1, 1);
            kit.holding(2, 1);
            kit.holding(2, 1);
            kit.expect();
            kit.holding(3, 1);
            kit.expect("begin t1 on " + first);
            kit.holding(3, 1);
            kit.expect();
        }
    }

    @Test
    void aGangIsStoppedWhereItRunsBeforeItBeginsAnew() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2, 3);
            kit.call().nodes(2).submit();
            kit.expect("run t1 on 1", "hold t1 on 2");
            kit.lose(2);
            kit.expect("stop t1 on 1");
            kit.stopped(1, true);
            kit.expect("run t1 on 1", "hold t1 on 3");
        }
    }

    @Test
    void ranksHoldWhatTheyNeedOnEachOfTheirNodes() {
        try (EngineKit kit = new EngineKit()) {
            kit.worker(1, 4);
            kit.worker(2, 4);
            kit.call().ranks(6).submit();
            kit.expect("run t1 on 1", "hold t1 on 2: 2 cores");
            kit.holding(1, 1);
            kit.holding(2, 1);
            kit.expect("begin t1 on 1");
            kit.call().ranks(3).submit();
            kit.call().ranks(2).submit();
            kit.expect("run t3 on 2");
            kit.finished(1);
            kit.expect("release t1 on 2", "t1 DONE", "run t2 on 1");
        }
    }

    @Test
    void ranksWhoseFirstNodeIsLostReleaseTheOthersAndBeginAnew() {
        try (EngineKit kit = new EngineKit()) {
            kit.worker(1, 2);
            kit.worker(2, 2);
            kit.worker(3, 2);
            kit.call().ranks(4).submit();
            kit.expect("run t1 on 1", "hold t1 on 2: 2 cores");
            kit.holding(1, 1);
            kit.holding(2, 1);
            kit.skip();
            kit.lose(1);
            kit.expect("release t1 on 2", "run t1 on 2", "hold t1 on 3: 2 cores");
        }
    }

    @Test
    void errandsGoToTheNodesOfTheAttemptUnderWayOnly() {
        try (EngineKit kit = new EngineKit()) {
            kit.worker(1, 2);
            kit.worker(2, 2);
            kit.call().ranks(4).submit();
            kit.skip();
            assertThat(kit.engine.otherNode(1, 1, 1, 1)).isEqualTo(2);
            assertThat(kit.engine.otherNode(1, 1, 1, 2)).isEqualTo(-1);
            assertThat(kit.engine.otherNode(1, 1, 1, 0)).isEqualTo(-1);
            assertThat(kit.engine.otherNode(2, 1, 1, 1)).isEqualTo(-1);
            assertThat(kit.engine.otherNode(1, 1, 2, 1)).isEqualTo(-1);
            assertThat(kit.engine.firstNode(2, 1, 1)).isEqualTo(1);
            assertThat(kit.engine.firstNode(3, 1, 1)).isEqualTo(-1);
            kit.finished(1);
            kit.skip();
            assertThat(kit.engine.firstNode(2, 1, 1)).isEqualTo(-1);
            assertThat(kit.engine.otherNode(1, 1, 1, 1)).isEqualTo(-1);
        }
    }

    @Test
    void aMemberThatFailedBeforeItsTurnDoesNotKeepTheOthersResultForEver() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1);
            int d = kit.object();
            kit.tell(() -> kit.engine.newGroup(1));
            kit.call().with(COMMUTATIVE, d).submit();
            kit.call().with(COMMUTATIVE, d).group(1).submit();
            kit.call().with(COMMUTATIVE, d).result().submit();
            kit.closeDatum(d);
            kit.tell(() -> kit.engine.cancelGroup(1));
            kit.finished(1);
            kit.finished(3);
            kit.closeDatum(2);
            kit.skip();
            assertThat(kit.engine.remembered()).startsWith("tasks 0, contents 0, data 0");
        }
    }

    @Test
    void aTaskThatEndsItsGroupCancelsTheOthersOfItAndNothingElse() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2, 3);
            kit.tell(() -> kit.engine.newGroup(1));
            kit.call().group(1).submit();
            kit.call().group(1).submit();
            kit.call().submit();
            kit.skip();
            kit.endedGroup(1);
            kit.expect("t1 FAILED TASK", "stop t2 on " + kit.on(2));
            kit.tell(() -> kit.engine.barrier(9, 1));
            kit.call().group(1).submit(); // not heard of yet: cancelled with the others
            kit.expect("t4 CANCELLED CANCELLED");
            kit.stopped(2, false);
            kit.expect("t2 CANCELLED CANCELLED", "wait 9 failed TASK");
            kit.call().group(1).submit(); // heard of: the group goes on
            kit.finished(3);
            kit.finished(5);
            kit.tell(() -> kit.engine.barrier(10, 1));
            kit.tell(() -> kit.engine.barrier(11, Engine.ALL_TASKS));
            kit.skip();
            assertThat(kit.engine.remembered()).startsWith("tasks 0");
        }
    }

    @Test
    void theMastersCopyIsKeptWhenANodeCannotFetchIt() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2);
            int d = kit.object();
            kit.call().with(IN, d).submit();
            kit.expect("run t1 on 1: IN c1");
            kit.unfetched(1, 1, 0);
            kit.expect("run t1 on 2: IN c1");
            for (int i = 0; i < 8; i++) {
                kit.unfetched(1, 1, 0);
            }
            kit.skip();
            kit.unfetched(1, 1, 0);
            kit.expect("all tasks end: LOST", "t1 FAILED LOST");
            assertThat(kit.engine.pendingFailure().message()).contains("d1 could not be fetched");
        }
    }

    @Test
    void aCopyThatCannotBeFetchedIsDroppedAndComputedAgain() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2);
            int d = kit.empty(DatumKind.OBJECT);
            kit.call().with(OUT, d).submit();
            kit.finished(1);
            kit.wait(1, d);
            kit.expect("run t1 on 1: OUT > c1", "t1 DONE", "bring c1");
            kit.tell(() -> kit.engine.unfetched(1, new int[] {1}, 0));
            kit.expect("drop c1 at 1", "again t1", "run t1 on 2: OUT > c2");
        }
    }

    @Test
    void aLostNodeIsNotSpokenToWhenItsTasksAreCancelled() {
        try (EngineKit kit = new EngineKit(new EngineSettings(100, 1))) {
            kit.worker(1, 2);
            kit.call().submit();
            kit.call().submit();
            kit.expect("run t1 on 1", "run t2 on 1");
            kit.lose(1);
            kit.expect("all tasks end: NODES", "t1 FAILED NODES", "t2 CANCELLED NODES");
        }
    }

    @Test
    void outputsThatWereLostWhileTheirTaskRanAgainComeWithTheRest() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1, 2);
            int a = kit.empty(DatumKind.OBJECT);
            int b = kit.empty(DatumKind.OBJECT);
            kit.call().with(OUT, a).with(OUT, b).submit();
            kit.finished(1);
            kit.fetched(2, 2);
            kit.skip();
            kit.lose(1);
            kit.wait(1, a);
            kit.expect("again t1", "run t1 on 2: OUT > c3, OUT > c4");
            kit.worker(3, 1);
            kit.lose(2);
            kit.expect("run t1 on 3: OUT > c5, OUT > c6");
            kit.finished(1);
            kit.expect("bring c5", "t1 DONE");
            kit.wait(2, b);
            kit.expect("bring c6");
        }
    }

    @Test
    void aWaitThatIsGivenUpIsNotSpokenOfAgain() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1);
            int d = kit.empty(DatumKind.OBJECT);
            kit.call().with(OUT, d).submit();
            kit.wait(1, d);
            kit.taken(1);
            kit.finished(1);
            kit.expect("run t1 on 1: OUT > c1", "t1 DONE");
        }
    }

    @Test
    void aFinishedTaskReportedTwiceIsDoneOnce() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1);
            kit.call().result().submit();
            kit.finished(1);
            kit.finished(1);
            kit.expect("run t1 on 1: OUT > c1", "t1 DONE");
        }
    }

    @Test
    void aTaskWaitsForNodesThatMayComeAndEndsWhenTheyCannot() {
        FutureNodes two = new FutureNodes(new NodeCapacity(1, 0), true, 2, Long.MAX_VALUE);
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1);
            kit.tell(() -> kit.engine.expect(List.of(two)));
            kit.call().nodes(2).submit();
            kit.expect();
            kit.tell(() -> kit.engine.expect(List.of()));
            kit.expect("t1 CANCELLED NODES", "all tasks end: NODES");
        }
    }

    @Test
    void whatRunsOnAWorkerThatHasToGoRunsElsewhere() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1);
            kit.call().submit();
            kit.expect("run t1 on 1");
            kit.tell(() -> kit.engine.drain(1));
            kit.tell(() -> kit.engine.evict(1, "its time is over", 0));
            kit.expect("stop t1 on 1");
            kit.stopped(1, true);
            kit.expect();
            kit.workers(2);
            kit.expect("run t1 on 2");
        }
    }

    @Test
    void whatOnlyAWorkerHasComesToTheMasterBeforeItLeaves() {
        try (EngineKit kit = new EngineKit()) {
            kit.workers(1);
            int d = kit.empty(DatumKind.OBJECT);
            kit.call().with(OUT, d).submit();
            kit.finished(1);
            kit.expect("run t1 on 1: OUT > c1", "t1 DONE");
            kit.tell(() -> assertThat(kit.engine.evacuate(1)).isEqualTo(1));
            kit.tell(() ->
                    assertThat(kit.engine.evacuate(1)).as("asked for once").isEqualTo(1));
            kit.expect("bring c1");
            kit.fetched(0, 1);
            kit.tell(() -> assertThat(kit.engine.evacuate(1)).isZero());
            kit.skip();
            kit.lose(1);
            kit.wait(1, d);
            kit.expect("wait 1 done c1");
        }
    }
}
