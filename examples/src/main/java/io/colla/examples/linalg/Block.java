package io.colla.examples.linalg;

import io.colla.api.InOut;
import io.colla.api.Task;
import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * A rectangular block of a matrix, row by row. The static functions are the tasks; the block that each updates comes last. Their inner
 * loops run along rows, where the compiler uses vector instructions. Not thread-safe.
 */
final class Block implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Rows of the right factor that stay in the second-level cache while they are used: 128 KiB at 256 columns. */
    private static final int TILE = 64;

    final int rows;
    final int columns;
    final double[] values;

    Block(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.values = new double[rows * columns];
    }

    double get(int row, int column) {
        return values[row * columns + column];
    }

    void set(int row, int column, double value) {
        values[row * columns + column] = value;
    }

    /** A block of zeros. */
    @Task(name = "zero")
    static Block zero(int rows, int columns) {
        return new Block(rows, columns);
    }

    /** Numbers between -1 and 1 that depend on nothing but the seed. */
    @Task(name = "random")
    static Block random(int rows, int columns, long seed) {
        Block block = new Block(rows, columns);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < block.values.length; i++) {
            block.values[i] = random.nextDouble(-1, 1);
        }
        return block;
    }

    /** A block on the diagonal of a symmetric matrix: random, symmetric, and {@code diagonal} added to its diagonal. */
    @Task(name = "diagonal")
    static Block symmetric(int size, double diagonal, long seed) {
        Block block = random(size, size, seed);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                block.set(j, i, block.get(i, j));
            }
            block.set(i, i, block.get(i, i) + diagonal);
        }
        return block;
    }

    /** C += A B. */
    @Task(name = "multiply")
    static void addProduct(Block a, Block b, @InOut Block c) {
        requireShape(a.rows == c.rows && a.columns == b.rows && b.columns == c.columns, a, b, c);
        addProduct(1, a, b, c);
    }

    /** C -= A Bᵀ. */
    @Task(name = "update")
    static void subtractProductTransposed(Block a, Block b, @InOut Block c) {
        requireShape(a.rows == c.rows && a.columns == b.columns && b.rows == c.columns, a, b, c);
        addProduct(-1, a, b.transposed(), c);
    }

    /**
     * Makes of a symmetric block the lower triangle L with L Lᵀ = A, and zeros above it. Only the lower triangle is read.
     *
     * @throws ArithmeticException if the block is not positive definite
     */
    @Task(name = "factor")
    static void factor(@InOut Block a) {
        requireShape(a.rows == a.columns, a, a, a);
        for (int j = 0; j < a.columns; j++) {
            double pivot = a.get(j, j) - dot(a, j, j, j);
            if (!(pivot > 0)) {
                throw new ArithmeticException(
                        "the matrix is not positive definite: pivot " + j + " of a block is " + pivot);
            }
            double root = Math.sqrt(pivot);
            a.set(j, j, root);
            for (int i = j + 1; i < a.rows; i++) {
                a.set(i, j, (a.get(i, j) - dot(a, i, j, j)) / root);
                a.set(j, i, 0);
            }
        }
    }

    /** Solves X Lᵀ = B for X, which takes B's place. */
    @Task(name = "solve")
    static void solve(Block l, @InOut Block b) {
        requireShape(l.rows == l.columns && l.rows == b.columns, l, b, b);
        Block t = l.transposed();
        int n = b.columns;
        for (int i = 0; i < b.rows; i++) {
            int row = i * n;
            for (int j = 0; j < n; j++) {
                double x = b.values[row + j] / t.values[j * n + j];
                b.values[row + j] = x;
                for (int k = j + 1; k < n; k++) {
                    b.values[row + k] -= x * t.values[j * n + k];
                }
            }
        }
    }

    private static double dot(Block a, int i, int j, int length) {
        double sum = 0;
        for (int k = 0; k < length; k++) {
            sum += a.values[i * a.columns + k] * a.values[j * a.columns + k];
        }
        return sum;
    }

    /** C += sign A B: four rows of B at a time against each row of C, so that C is loaded and stored a quarter as often. */
    private static void addProduct(double sign, Block a, Block b, Block c) {
        for (int from = 0; from < a.columns; from += TILE) {
            int to = Math.min(from + TILE, a.columns);
            for (int i = 0; i < a.rows; i++) {
                int row = i * a.columns;
                int k = from;
                for (; k + 4 <= to; k += 4) {
                    addRows(
                            c.values,
                            i * c.columns,
                            c.columns,
                            b.values,
                            k * b.columns,
                            sign * a.values[row + k],
                            sign * a.values[row + k + 1],
                            sign * a.values[row + k + 2],
                            sign * a.values[row + k + 3]);
                }
                for (; k < to; k++) {
                    double factor = sign * a.values[row + k];
                    for (int j = 0; j < c.columns; j++) {
                        c.values[i * c.columns + j] += factor * b.values[k * b.columns + j];
                    }
                }
            }
        }
    }

    private static void addRows(
            double[] c, int ci, int n, double[] b, int bi, double f0, double f1, double f2, double f3) {
        int b1 = bi + n;
        int b2 = b1 + n;
        int b3 = b2 + n;
        for (int j = 0; j < n; j++) {
            c[ci + j] += f0 * b[bi + j] + f1 * b[b1 + j] + f2 * b[b2 + j] + f3 * b[b3 + j];
        }
    }

    private Block transposed() {
        Block t = new Block(columns, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                t.values[j * rows + i] = values[i * columns + j];
            }
        }
        return t;
    }

    private static void requireShape(boolean holds, Block... blocks) {
        if (!holds) {
            StringBuilder shapes = new StringBuilder("these blocks do not fit together:");
            for (Block block : blocks) {
                shapes.append(' ').append(block.rows).append('x').append(block.columns);
            }
            throw new IllegalArgumentException(shapes.toString());
        }
    }
}
