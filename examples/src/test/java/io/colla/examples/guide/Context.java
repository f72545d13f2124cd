package io.colla.examples.guide;

import io.colla.api.Data;
import java.nio.file.Path;

/** What the pieces of code in the guide use without showing where it comes from. Only those that are not run use it. */
@SuppressWarnings("NullAway.Init")
public class Context {
    protected static Data<Path> first;
    protected static Data<Path> second;
    protected static byte[] latin1Bytes;

    protected Context() {}

    protected static void assemble() {}

    protected static void solve() {}
}
