package io.colla.benchmarks.app;

/** {@link OneTask} without a runtime. */
public final class PlainOneTask {
    private PlainOneTask() {}

    public static void main(String[] args) {
        System.out.println(Functions.add(1, 2));
    }
}
