package io.colla.worker;

import io.colla.wire.Message.Needs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The ready tasks that need more than one core or something else than cores: a queue for each kind of needs. Guarded by the dispatcher. */
final class WideTasks {
    static final Comparator<Job> ORDER = (a, b) ->
            a.priority != b.priority ? Integer.compare(b.priority, a.priority) : Long.compare(a.order, b.order);

    private final Map<Needs, PriorityQueue<Job>> queues = new HashMap<>();

    void add(Job job) {
        queues.computeIfAbsent(job.needs, needs -> new PriorityQueue<>(ORDER)).add(job);
    }

    boolean isEmpty() {
        return queues.isEmpty();
    }

    /** The first of each kind, in the order in which they should begin. Forgets those that have ended. */
    List<Job> heads() {
        List<Job> heads = new ArrayList<>(queues.size() + 1);
        for (Iterator<PriorityQueue<Job>> each = queues.values().iterator(); each.hasNext(); ) {
            PriorityQueue<Job> queue = each.next();
            Job head = liveHead(queue);
            if (head == null) {
                each.remove();
            } else {
                heads.add(head);
            }
        }
        heads.sort(ORDER);
        return heads;
    }

    private static @Nullable Job liveHead(PriorityQueue<Job> queue) {
        Job head = queue.peek();
        while (head != null && head.isEnded()) {
            queue.poll();
            head = queue.peek();
        }
        return head;
    }

    /** Takes out a head. */
    void remove(Job head) {
        PriorityQueue<Job> queue = queues.get(head.needs);
        if (queue != null) {
            queue.remove(head);
            if (queue.isEmpty()) {
                queues.remove(head.needs);
            }
        }
    }
}
