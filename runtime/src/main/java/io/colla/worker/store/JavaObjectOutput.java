package io.colla.worker.store;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Java serialization that also takes paths. */
final class JavaObjectOutput extends ObjectOutputStream {
    JavaObjectOutput(OutputStream target) throws IOException {
        super(target);
        enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object object) {
        return object instanceof Path path && ValueCodec.isDefault(path) ? new PathForm(path.toString()) : object;
    }

    /** Stands for a path of the default file system. */
    private record PathForm(String path) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws InvalidObjectException {
            return Path.of(path);
        }
    }
}
