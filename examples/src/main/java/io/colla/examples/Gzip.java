package io.colla.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Reads files that may be compressed, as Debian does with larger documents. */
public final class Gzip {
    private static final int BUFFER = 1 << 16;

    private Gzip() {}

    /** The file's content, decompressed if it begins with gzip's magic number (RFC 1952). */
    public static InputStream open(Path file) throws IOException {
        boolean compressed;
        try (InputStream in = Files.newInputStream(file)) {
            compressed = in.read() == 0x1f && in.read() == 0x8b;
        }
        InputStream in = Files.newInputStream(file);
        try {
            return compressed ? new GZIPInputStream(in, BUFFER) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
