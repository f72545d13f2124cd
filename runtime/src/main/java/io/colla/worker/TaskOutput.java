package io.colla.worker;

/** The end of what one task printed. Used by the task's thread only. */
final class TaskOutput {
    static final int KEPT = 64 << 10;

    private byte[] ring = {};
    private long written;

    void write(byte[] bytes, int from, int length) {
        int skip = Math.max(0, length - KEPT);
        written += skip;
        for (int i = from + skip; i < from + length; i++) {
            int at = (int) (written % KEPT);
            if (at >= ring.length) {
                ring = java.util.Arrays.copyOf(ring, Math.min(KEPT, Math.max(1024, Math.max(at + 1, 2 * ring.length))));
            }
            ring[at] = bytes[i];
            written++;
        }
    }

    void clear() {
        if (written > 0) {
            written = 0;
            ring = new byte[0];
        }
    }

    boolean isEmpty() {
        return written == 0;
    }

    String text() {
        int length = (int) Math.min(written, KEPT);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(written - length + i);
        }
        String text = new String(bytes, OutputRouter.CHARSET);
        return written > KEPT ? "[" + (written - KEPT) + " bytes before this are left out]\n" + text : text;
    }

    private byte at(long position) {
        int at = (int) (position % KEPT);
        return at < ring.length ? ring[at] : 0;
    }
}
