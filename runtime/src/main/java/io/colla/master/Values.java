package io.colla.master;

import io.colla.api.CollaException;
import io.colla.core.Failure;
import io.colla.wire.Message;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.ValueCodec;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Objects on their way between the application and the run. Thread-safe. */
final class Values {
    private final ValueCodec codec;
    private final ContentStore store;
    private final boolean embedded;

    Values(ValueCodec codec, ContentStore store, boolean embedded) {
        this.codec = codec;
        this.store = store;
        this.embedded = embedded;
    }

    /**
     * The value as it is now, whatever the application does to it later.
     *
     * @param what names it for an error
     */
    @Nullable
    Object snapshot(@Nullable Object value, Supplier<String> what) {
        if (InlineValues.isScalar(value) || (embedded && codec.isImmutable(value))) {
            return value;
        }
        return new Message.Serialized(bytes(value, what));
    }

    private byte[] bytes(@Nullable Object value, Supplier<String> what) {
        try {
            return codec.toBytes(value);
        } catch (io.colla.api.UsageException e) {
            throw new io.colla.api.UsageException(what.get() + ": " + e.getMessage(), e);
        }
    }

    /** @param copy whether the application gets an object of its own */
    @Nullable
    Object content(int content, boolean copy) {
        return copy ? store.copyOf(content) : store.value(content);
    }

    /** What the application sees of a failure. */
    CollaException exception(Failure failure) {
        byte[] serialized = failure.exception();
        Throwable cause = null;
        if (serialized != null) {
            try {
                Object read = codec.fromBytes(serialized);
                cause = read instanceof Throwable throwable ? throwable : null;
            } catch (RuntimeException e) {
                cause = new io.colla.api.RemoteException(
                        "the task's exception cannot be read here", e.getMessage(), new StackTraceElement[0], e);
            }
        }
        return Session.exception(failure, cause);
    }
}
