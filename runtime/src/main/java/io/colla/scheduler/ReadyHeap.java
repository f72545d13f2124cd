package io.colla.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Ready tasks by priority, then order: a binary heap whose elements know their index, so that removal is O(log n) too. */
final class ReadyHeap {
    private @Nullable Schedulable[] elements = new Schedulable[8];
    private int size;

    int size() {
        return size;
    }

    @Nullable Schedulable peek() {
        return elements[0];
    }

    void add(Schedulable task) {
        if (size == elements.length) {
            elements = Arrays.copyOf(elements, size * 2);
        }
        task.heap = this;
        siftUp(size++, task);
    }

    void remove(Schedulable task) {
        int index = task.heapIndex;
        Schedulable last = at(--size);
        elements[size] = null;
        if (last != task) {
            siftDown(index, last);
            if (last.heapIndex == index) {
                siftUp(index, last);
            }
        }
        task.heapIndex = -1;
        task.heap = null;
        if (size == 0 && elements.length > 1024) {
            elements = new Schedulable[8];
        }
    }

    Schedulable at(int index) {
        Schedulable task = elements[index];
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
            if (child >= size) {
                break;
            }
            if (child + 1 < size && at(child + 1).before(at(child))) {
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
        elements[index] = task;
        task.heapIndex = index;
    }
}
