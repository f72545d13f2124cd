package io.colla.master;

import io.colla.api.Data;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A datum as the application holds it. */
final class DataHandle<T extends @Nullable Object> implements Data<T> {
    final Session session;
    final int datum;
    /** Null for objects. */
    final @Nullable FileDatum file;
    /** Class to make for an OUT parameter; null when there is none. */
    final @Nullable Class<?> type;

    volatile boolean closed;
    private @Nullable Reference reference;

    DataHandle(Session session, int datum, @Nullable FileDatum file, @Nullable Class<?> type) {
        this.session = session;
        this.datum = datum;
        this.file = file;
        this.type = type;
    }

    @Override
    public T get() {
        return session.get(this, null, false);
    }

    @Override
    public T get(Duration timeout) {
        return session.get(this, timeout, false);
    }

    @Override
    public void await() {
        session.await(this, null);
    }

    @Override
    public void await(Duration timeout) {
        session.await(this, timeout);
    }

    @Override
    public T take() {
        return session.get(this, null, true);
    }

    @Override
    public boolean isDone() {
        return session.isDone(this);
    }

    @Override
    public void cancel() {
        session.cancel(this);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Reference known = reference;
            reference = null;
            session.close(this, known);
        }
    }

    void track(Reference created) {
        this.reference = created;
    }

    /** Tells of a handle that nobody can reach any more. Linked, so that it is itself reachable. */
    static final class Reference extends PhantomReference<DataHandle<?>> {
        final int datum;

        @Nullable
        Reference previous;

        @Nullable
        Reference next;

        Reference(DataHandle<?> handle, ReferenceQueue<DataHandle<?>> queue) {
            super(handle, queue);
            this.datum = handle.datum;
        }
    }
}
