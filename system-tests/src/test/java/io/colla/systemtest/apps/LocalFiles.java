package io.colla.systemtest.apps;

import static io.colla.api.Args.in;
import static io.colla.api.Args.inout;
import static io.colla.api.Args.out;

import io.colla.api.Colla;
import io.colla.api.Data;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that one task writes, many append to and many read in between. Each reader returns the version that it saw; it prints {@code versions right}, the inode of the
 * file that readers saw as {@code inodes: 1} or more, and the file's text is {@code 0 1 2 ...}.
 *
 * <p>Arguments: path of the file, number of versions.
 */
public final class LocalFiles {
    private LocalFiles() {}

    public static void main(String[] args) throws IOException {
        Path path = Path.of(args[0]);
        int versions = Integer.parseInt(args[1]);
        List<Data<String>> seen = new ArrayList<>();
        try (Colla colla = Colla.start()) {
            Data<Path> file = colla.file(path);
            colla.run(LocalFiles::begin, out(file));
            for (int i = 1; i <= versions; i++) {
                seen.add(colla.call(LocalFiles::read, in(file)));
                seen.add(colla.call(LocalFiles::read, in(file)));
                colla.run(LocalFiles::append, inout(file), in(i));
            }
            StringBuilder text = new StringBuilder("0");
            for (int i = 0; i < versions; i++) {
                for (Data<String> reader : seen.subList(2 * i, 2 * i + 2)) {
                    String saw = reader.get();
                    if (!saw.equals(text.toString())) {
                        throw new IllegalStateException("a reader of version " + i + " saw " + saw);
                    }
                }
                text.append(' ').append(i + 1);
            }
        }
        System.out.println("versions right");
        System.out.println("at the end: " + Files.readString(path));
    }

    public static void begin(Path file) throws IOException {
        Files.writeString(file, "0");
    }

    public static String read(Path file) throws IOException {
        return Files.readString(file);
    }

    public static void append(Path file, int number) throws IOException {
        Files.writeString(file, " " + number, StandardOpenOption.APPEND);
    }
}
