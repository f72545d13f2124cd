package io.colla.scheduler;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ready tasks by priority, then order. Those that come in order, as nearly all do, stand in a line, where the first one is at hand; the others are in a binary heap.
 * Each task knows its place, so that any can be removed: at once from the line, which keeps a gap until it is moved up, and in O(log n) from the heap.
 */
final class ReadyHeap {
    private static final int SMALLEST = 8;
    private static final int WORTH_FREEING = 1024;

    /** Tasks with gaps between; neither the first nor the last of {@code head} to {@code tail} is a gap. */
    private @Nullable Schedulable[] line = new Schedulable[SMALLEST];

    private int head;
    private int tail;
    private int inLine;

    private @Nullable Schedulable[] heap = new Schedulable[SMALLEST];
    private int inHeap;

    int size() {
        return inLine + inHeap;
    }

    @Nullable
    Schedulable peek() {
        Schedulable first = inLine == 0 ? null : line[head];
        Schedulable top = heap[0];
        if (first == null || top == null) {
            return first == null ? top : first;
        }
        return top.before(first) ? top : first;
    }

    /** What {@link #peek} gives, where there must be one. */
    Schedulable first() {
        Schedulable task = peek();
        if (task == null) {
            throw new IllegalStateException("no task is ready");
        }
        return task;
    }

    void add(Schedulable task) {
        task.heap = this;
        Schedulable last = inLine == 0 ? null : line[tail - 1];
        if (last == null || last.before(task)) {
            append(task);
        } else {
            if (inHeap == heap.length) {
                heap = Arrays.copyOf(heap, inHeap * 2);
            }
            siftUp(inHeap++, task);
        }
    }

    void remove(Schedulable task) {
        if (task.inLine) {
            removeFromLine(task);
        } else {
            removeFromHeap(task);
        }
        task.heapIndex = -1;
        task.heap = null;
    }

    void addAllTo(List<Schedulable> all) {
        addAll(line, head, tail, all);
        addAll(heap, 0, inHeap, all);
    }

    private static void addAll(@Nullable Schedulable[] from, int start, int end, List<Schedulable> to) {
        for (int i = start; i < end; i++) {
            Schedulable task = from[i];
            if (task != null) {
                to.add(task);
            }
        }
    }

    private void append(Schedulable task) {
        if (tail == line.length) {
            moveUp();
        }
        task.inLine = true;
        task.heapIndex = tail;
        line[tail++] = task;
        inLine++;
    }

    /** Closes the gaps, and makes room for as many tasks again. */
    private void moveUp() {
        @Nullable Schedulable[] from = line;
        if (inLine > from.length / 2) {
            line = new Schedulable[from.length * 2];
        }
        int to = 0;
        for (int i = head; i < tail; i++) {
            Schedulable task = from[i];
            if (task != null) {
                task.heapIndex = to;
                line[to++] = task;
            }
        }
        if (line == from) {
            Arrays.fill(line, to, tail, null);
        }
        head = 0;
        tail = to;
    }

    private void removeFromLine(Schedulable task) {
        line[task.heapIndex] = null;
        task.inLine = false;
        inLine--;
        if (inLine == 0) {
            head = 0;
            tail = 0;
            if (line.length > WORTH_FREEING) {
                line = new Schedulable[SMALLEST];
            }
            return;
        }
        while (line[head] == null) {
            head++;
        }
        while (line[tail - 1] == null) {
            tail--;
        }
    }

    private void removeFromHeap(Schedulable task) {
        int index = task.heapIndex;
        Schedulable last = at(--inHeap);
        heap[inHeap] = null;
        if (last != task) {
            siftDown(index, last);
            if (last.heapIndex == index) {
                siftUp(index, last);
            }
        }
        if (inHeap == 0 && heap.length > WORTH_FREEING) {
            heap = new Schedulable[SMALLEST];
        }
    }

    private Schedulable at(int index) {
        Schedulable task = heap[index];
        if (task == null) {
            throw new IllegalStateException("hole in the heap at " + index);
        }
        return task;
    }

    private void siftUp(int from, Schedulable task) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            Schedulable above = at(parent);
            if (!task.before(above)) {
                break;
            }
            set(index, above);
            index = parent;
        }
        set(index, task);
    }

    private void siftDown(int from, Schedulable task) {
        int index = from;
        while (true) {
            int child = 2 * index + 1;
            if (child >= inHeap) {
                break;
            }
            if (child + 1 < inHeap && at(child + 1).before(at(child))) {
                child++;
            }
            Schedulable below = at(child);
            if (!below.before(task)) {
                break;
            }
            set(index, below);
            index = child;
        }
        set(index, task);
    }

    private void set(int index, Schedulable task) {
        heap[index] = task;
        task.heapIndex = index;
    }
}
