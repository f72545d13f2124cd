package io.colla.worker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Stands in for {@link System#out} and {@link System#err}: what a task's thread prints is kept for the report of its failure, and goes on to the real stream as well.
 */
final class OutputRouter extends OutputStream {
    /** In which tasks' output is kept. */
    static final Charset CHARSET = charset("stdout.encoding");

    private static boolean installed;

    private final PrintStream real;

    private OutputRouter(PrintStream real) {
        this.real = real;
    }

    /** Replaces the process' streams; once, however often it is called. */
    static synchronized void install() {
        if (!installed) {
            installed = true;
            System.setOut(router(System.out, CHARSET));
            System.setErr(router(System.err, charset("stderr.encoding")));
        }
    }

    private static PrintStream router(PrintStream real, Charset charset) {
        return new PrintStream(new OutputRouter(real), true, charset);
    }

    /** That of the real stream: before Java 18, which has a property for it, the default. */
    private static Charset charset(String property) {
        String name = System.getProperty(property);
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        if (Thread.currentThread() instanceof TaskThread thread) {
            thread.output.write(bytes, from, length);
        }
        real.write(bytes, from, length);
    }

    @Override
    public void flush() {
        real.flush();
    }
}
