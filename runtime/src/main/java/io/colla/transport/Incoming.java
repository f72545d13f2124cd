package io.colla.transport;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** Takes one content that is fetched. Nobody sees it before {@link #complete()}. Used by one thread at a time. */
public interface Incoming {
    /**
     * The content begins. Called again after a broken transfer: what came before is forgotten.
     *
     * @param file whether it is a file, else a serialized object
     * @param name the file's name without folder; empty for an object
     * @param length bytes to come; -1 when that is not known before
     * @return where the bytes go
     */
    WritableByteChannel begin(boolean file, String name, long length) throws IOException;

    /** All bytes have come: the content is there from now on. */
    void complete() throws IOException;

    /** Forgets what came. */
    void abort();
}
