package io.colla.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrefetchingTest {
    private static final NodeCapacity ONE_CORE = new NodeCapacity(1, 0);

    private final Scheduler scheduler = new Scheduler(PlacementPolicy.FIFO);
    private final TaskClass tasks = scheduler.classFor(List.of(Requirement.ONE_CORE), 0);
    private final List<String> commands = new ArrayList<>();
    private final Scheduler.Sink sink = new Scheduler.Sink() {
        @Override
        public void place(Schedulable task, int worker, @Nullable Gang gang, boolean ahead) {
            commands.add(task + (ahead ? " ahead to " : " to ") + worker);
        }

        @Override
        public void recall(Schedulable task, int worker) {
            commands.add(task + " back from " + worker);
        }
    };

    private List<String> dispatched() {
        commands.clear();
        scheduler.dispatch(0, sink);
        scheduler.checkInvariants();
        return List.copyOf(commands);
    }

    private Schedulable queued(String name) {
        Schedulable task = new Schedulable() {
            @Override
            public String toString() {
                return name;
            }
        };
        scheduler.offer(task, tasks, 0, 0);
        return task;
    }

    @Test
    void whatWaitsBehindATaskThatLastsGoesToAnIdleWorker() {
        scheduler.addWorker(1, ONE_CORE);
        Schedulable quick = queued("quick");
        dispatched();
        scheduler.ran(quick, 1_000); // such tasks have been too short to be worth a recall
        scheduler.left(quick, 1);
        queued("long");
        Schedulable next = queued("next");
        assertThat(dispatched()).containsExactly("long to 1", "next ahead to 1");

        scheduler.addWorker(2, ONE_CORE);
        assertThat(dispatched()).isEmpty();
        scheduler.lasts(1);
        assertThat(dispatched()).containsExactly("next back from 1");

        scheduler.left(next, 1);
        scheduler.offer(next, tasks, 0, 0);
        assertThat(dispatched()).containsExactly("next to 2");
    }

    @Test
    void nothingIsSentAheadToAWorkerWhoseTaskLasts() {
        scheduler.addWorker(1, ONE_CORE);
        Schedulable first = queued("first");
        dispatched();
        scheduler.lasts(1);
        queued("second");
        assertThat(dispatched()).isEmpty();

        scheduler.left(first, 1);
        assertThat(dispatched()).containsExactly("second to 1");
    }
}
