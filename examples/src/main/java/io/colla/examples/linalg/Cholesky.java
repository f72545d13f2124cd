package io.colla.examples.linalg;

import static io.colla.api.Args.in;

import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.TaskOptions;
import io.colla.api.Tasks;
import io.colla.examples.CommandLine;
import io.colla.examples.Example;
import java.io.PrintStream;
import java.util.Locale;

/**
 * The Cholesky factor L of a symmetric positive definite matrix, A = L Lᵀ, on the blocks of its lower triangle, each of which is
 * replaced by its block of L. The tasks on the diagonal are the critical path and get priority.
 */
public final class Cholesky {
    public static final Example EXAMPLE = new Example(
            "cholesky", Grid.USAGE, "Factors a symmetric positive definite matrix in blocks.", Cholesky::run);

    private Cholesky() {}

    public static void main(String[] args) {
        EXAMPLE.main(args);
    }

    private static void run(CommandLine line, PrintStream out) throws Exception {
        boolean verify = line.flag("--verify");
        Grid grid = Grid.of(line);
        line.noOperands();
        try (Colla colla = Colla.start()) {
            BlockMatrix matrix = BlockMatrix.of(grid, (i, j) -> block(colla, grid, i, j));
            Matrix a = symmetric(matrix.get());

            long start = System.nanoTime();
            factor(colla, matrix);
            colla.barrier();
            double seconds = (System.nanoTime() - start) / 1e9;

            double operations = Math.pow(grid.size(), 3) / 3;
            out.printf(
                    Locale.ROOT,
                    "A = L L^T of size %d in blocks of %d: %.3f s, %.2f GFLOP/s%n",
                    grid.size(),
                    grid.block(),
                    seconds,
                    operations / seconds / 1e9);
            check(a, matrix.get(), verify, out);
        }
    }

    private static void factor(Colla colla, BlockMatrix a) {
        Tasks urgent = colla.with(TaskOptions.defaults().priority(2));
        Tasks soon = colla.with(TaskOptions.defaults().priority(1));
        int n = a.grid().blocks();
        for (int k = 0; k < n; k++) {
            urgent.run(Block::factor, a.at(k, k));
            for (int i = k + 1; i < n; i++) {
                soon.run(Block::solve, a.at(k, k), a.at(i, k));
            }
            for (int i = k + 1; i < n; i++) {
                for (int j = k + 1; j <= i; j++) {
                    colla.run(Block::subtractProductTransposed, a.at(i, k), a.at(j, k), a.at(i, j));
                }
            }
        }
    }

    /** Random below the diagonal, zero above; the diagonal is large enough to make the matrix positive definite. */
    private static Data<Block> block(Colla colla, Grid grid, int i, int j) {
        long seed = (long) i * grid.blocks() + j;
        if (i == j) {
            return colla.call(Block::symmetric, in(grid.extent(i)), in((double) grid.size()), in(seed));
        }
        return i > j
                ? colla.call(Block::random, in(grid.extent(i)), in(grid.extent(j)), in(seed))
                : colla.call(Block::zero, in(grid.extent(i)), in(grid.extent(j)));
    }

    /** The whole matrix whose lower triangle this is. */
    private static Matrix symmetric(Matrix lower) {
        Matrix whole = new Matrix(lower.size());
        for (int i = 0; i < lower.size(); i++) {
            for (int j = 0; j <= i; j++) {
                whole.set(i, j, lower.get(i, j));
                whole.set(j, i, lower.get(i, j));
            }
        }
        return whole;
    }

    private static void check(Matrix a, Matrix l, boolean verify, PrintStream out) throws Exception {
        Residual.check("residual of A x against L (L^T x)", Residual.ofFactor(a, l), out);
        if (verify) {
            Residual.check(
                    "residual of L against the plain algorithm", Residual.ofDifference(l, a.cholesky(), a.norm()), out);
        }
    }
}
