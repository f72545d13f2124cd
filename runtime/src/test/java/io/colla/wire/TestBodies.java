package io.colla.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Bodies that are strings, so that frames do not depend on Java's serialization; everything else by that. */
public final class TestBodies implements BodyCodec {
    @Override
    public byte[] write(Serializable body) {
        if (body instanceof String text) {
            return ("s" + text).getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write('j');
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public Serializable read(byte[] bytes) throws IOException, ClassNotFoundException {
        if (bytes.length > 0 && bytes[0] == 's') {
            return new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
        }
        if (bytes.length == 0) {
            throw new IOException("an empty body");
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes, 1, bytes.length - 1))) {
            return (Serializable) in.readObject();
        }
    }
}
