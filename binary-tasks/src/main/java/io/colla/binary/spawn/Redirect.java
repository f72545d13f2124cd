package io.colla.binary.spawn;

import java.nio.file.Path;

/** Where one of the three standard streams of a program comes from or goes to. */
public sealed interface Redirect {

    /** The stream of this JVM. */
    Redirect INHERIT = new Inherit();

    /** {@code /dev/null}. */
    Redirect NULL = new Null();

    /** For standard error only: the same open file as standard output, as a shell's {@code 2>&1}. */
    Redirect STDOUT = new Stdout();

    /** Standard input from a file, which must exist. */
    static Redirect from(Path file) {
        return new From(file);
    }

    /** Output to a file, created with mode 0666 less the umask, or emptied. */
    static Redirect to(Path file) {
        return new To(file, false);
    }

    /** Output added to a file, created where it does not exist. */
    static Redirect appendTo(Path file) {
        return new To(file, true);
    }

    /** See {@link #INHERIT}. */
    record Inherit() implements Redirect {}

    /** See {@link #NULL}. */
    record Null() implements Redirect {}

    /** See {@link #STDOUT}. */
    record Stdout() implements Redirect {}

    /** See {@link #from}. A relative path starts at the command's working folder. */
    record From(Path file) implements Redirect {}

    /** See {@link #to} and {@link #appendTo}. A relative path starts at the command's working folder. */
    record To(Path file, boolean append) implements Redirect {}
}
