package io.colla.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A contender's repetitions, summed up.
 *
 * @param problem why there are none
 */
record Summary(
        String label,
        boolean ours,
        double median,
        double least,
        double most,
        double first,
        double cpu,
        double cpuPerTask,
        List<Observation> observations,
        @Nullable String problem) {

    static Summary of(Row.Contender contender, List<Observation> observations) {
        double[] values = values(observations, Observation::value);
        return new Summary(
                contender.label(),
                contender.ours(),
                median(values),
                values[0],
                values[values.length - 1],
                median(values(observations, Observation::first)),
                median(values(observations, Observation::cpu)),
                median(values(observations, Observation::cpuPerTask)),
                observations,
                null);
    }

    static Summary none(Row.Contender contender, String problem) {
        double no = Double.NaN;
        return new Summary(contender.label(), contender.ours(), no, no, no, no, no, no, List.of(), problem);
    }

    private static double[] values(List<Observation> observations, ToDoubleFunction<Observation> field) {
        return observations.stream().mapToDouble(field).sorted().toArray();
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
