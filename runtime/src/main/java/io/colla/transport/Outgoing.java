package io.colla.transport;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** One content on its way out: a file's bytes, or an object serialized. It stays whole until it is closed. Used by one thread at a time. */
public interface Outgoing extends Closeable {
    boolean isFile();

    /** The file's name without folder; empty for an object. */
    String name();

    /** Bytes that {@link #writeTo} will write; -1 when that is not known before. */
    long length();

    /** Writes all of it, in any number of pieces; parts of files best by {@link FileBytes#copy}. To be called once. */
    void writeTo(WritableByteChannel target) throws IOException;
}
