package io.colla.api;

import java.io.Serializable;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which elements of a list or array each rank of an MPI task gets. Block <i>b</i> has the {@code blockLength} elements from <i>b</i> × {@code stride} on,
 * without those past the end. Block <i>b</i> goes to rank <i>b</i> modulo the number of ranks, so a rank may get several blocks, one after the
 * other, or none.
 *
 * @param blockCount number of blocks; 0 for as many as there are ranks
 * @param blockLength elements of each block; at least 1
 * @param stride elements from the start of a block to the start of the next: {@code blockLength} for blocks side by side, less for blocks that
 *     overlap; at least 1
 */
public record Layout(int blockCount, int blockLength, int stride) implements Serializable {
    public Layout {
        Ranks.require(blockCount >= 0, "block count of a layout", blockCount, "at least 1, or 0 for that of the ranks");
        Ranks.require(blockLength >= 1, "block length of a layout", blockLength, "at least 1");
        Ranks.require(stride >= 1, "stride of a layout", stride, "at least 1");
    }

    /** One block of so many elements for each rank, side by side. */
    public static Layout blocks(int blockLength) {
        return new Layout(0, blockLength, blockLength);
    }

    /** So many blocks side by side. */
    public static Layout blocks(int blockCount, int blockLength) {
        return new Layout(blockCount, blockLength, blockLength);
    }

    /**
     * A block.
     *
     * @param from its first element
     * @param to the element after its last
     */
    public record Block(int from, int to) {}

    /**
     * The blocks of a rank, in their order, without empty ones.
     *
     * @param ranks how many there are
     * @param elements how many there are in the whole list or array
     */
    public Stream<Block> blocksOf(int rank, int ranks, int elements) {
        int blocks = blockCount == 0 ? ranks : blockCount;
        return IntStream.iterate(rank, block -> block < blocks, block -> block + ranks)
                .mapToObj(block -> {
                    long from = Math.min(elements, (long) block * stride);
                    return new Block((int) from, (int) Math.min(elements, from + blockLength));
                })
                .filter(block -> block.from < block.to);
    }
}
