package io.colla.worker.store;

import io.colla.transport.FileBytes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * A folder as one stream of bytes, for its way from node to node. Entries in the order of a walk, parents first: a kind, the permissions as
 * bits of {@link PosixFilePermission}'s ordinals, the path relative to the folder, then a file's length and bytes or a link's target; an end mark.
 * Big-endian, strings as {@link DataOutputStream#writeUTF}.
 */
final class TreeArchive {
    private static final int END = 0;
    private static final int FOLDER = 1;
    private static final int FILE = 2;
    private static final int LINK = 3;

    private TreeArchive() {}

    static void write(Path root, WritableByteChannel target) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                head(FOLDER, folder, -1, "");
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isSymbolicLink()) {
                    head(LINK, file, -1, Files.readSymbolicLink(file).toString());
                } else if (attributes.isRegularFile()) {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                        long length = channel.size();
                        head(FILE, file, length, "");
                        FileBytes.copy(channel, 0, length, target);
                    }
                } else {
                    throw new IOException(
                            file + " is neither a file, a folder nor a link and cannot go to another node");
                }
                return FileVisitResult.CONTINUE;
            }

            private void head(int kind, Path path, long length, String link) throws IOException {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                DataOutputStream out = new DataOutputStream(bytes);
                out.writeByte(kind);
                out.writeShort(kind == LINK ? 0 : bits(Files.getPosixFilePermissions(path)));
                out.writeUTF(root.relativize(path).toString());
                if (kind == FILE) {
                    out.writeLong(length);
                } else if (kind == LINK) {
                    out.writeUTF(link);
                }
                send(bytes.toByteArray(), target);
            }
        });
        send(new byte[] {END}, target);
    }

    private static void send(byte[] bytes, WritableByteChannel target) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            target.write(buffer);
        }
    }

    /** Makes the folder again. @throws IOException if it cannot be written, or an entry would lie outside of it */
    static void unpack(Path archive, Path root) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(archive), 1 << 16))) {
            for (int kind = in.readByte(); kind != END; kind = in.readByte()) {
                int mode = in.readShort();
                Path path = root.resolve(in.readUTF()).normalize();
                if (!path.startsWith(root)) {
                    throw new IOException("the folder has an entry outside of itself: " + path);
                }
                switch (kind) {
                    case FOLDER -> Files.createDirectories(path);
                    case FILE -> unpackFile(in, path);
                    case LINK -> Files.createSymbolicLink(path, Path.of(in.readUTF()));
                    default -> throw new IOException("the folder has an entry of kind " + kind);
                }
                if (kind != LINK) {
                    Set<PosixFilePermission> permissions = permissions(mode);
                    if (kind == FOLDER) {
                        // Whatever it had, its entries must get in.
                        permissions.add(PosixFilePermission.OWNER_WRITE);
                        permissions.add(PosixFilePermission.OWNER_EXECUTE);
                    }
                    Files.setPosixFilePermissions(path, permissions);
                }
            }
        }
    }

    private static void unpackFile(DataInputStream in, Path path) throws IOException {
        long left = in.readLong();
        byte[] piece = new byte[(int) Math.min(left + 1, 1 << 16)];
        try (OutputStream out = Files.newOutputStream(path)) {
            while (left > 0) {
                int count = in.read(piece, 0, (int) Math.min(left, piece.length));
                if (count < 0) {
                    throw new EOFException("the folder ends within " + path.getFileName());
                }
                out.write(piece, 0, count);
                left -= count;
            }
        }
    }

    private static int bits(Set<PosixFilePermission> permissions) {
        int bits = 0;
        for (PosixFilePermission permission : permissions) {
            bits |= 1 << permission.ordinal();
        }
        return bits;
    }

    private static Set<PosixFilePermission> permissions(int bits) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((bits & 1 << permission.ordinal()) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }

    /** A folder on its way out; it is named with a slash at its end. */
    record Outgoing(Path root, String name) implements io.colla.transport.Outgoing {
        @Override
        public boolean isFile() {
            return true;
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public void writeTo(WritableByteChannel target) throws IOException {
            write(root, target);
        }

        @Override
        public void close() {}
    }
}
