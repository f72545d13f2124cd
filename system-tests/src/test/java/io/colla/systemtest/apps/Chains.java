package io.colla.systemtest.apps;

import static io.colla.api.Args.in;
import static io.colla.api.Args.inout;

import io.colla.api.Colla;
import io.colla.api.Data;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chains of tasks that each change an array in place, and a task that adds two chains up: state that is lost, applied twice or in the wrong order shows in the
 * result. The middle task of each chain leaves a file {@code began-CHAIN} and waits for {@code go}.
 *
 * <p>Arguments: folder of the files, number of chains, steps of each.
 */
public final class Chains {
    private static final int LENGTH = 20_000;

    private Chains() {}

    public static void main(String[] args) {
        String folder = args[0];
        int chains = Integer.parseInt(args[1]);
        int steps = Integer.parseInt(args[2]);
        List<Data<long[]>> states = new ArrayList<>();
        try (Colla colla = Colla.start()) {
            for (int chain = 0; chain < chains; chain++) {
                Data<long[]> state = colla.call(Chains::begin, in(chain));
                for (int step = 0; step < steps; step++) {
                    boolean waits = step == steps / 2;
                    colla.run(Chains::step, inout(state), in(chain), in(step), in(waits ? folder : ""));
                }
                states.add(state);
            }
            for (int chain = 1; chain < chains; chain++) {
                colla.run(Chains::add, inout(states.get(0)), in(states.get(chain)));
            }
            check(states.get(0).get(), chains, steps);
        }
    }

    public static long[] begin(int chain) {
        long[] state = new long[LENGTH];
        Arrays.setAll(state, i -> chain + i);
        return state;
    }

    public static void step(long[] state, int chain, int step, String folder) throws IOException {
        if (!folder.isEmpty()) {
            Gate.mark(folder, "began-" + chain);
            Gate.await(folder, "go");
        }
        for (int i = 0; i < state.length; i++) {
            state[i] = state[i] * 31 + step;
        }
    }

    public static void add(long[] sum, long[] more) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = sum[i] * 17 + more[i];
        }
    }

    private static void check(long[] result, int chains, int steps) {
        try {
            long[] wanted = expected(0, steps);
            for (int chain = 1; chain < chains; chain++) {
                add(wanted, expected(chain, steps));
            }
            if (!Arrays.equals(result, wanted)) {
                throw new IllegalStateException("the result is wrong");
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        System.out.println("the result is right");
    }

    private static long[] expected(int chain, int steps) throws IOException {
        long[] state = begin(chain);
        for (int step = 0; step < steps; step++) {
            step(state, chain, step, "");
        }
        return state;
    }
}
