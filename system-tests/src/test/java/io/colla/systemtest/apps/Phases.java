package io.colla.systemtest.apps;

import static io.colla.api.Args.in;

import es.bsc.cepbatools.extrae.Wrapper;
import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code TASKS}: tells the trace what the main program and each task are at; prints whether it is recorded. */
public final class Phases {
    /** Of the tasks' own events. */
    private static final int STEP = 1_000;

    private Phases() {}

    public static void main(String[] args) {
        Trace.define(Trace.USER, "Phase", Map.of(1L, "call", 2L, "collect"));
        try (Colla colla = Colla.start()) {
            Trace.event(1);
            List<Data<Integer>> sums = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                sums.add(colla.call(Phases::task, in(i)));
            }
            Trace.event(2);
            int sum = 0;
            for (Data<Integer> each : sums) {
                sum += each.get();
            }
            Trace.event(0);
            System.out.println("recorded " + Trace.isOn() + ", sum " + sum);
        }
    }

    static int task(int number) throws InterruptedException {
        Wrapper.defineEventType(STEP, "Step", new long[] {0, 1, 2}, new String[] {"End", "first", "second"});
        Wrapper.Event(STEP, 1);
        Thread helper = new Thread(() -> Trace.event(77));
        helper.start();
        helper.join();
        Wrapper.nEvent(new int[] {STEP, Trace.USER}, new long[] {2, number + 100});
        Wrapper.nEvent(new int[] {STEP, Trace.USER}, new long[] {0, 0});
        return number;
    }
}
