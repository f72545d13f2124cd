package io.colla.tracing.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    @TempDir
    Path folder;

    private TraceReport run(int tasks, double lasts, double noise, int seed) throws IOException {
        Random random = new Random(seed);
        SmallTrace trace = new SmallTrace(1, 2);
        double[] free = new double[2];
        for (int i = 0; i < tasks; i++) {
            double length = lasts + noise * random.nextGaussian();
            trace.task("work", 1, i % 2, free[i % 2], length);
            free[i % 2] += length;
        }
        return trace.report(folder, Math.max(free[0], free[1]));
    }

    @Test
    void thePartsOfTheDifferenceAddUpToIt() throws IOException {
        Comparison compared = Comparison.of(run(100, 10, 1, 1), run(120, 14, 2, 2));
        double sum =
                compared.parts().stream().mapToDouble(Comparison.Part::change).sum();
        assertThat(sum).isCloseTo(compared.second().elapsed() - compared.first().elapsed(), within(10.0));
    }

    @Test
    void longerTasksExplainALongerRun() throws IOException {
        Comparison compared = Comparison.of(run(100, 10, 1, 1), run(100, 14, 1, 2));
        assertThat(compared.functions().get(0).differs()).isTrue();
        assertThat(compared.words())
                .anyMatch(words -> words.startsWith("The second run took") && words.contains(" more (4"))
                .anyMatch(words -> words.startsWith("A core was in tasks for")
                        && words.contains("`work` +")
                        && words.contains(" each instead of "));
    }

    @Test
    void whatLiesWithinTheTasksVariationIsNoDifference() throws IOException {
        Comparison compared = Comparison.of(run(30, 10, 6, 1), run(30, 10.8, 6, 2));
        assertThat(compared.functions().get(0).differs()).isFalse();
        Comparison same = Comparison.of(run(100, 10, 0.1, 1), run(100, 10.1, 0.1, 2));
        assertThat(same.words().get(0))
                .startsWith("The runs took about the same time")
                .contains("without a reason");
        assertThat(same.words()).hasSize(1);
        assertThat(ComparisonText.of(same, false)).contains("  ~ no more than the tasks' own variation");
    }

    @Test
    void functionsOfOneRunOnlyAreNamed() throws IOException {
        SmallTrace other = new SmallTrace(1, 2);
        for (int i = 0; i < 50; i++) {
            other.task("new.function", 1, i % 2, i / 2 * 30, 30);
        }
        Comparison compared = Comparison.of(run(100, 10, 1, 1), other.report(folder, 750));
        assertThat(compared.words())
                .anyMatch(words -> words.contains("`new.function` +750 ms, which the first run does not have"));
        String text = ComparisonText.of(compared, false);
        assertThat(text.lines()).allMatch(line -> line.length() <= 80, "at most 80 columns");
        assertThat(text).contains("Elapsed", "new.function");
        assertThat(compared.json()).containsEntry("format", 1).containsKeys("parts", "functions", "words");
    }
}
