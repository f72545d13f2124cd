package io.colla.python.gateway.streams;

import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A question that is answered when something happens to its stream, or when its time is over. */
final class Waiting {
    final int stream;
    final Asker asker;
    final Consumer<byte[]> answer;

    @Nullable
    Future<?> timeout;

    Waiting(int stream, Asker asker, Consumer<byte[]> answer) {
        this.stream = stream;
        this.asker = asker;
        this.answer = answer;
    }

    void stopWaiting() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
