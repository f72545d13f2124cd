package io.colla.wire;

import java.io.IOException;
import java.io.Serializable;

/**
 * Turns the bodies of task definitions into bytes and back, with a class loader of the caller's choice. Thread-safe.
 *
 * <p>A body that cannot be read breaks the connection. An implementation that would rather have only the task fail returns an object that says so.
 */
public interface BodyCodec {
    /** @throws IllegalArgumentException if the body cannot be serialized; the message names the class */
    byte[] write(Serializable body);

    Serializable read(byte[] bytes) throws IOException, ClassNotFoundException;
}
