package io.colla.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** Sends parts of files. */
public final class FileBytes {
    private FileBytes() {}

    /**
     * Writes part of a file to what {@link Outgoing#writeTo} was given, or to any other channel.
     *
     * @throws EOFException if the file has fewer bytes
     */
    public static void copy(FileChannel file, long position, long count, WritableByteChannel target)
            throws IOException {
        long done = 0;
        while (done < count) {
            long step = target instanceof PieceWriter pieces
                    ? pieces.read(file, position + done, count - done)
                    : file.transferTo(position + done, count - done, target);
            if (step <= 0 && position + done >= file.size()) {
                throw new EOFException("the file has " + file.size() + " bytes instead of " + (position + count));
            }
            done += Math.max(step, 0);
        }
    }
}
