package io.colla.examples.linalg;

import static io.colla.api.Args.in;

import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.examples.CommandLine;
import io.colla.examples.Example;
import java.io.PrintStream;
import java.util.Locale;

/** C = A B on blocks. The products that are added to one block of C depend on each other through it; all blocks of C are independent. */
public final class MatrixProduct {
    public static final Example EXAMPLE =
            new Example("product", Grid.USAGE, "Multiplies two random matrices in blocks.", MatrixProduct::run);

    private MatrixProduct() {}

    public static void main(String[] args) {
        EXAMPLE.main(args);
    }

    private static void run(CommandLine line, PrintStream out) throws Exception {
        boolean verify = line.flag("--verify");
        Grid grid = Grid.of(line);
        line.noOperands();
        try (Colla colla = Colla.start()) {
            BlockMatrix a = BlockMatrix.of(grid, (i, j) -> random(colla, grid, i, j, 1));
            BlockMatrix b = BlockMatrix.of(grid, (i, j) -> random(colla, grid, i, j, 2));
            BlockMatrix c =
                    BlockMatrix.of(grid, (i, j) -> colla.call(Block::zero, in(grid.extent(i)), in(grid.extent(j))));
            colla.barrier();

            long start = System.nanoTime();
            multiply(colla, a, b, c);
            colla.barrier();
            double seconds = (System.nanoTime() - start) / 1e9;

            double operations = 2 * Math.pow(grid.size(), 3);
            out.printf(
                    Locale.ROOT,
                    "C = A B of size %d in blocks of %d: %.3f s, %.2f GFLOP/s%n",
                    grid.size(),
                    grid.block(),
                    seconds,
                    operations / seconds / 1e9);
            check(a.get(), b.get(), c.get(), verify, out);
        }
    }

    private static void multiply(Colla colla, BlockMatrix a, BlockMatrix b, BlockMatrix c) {
        int n = c.grid().blocks();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    colla.run(Block::addProduct, a.at(i, k), b.at(k, j), c.at(i, j));
                }
            }
        }
    }

    private static Data<Block> random(Colla colla, Grid grid, int i, int j, int matrix) {
        long seed = ((long) matrix * grid.blocks() + i) * grid.blocks() + j;
        return colla.call(Block::random, in(grid.extent(i)), in(grid.extent(j)), in(seed));
    }

    private static void check(Matrix a, Matrix b, Matrix c, boolean verify, PrintStream out) throws Exception {
        Residual.check("residual of C x against A (B x)", Residual.ofProduct(a, b, c), out);
        if (verify) {
            double residual = Residual.ofDifference(c, a.times(b), a.norm() * b.norm());
            Residual.check("residual of C against the plain product", residual, out);
        }
    }
}
