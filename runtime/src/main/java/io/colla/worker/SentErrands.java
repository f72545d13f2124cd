package io.colla.worker;

import io.colla.platform.ErrandListener;
import io.colla.wire.Message;
import io.colla.wire.Message.Run;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The errands that tasks of this worker have on their other nodes, until they are over. Thread-safe. */
final class SentErrands {
    private final MasterLink link;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, Sent> underWay = new ConcurrentHashMap<>();

    SentErrands(MasterLink link) {
        this.link = link;
    }

    /** One errand. Its listener is called with its lock, so that no call is under way when it has been forgotten. */
    final class Sent implements ErrandListener.Handle {
        private final int number;
        private final int task;
        private final int attempt;
        private final int node;
        private @Nullable ErrandListener listener;

        private Sent(int number, Run run, int node, ErrandListener listener) {
            this.number = number;
            this.task = run.task();
            this.attempt = run.attempt();
            this.node = node;
            this.listener = listener;
        }

        @Override
        public void end() {
            if (underWay.containsKey(number)) {
                tell(new Message.EndErrand(task, attempt, number, node));
            }
        }

        /** The task's executor has returned. */
        synchronized void forget() {
            underWay.remove(number);
            listener = null;
        }

        private synchronized void said(byte[] content) {
            if (listener != null) {
                listener.said(content);
            }
        }

        private synchronized void ended(@Nullable String error) {
            ErrandListener told = listener;
            listener = null;
            if (told != null) {
                told.ended(error);
            }
        }
    }

    Sent send(Run run, int node, String kind, byte[] request, ErrandListener listener) {
        int number = numbers.incrementAndGet();
        Sent sent = new Sent(number, run, node, listener);
        underWay.put(number, sent);
        tell(new Message.AskErrand(run.task(), run.attempt(), number, node, kind, request));
        return sent;
    }

    private void tell(Message.ToMaster message) {
        link.send(message);
        link.flush();
    }

    void said(Message.ErrandSaid said) {
        Sent sent = underWay.get(said.errand());
        if (sent != null) {
            sent.said(said.content());
        }
    }

    void ended(Message.ErrandEnded ended) {
        Sent sent = underWay.remove(ended.errand());
        if (sent != null) {
            sent.ended(ended.error());
        }
    }
}
