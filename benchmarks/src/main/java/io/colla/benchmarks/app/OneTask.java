package io.colla.benchmarks.app;

import static io.colla.api.Args.in;

import io.colla.api.Colla;

/** The smallest application: one task, one result. */
public final class OneTask {
    private OneTask() {}

    public static void main(String[] args) {
        try (Colla colla = Colla.start()) {
            System.out.println(colla.call(Functions::add, in(1), in(2)).get());
        }
    }
}
