package io.colla.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kind of work that several contenders do, one after the other in each repetition.
 *
 * @param name for the command line
 * @param title for people
 * @param contenders ours first
 */
record Row(String name, String title, Unit unit, Target target, List<Contender> contenders) {

    /**
     * What is promised of our contenders.
     *
     * @param floor and {@code aim} are in the row's unit or, with a yardstick, a share of that contender's value; NaN for none
     * @param yardstick label of a contender
     */
    record Target(double floor, double aim, @Nullable String yardstick) {
        static final Target NONE = new Target(Double.NaN, Double.NaN, null);

        static Target of(double floor, double aim) {
            return new Target(floor, aim, null);
        }
    }

    /** Takes one observation. */
    interface Sample {
        Observation take() throws UnavailableException, InterruptedException;
    }

    /** @param ours whether the target is for it */
    record Contender(String label, boolean ours, Sample sample) {}
}
