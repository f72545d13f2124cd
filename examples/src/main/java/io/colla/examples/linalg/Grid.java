package io.colla.examples.linalg;

import io.colla.api.UsageException;
import io.colla.examples.CommandLine;

/**
 * How a square matrix is cut into blocks; those of the last row and column may be smaller.
 *
 * @param size rows and columns of the matrix
 * @param block rows and columns of a block
 */
record Grid(int size, int block) {
    static final String USAGE = "[--size N] [--block N] [--verify]";

    Grid {
        if ((long) size * size > Integer.MAX_VALUE - 8) {
            throw new UsageException(
                    "option --size is " + size + "; a matrix of more than 46340 rows does not fit this program");
        }
        if (block > size) {
            throw new UsageException("option --block is " + block + "; it must not be larger than --size, " + size);
        }
    }

    static Grid of(CommandLine line) {
        int size = line.count("--size", 2048);
        return new Grid(size, line.count("--block", Math.min(256, size)));
    }

    /** How many blocks are in a row or column of blocks. */
    int blocks() {
        return (size + block - 1) / block;
    }

    /** Rows in a row of blocks, or columns in a column of blocks. */
    int extent(int index) {
        return Math.min(block, size - index * block);
    }
}
