package io.colla.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.wire.Message;
import io.colla.wire.Message.ToMaster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A master that only listens. */
final class RecordingLink implements MasterLink {
    private final List<ToMaster> unflushed = new ArrayList<>();
    private final List<ToMaster> received = new ArrayList<>();

    @Override
    public synchronized void send(ToMaster message) {
        unflushed.add(message);
    }

    @Override
    public synchronized void flush() {
        received.addAll(unflushed);
        unflushed.clear();
        notifyAll();
    }

    /** The first message of this type for the task (or of any task if negative), within seconds. */
    synchronized <M extends ToMaster> M await(Class<M> type, int task) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            for (ToMaster message : received) {
                if (type.isInstance(message) && (task < 0 || taskOf(message) == task)) {
                    return type.cast(message);
                }
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            assertThat(millis)
                    .as("waiting for %s of task %s; there is %s", type.getSimpleName(), task, received)
                    .isPositive();
            try {
                wait(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    synchronized <M extends ToMaster> List<M> all(Class<M> type) {
        return received.stream().filter(type::isInstance).map(type::cast).toList();
    }

    synchronized List<ToMaster> ofTask(int task) {
        return received.stream().filter(message -> taskOf(message) == task).toList();
    }

    private static int taskOf(ToMaster message) {
        if (message instanceof Message.Finished m) {
            return m.task();
        } else if (message instanceof Message.Failed m) {
            return m.task();
        } else if (message instanceof Message.Stopped m) {
            return m.task();
        } else if (message instanceof Message.Returned m) {
            return m.task();
        } else if (message instanceof Message.Unfetched m) {
            return m.task();
        } else if (message instanceof Message.Began m) {
            return m.task();
        } else if (message instanceof Message.Turned m) {
            return m.task();
        } else if (message instanceof Message.Holding m) {
            return m.task();
        }
        return -1;
    }
}
