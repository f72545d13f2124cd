package io.colla.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadyHeapTest {
    private static final Comparator<Schedulable> ORDER = (a, b) -> a == b ? 0 : a.before(b) ? -1 : 1;

    private final ReadyHeap heap = new ReadyHeap();

    private static Schedulable task(int priority, long order) {
        Schedulable task = new Schedulable() {};
        task.priority = priority;
        task.order = order;
        return task;
    }

    private List<Schedulable> drained() {
        List<Schedulable> all = new ArrayList<>();
        for (Schedulable task = heap.peek(); task != null; task = heap.peek()) {
            all.add(task);
            heap.remove(task);
            assertThat(task.heap).isNull();
        }
        return all;
    }

    @Test
    void higherPrioritiesComeFirstThenEarlierOnes() {
        Schedulable late = task(0, 9);
        Schedulable early = task(0, 1);
        Schedulable urgent = task(5, 10);
        Schedulable last = task(-1, 2);
        List.of(late, early, urgent, last).forEach(heap::add);

        assertThat(heap.size()).isEqualTo(4);
        assertThat(drained()).containsExactly(urgent, early, late, last);
        assertThat(heap.size()).isZero();
    }

    @Test
    void oneFromTheMiddleOfTheLineLeavesTheOthersInOrder() {
        List<Schedulable> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            tasks.add(task(0, i));
        }
        tasks.forEach(heap::add);
        for (int i : new int[] {0, 99, 50, 1, 98}) {
            heap.remove(tasks.get(i));
        }
        List<Schedulable> left = new ArrayList<>(tasks);
        left.removeIf(task -> task.heap == null);

        assertThat(left).hasSize(95);
        assertThat(drained()).isEqualTo(left);
    }

    /** Shares of arrivals out of order and of removals from anywhere, in percent. */
    @ParameterizedTest
    @CsvSource({"0, 0", "0, 30", "5, 5", "50, 50", "100, 20"})
    void itDoesWhatASortedSetDoes(int unordered, int anywhere) {
        Random random = new Random(20_260_711L + unordered * 100L + anywhere);
        TreeSet<Schedulable> expected = new TreeSet<>(ORDER);
        for (int step = 0; step < 20_000; step++) {
            boolean grow = random.nextInt(100) < (step / 2_000 % 2 == 0 ? 70 : 30);
            if (grow || expected.isEmpty()) {
                boolean early = random.nextInt(100) < unordered;
                Schedulable task = early ? task(random.nextInt(3) - 1, -step) : task(0, step);
                heap.add(task);
                expected.add(task);
            } else {
                boolean any = random.nextInt(100) < anywhere;
                List<Schedulable> all = any ? new ArrayList<>(expected) : List.of(expected.first());
                Schedulable gone = all.get(random.nextInt(all.size()));
                heap.remove(gone);
                expected.remove(gone);
            }
            assertThat(heap.peek()).isSameAs(expected.isEmpty() ? null : expected.first());
            assertThat(heap.size()).isEqualTo(expected.size());
        }
        List<Schedulable> inside = new ArrayList<>();
        heap.addAllTo(inside);
        assertThat(inside).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(drained()).isEqualTo(List.copyOf(expected));
    }
}
