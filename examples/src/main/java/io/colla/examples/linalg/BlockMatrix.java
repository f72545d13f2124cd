package io.colla.examples.linalg;

import io.colla.api.Data;
import java.util.ArrayList;
import java.util.List;

/**
 * A matrix whose blocks are data.
 *
 * @param blocks row by row
 */
record BlockMatrix(Grid grid, List<Data<Block>> blocks) {
    /** Makes the block at a row and a column of blocks. */
    @FunctionalInterface
    interface Maker {
        Data<Block> block(int row, int column);
    }

    static BlockMatrix of(Grid grid, Maker maker) {
        List<Data<Block>> blocks = new ArrayList<>();
        for (int i = 0; i < grid.blocks(); i++) {
            for (int j = 0; j < grid.blocks(); j++) {
                blocks.add(maker.block(i, j));
            }
        }
        return new BlockMatrix(grid, blocks);
    }

    Data<Block> at(int row, int column) {
        return blocks.get(row * grid.blocks() + column);
    }

    /** Waits for all blocks and brings them here. */
    Matrix get() {
        return Matrix.of(grid, (i, j) -> at(i, j).get());
    }
}
