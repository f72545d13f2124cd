package io.colla.tracing.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantilesTest {
    @Test
    void fewAreExact() {
        Quantiles quantiles = new Quantiles();
        for (int i = 100; i >= 1; i--) {
            quantiles.add(i);
        }
        assertThat(quantiles.quantile(0.95)).isEqualTo(95);
        assertThat(quantiles.quantile(0.5)).isEqualTo(50);
        assertThat(quantiles.quantile(1)).isEqualTo(100);
        assertThat(quantiles.mean()).isCloseTo(50.5, within(1e-9));
        assertThat(quantiles.variation()).isCloseTo(29.011 / 50.5, within(1e-4));
        assertThat(new Quantiles().quantile(0.5)).isZero();
    }

    @Test
    void manyAreRightToOnePercent() {
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            Quantiles quantiles = new Quantiles();
            long[] all = new long[50_000];
            for (int i = 0; i < all.length; i++) {
                all[i] = (long) Math.exp(random.nextGaussian() * 4 + 12);
                quantiles.add(all[i]);
            }
            Arrays.sort(all);
            for (double part : new double[] {0.01, 0.5, 0.95, 0.999}) {
                long exact = all[(int) Math.ceil(part * all.length) - 1];
                assertThat((double) quantiles.quantile(part)).isCloseTo(exact, within(0.009 * exact + 1));
            }
            assertThat(quantiles.quantile(1)).isLessThanOrEqualTo(quantiles.most());
        }
    }
}
