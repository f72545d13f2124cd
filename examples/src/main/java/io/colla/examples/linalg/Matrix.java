package io.colla.examples.linalg;

/** A square matrix in one piece, with the plain algorithms that the blocked ones are checked against. */
final class Matrix {
    private final int size;
    private final double[] values;

    Matrix(int size) {
        this.size = size;
        this.values = new double[size * size];
    }

    /** A block by the indices of its row and column of blocks. */
    @FunctionalInterface
    interface Blocks {
        Block at(int row, int column);
    }

    static Matrix of(Grid grid, Blocks blocks) {
        Matrix matrix = new Matrix(grid.size());
        for (int i = 0; i < grid.blocks(); i++) {
            for (int j = 0; j < grid.blocks(); j++) {
                matrix.put(blocks.at(i, j), i * grid.block(), j * grid.block());
            }
        }
        return matrix;
    }

    private void put(Block block, int top, int left) {
        for (int i = 0; i < block.rows; i++) {
            System.arraycopy(block.values, i * block.columns, values, (top + i) * size + left, block.columns);
        }
    }

    int size() {
        return size;
    }

    double get(int row, int column) {
        return values[row * size + column];
    }

    void set(int row, int column, double value) {
        values[row * size + column] = value;
    }

    /** The product by three plain loops. */
    Matrix times(Matrix other) {
        Matrix product = new Matrix(size);
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < size; k++) {
                double factor = get(i, k);
                for (int j = 0; j < size; j++) {
                    product.values[i * size + j] += factor * other.values[k * size + j];
                }
            }
        }
        return product;
    }

    /** The Cholesky factor by the textbook's formula (Golub and Van Loan, Matrix Computations, section 4.2). */
    Matrix cholesky() {
        Matrix l = new Matrix(size);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = get(i, j);
                for (int k = 0; k < j; k++) {
                    sum -= l.get(i, k) * l.get(j, k);
                }
                l.values[i * size + j] = i == j ? Math.sqrt(sum) : sum / l.get(j, j);
            }
        }
        return l;
    }

    /** This matrix times a vector. */
    double[] times(double[] x) {
        double[] y = new double[size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                y[i] += get(i, j) * x[j];
            }
        }
        return y;
    }

    /** The transposed matrix times a vector. */
    double[] transposedTimes(double[] x) {
        double[] y = new double[size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                y[j] += get(i, j) * x[i];
            }
        }
        return y;
    }

    /** The largest sum of a row's absolute values. */
    double norm() {
        double norm = 0;
        for (int i = 0; i < size; i++) {
            double sum = 0;
            for (int j = 0; j < size; j++) {
                sum += Math.abs(get(i, j));
            }
            norm = Math.max(norm, sum);
        }
        return norm;
    }

    /** The largest absolute difference of two elements at the same place; not a number if one of them is none. */
    double distance(Matrix other) {
        return distance(values, other.values);
    }

    static double distance(double[] a, double[] b) {
        double distance = 0;
        for (int i = 0; i < a.length; i++) {
            distance = Math.max(distance, Math.abs(a[i] - b[i]));
        }
        return distance;
    }
}
