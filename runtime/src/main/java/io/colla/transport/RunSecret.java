package io.colla.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** What the processes of one run know and nobody else: 32 random bytes. It is never printed. Immutable. */
public final class RunSecret {
    public static final int LENGTH = 32;

    private static final int BLOCK = 64;

    private final byte[] bytes;

    private RunSecret(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a run's secret has " + LENGTH + " bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    public static RunSecret create() {
        return new RunSecret(random(LENGTH));
    }

    public static RunSecret of(byte[] bytes) {
        return new RunSecret(bytes.clone());
    }

    /** From the form of {@link #toHex()}; surrounding white space is ignored. */
    public static RunSecret parse(String hex) {
        try {
            return new RunSecret(HexFormat.of().parseHex(hex.strip()));
        } catch (IllegalArgumentException e) {
            // The cause would print what may be most of a secret.
            throw new IllegalArgumentException("not a run's secret: it takes " + 2 * LENGTH + " hexadecimal digits");
        }
    }

    /** For handing it on over a channel that nobody else reads. */
    public String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** Writes a new file that only its owner can read, and could at no time. Fails if there is a file already. */
    public void write(Path file) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(
                Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel = Files.newByteChannel(file, options, owner)) {
            ByteBuffer text = ByteBuffer.wrap((toHex() + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            while (text.hasRemaining()) {
                channel.write(text);
            }
        }
    }

    /** Reads what {@link #write} wrote; refuses a file that others could have read or changed. */
    public static RunSecret read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                .containsAll(permissions)) {
            throw new IOException("the run's secret in " + file + " is open to others ("
                    + PosixFilePermissions.toString(permissions) + "): do not use it, start a new run");
        }
        if (Files.size(file) > 4L * LENGTH) {
            throw new IOException(file + " does not hold a run's secret");
        }
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " does not hold a run's secret", e);
        }
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /**
     * HMAC-SHA256 with this secret as key (RFC 2104). Made from the digest, because {@code javax.crypto} takes 45 ms of a process' start to load.
     */
    byte[] prove(byte[]... parts) {
        MessageDigest digest = sha256();
        digest.update(pad(0x36));
        for (byte[] part : parts) {
            digest.update(part);
        }
        byte[] inner = digest.digest();
        digest.update(pad(0x5c));
        return digest.digest(inner);
    }

    private byte[] pad(int value) {
        byte[] block = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            block[i] = (byte) ((i < LENGTH ? bytes[i] : 0) ^ value);
        }
        return block;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Takes the same time wherever the first difference is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof RunSecret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return RunSecret.class.hashCode();
    }

    @Override
    public String toString() {
        return "RunSecret";
    }
}
