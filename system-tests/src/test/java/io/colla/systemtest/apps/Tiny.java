package io.colla.systemtest.apps;

import static io.colla.api.Args.in;

import io.colla.api.Colla;

/** As many tasks as the first argument says, none of which does much. Prints {@code tasks N}. */
public final class Tiny {
    private Tiny() {}

    public static void main(String[] args) {
        int count = Integer.parseInt(args[0]);
        try (Colla colla = Colla.start()) {
            for (int i = 0; i < count; i++) {
                colla.run(Tiny::next, in(i));
            }
            colla.barrier();
        }
        System.out.println("tasks " + count);
    }

    static void next(int i) {
        if (i < 0) {
            throw new IllegalArgumentException("no task has number " + i);
        }
    }
}
