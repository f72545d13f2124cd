package io.colla.systemtest.apps;

import static io.colla.api.Args.in;

import io.colla.api.Colla;
import io.colla.api.Data;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tasks that read one file (first argument) and tell under which path and inode they saw it; prints {@code in place} if all saw the user's own. */
public final class InPlace {
    private InPlace() {}

    public static void main(String[] args) throws IOException {
        Path path = Path.of(args[0]).toAbsolutePath();
        try (Colla colla = Colla.start()) {
            Data<Path> file = colla.file(path);
            List<Data<String>> seen = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                seen.add(colla.call(InPlace::identify, in(file)));
            }
            for (Data<String> each : seen) {
                if (!each.get().equals(identify(path))) {
                    throw new IllegalStateException("a task saw " + each.get() + ", and the file is " + identify(path));
                }
            }
        }
        System.out.println("in place");
    }

    public static String identify(Path file) throws IOException {
        return file + " " + Files.getAttribute(file, "unix:ino");
    }
}
