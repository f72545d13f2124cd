package io.colla.worker.store;

import io.colla.transport.FileBytes;
import io.colla.transport.Outgoing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The forms in which contents are sent. */
final class Sending {
    private Sending() {}

    /** @param size the object's size in memory, to choose between one piece and a stream */
    static Outgoing ofObject(ValueCodec codec, @Nullable Object value, long size) {
        // The size may be far too low an estimate.
        byte[] bytes = size <= ValueCodec.ONE_PIECE ? codec.toBytes(value, 4 * ValueCodec.ONE_PIECE) : null;
        return bytes != null ? new OfBytes(bytes) : new OfObject(codec, value);
    }

    /** A serialized object in memory. */
    record OfBytes(byte[] bytes) implements Outgoing {
        @Override
        public boolean isFile() {
            return false;
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void writeTo(WritableByteChannel target) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                target.write(buffer);
            }
        }

        @Override
        public void close() {}
    }

    /** An object that is serialized while it is sent. */
    record OfObject(ValueCodec codec, @Nullable Object value) implements Outgoing {
        @Override
        public boolean isFile() {
            return false;
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public long length() {
            return codec.serializedLength(value);
        }

        @Override
        public void writeTo(WritableByteChannel target) throws IOException {
            codec.write(value, target);
        }

        @Override
        public void close() {}
    }

    /** An object in a file that others map; open, so that it stays whole when the file is removed. */
    record OfMapped(FileChannel channel, long size) implements Outgoing {
        static Outgoing open(Blob.Mapped mapped) throws IOException {
            return new OfMapped(FileChannel.open(mapped.file(), StandardOpenOption.READ), mapped.length());
        }

        @Override
        public boolean isFile() {
            return false;
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public long length() {
            return ValueCodec.BLOB_HEADER + size;
        }

        @Override
        public void writeTo(WritableByteChannel target) throws IOException {
            ByteBuffer header = ByteBuffer.allocate(ValueCodec.BLOB_HEADER).order(ByteOrder.LITTLE_ENDIAN);
            header.put((byte) ValueCodec.BLOB).putLong(size).flip();
            while (header.hasRemaining()) {
                target.write(header);
            }
            FileBytes.copy(channel, 0, size, target);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** A file, or an object whose serialized form is in a file. */
    record OfFile(FileChannel channel, boolean isFile, String name, long length) implements Outgoing {
        static Outgoing open(Path path, boolean isFile) throws IOException {
            if (isFile && Files.isDirectory(path)) {
                return new TreeArchive.Outgoing(path, path.getFileName() + Reception.FOLDER_MARK);
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                Path name = path.getFileName();
                return new OfFile(channel, isFile, isFile && name != null ? name.toString() : "", channel.size());
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        @Override
        public void writeTo(WritableByteChannel target) throws IOException {
            FileBytes.copy(channel, 0, length, target);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
