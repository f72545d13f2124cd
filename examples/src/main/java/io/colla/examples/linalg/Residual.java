package io.colla.examples.linalg;

import io.colla.examples.WrongResultException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How far a result is from the exact one, in units of the rounding error that {@code size} operations may add up to (size times the
 * distance from 1 to the next double). Right results have residuals far below 1, wrong ones by many orders of magnitude more.
 */
final class Residual {
    /** What the error analysis of the product and of its check allows (Higham, Accuracy and Stability, section 3.5): 4 n u = 2 n eps. */
    static final double BOUND = 2;

    private static final long SEED = 20_260_101;

    private Residual() {}

    /** Of C = A B: C x against A (B x) for a random x, which costs little and misses no wrong element but by chance of nearly 0. */
    static double ofProduct(Matrix a, Matrix b, Matrix c) {
        double[] x = random(c);
        double[] y = b.times(x);
        return scaled(Matrix.distance(c.times(x), a.times(y)), a.norm() * b.norm(), c.size());
    }

    /** Of A = L Lᵀ, in the same way. */
    static double ofFactor(Matrix a, Matrix l) {
        double[] x = random(a);
        double[] y = l.transposedTimes(x);
        return scaled(Matrix.distance(a.times(x), l.times(y)), a.norm(), a.size());
    }

    /** Of one matrix against another that was computed by the plain algorithm. */
    static double ofDifference(Matrix result, Matrix plain, double norm) {
        return scaled(result.distance(plain), norm, result.size());
    }

    private static double[] random(Matrix like) {
        return new SplittableRandom(SEED).doubles(like.size(), -1, 1).toArray();
    }

    private static double scaled(double distance, double norm, int size) {
        return distance / (norm * size * Math.ulp(1.0));
    }

    /**
     * Prints it.
     *
     * @throws WrongResultException if it is larger than the bound, or not a number
     */
    static void check(String what, double residual, PrintStream out) throws WrongResultException {
        if (!(residual <= BOUND)) {
            throw new WrongResultException(
                    what + " is " + residual + ", more than rounding can explain (" + BOUND + ")");
        }
        out.printf(Locale.ROOT, "%s: %.2g (at most %.0f)%n", what, residual, BOUND);
    }
}
