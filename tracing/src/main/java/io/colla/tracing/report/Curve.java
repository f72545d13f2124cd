package io.colla.tracing.report;

/** An amount over time, as its mean in {@value #BINS} parts of the time at most, which become wider as time goes on. Not thread-safe. */
final class Curve {
    private static final int BINS = 2048;

    private final double[] sums = new double[BINS];
    private long width;
    private long end;

    /** @param length expected; more or less is no fault */
    Curve(long length) {
        this.width = Math.max(1, (length + BINS / 2 - 1) / (BINS / 2));
    }

    /** The amount was {@code value} from {@code from} to {@code to}. */
    void add(long from, long to, double value) {
        if (to <= from) {
            return;
        }
        while (to > width * BINS) {
            widen();
        }
        end = Math.max(end, to);
        if (value == 0) {
            return;
        }
        int first = (int) (from / width);
        int last = (int) ((to - 1) / width);
        for (int bin = first; bin <= last; bin++) {
            long begins = Math.max(from, bin * width);
            long ends = Math.min(to, (bin + 1) * width);
            sums[bin] += (double) (ends - begins) * value;
        }
    }

    private void widen() {
        for (int i = 0; i < BINS / 2; i++) {
            sums[i] = sums[2 * i] + sums[2 * i + 1];
        }
        for (int i = BINS / 2; i < BINS; i++) {
            sums[i] = 0;
        }
        width *= 2;
    }

    /** Of one part. */
    long width() {
        return width;
    }

    /** The mean of each part until the end. */
    double[] means() {
        int bins = (int) ((end + width - 1) / width);
        double[] means = new double[bins];
        for (int i = 0; i < bins; i++) {
            means[i] = sums[i] / Math.min(width, end - i * width);
        }
        return means;
    }

    /** The integral over all time, in nanoseconds of the amount. */
    double integral() {
        double all = 0;
        for (double sum : sums) {
            all += sum;
        }
        return all;
    }
}
