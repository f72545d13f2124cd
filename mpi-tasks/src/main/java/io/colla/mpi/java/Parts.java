package io.colla.mpi.java;

import io.colla.api.Layout;
import io.colla.api.UsageException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes lists and arrays apart by their {@link Layout}, and puts what ranks changed back. */
final class Parts {
    private Parts() {}

    /**
     * A rank's part: a new array of the same type, or an {@code ArrayList}, with the very elements.
     *
     * @param whole a list or an array
     */
    static Object part(Object whole, Layout layout, int rank, int ranks) {
        int elements = length(whole);
        if (whole instanceof List<?> list) {
            List<@Nullable Object> part = new ArrayList<>();
            layout.blocksOf(rank, ranks, elements)
                    .forEach(block -> part.addAll(list.subList(block.from(), block.to())));
            return part;
        }
        int size = size(layout.blocksOf(rank, ranks, elements));
        Object part = Array.newInstance(whole.getClass().getComponentType(), size);
        int at = 0;
        for (Layout.Block block : blocks(layout, rank, ranks, elements)) {
            System.arraycopy(whole, block.from(), part, at, block.to() - block.from());
            at += block.to() - block.from();
        }
        return part;
    }

    /**
     * Puts a rank's part back where it came from.
     *
     * @throws UsageException if the part has another number of elements than it had
     */
    @SuppressWarnings("unchecked") // its own elements, or others of the same parameter
    static void putBack(Object whole, @Nullable Object part, Layout layout, int rank, int ranks, String parameter) {
        int elements = length(whole);
        int size = size(layout.blocksOf(rank, ranks, elements));
        if (part == null || length(part) != size) {
            throw new UsageException("rank " + rank + " left " + (part == null ? "no" : length(part))
                    + " elements in its part of " + parameter + ", which had " + size
                    + "; a part that goes back must keep its size");
        }
        int at = 0;
        for (Layout.Block block : blocks(layout, rank, ranks, elements)) {
            int length = block.to() - block.from();
            if (whole instanceof List<?> list && part instanceof List<?> changed) {
                for (int i = 0; i < length; i++) {
                    ((List<@Nullable Object>) list).set(block.from() + i, changed.get(at + i));
                }
            } else {
                System.arraycopy(part, at, whole, block.from(), length);
            }
            at += length;
        }
    }

    private static Iterable<Layout.Block> blocks(Layout layout, int rank, int ranks, int elements) {
        Iterator<Layout.Block> blocks = layout.blocksOf(rank, ranks, elements).iterator();
        return () -> blocks;
    }

    private static int size(Stream<Layout.Block> blocks) {
        return blocks.mapToInt(block -> block.to() - block.from()).sum();
    }

    private static int length(Object whole) {
        return whole instanceof List<?> list ? list.size() : Array.getLength(whole);
    }

    /**
     * The object that is to be taken apart.
     *
     * @throws UsageException if it is neither an array nor a list
     */
    static Object divisible(@Nullable Object whole, String parameter) {
        if (whole instanceof List<?> || (whole != null && whole.getClass().isArray())) {
            return whole;
        }
        throw new UsageException("parameter " + parameter + " has a layout, and so must be a list or an array; it is "
                + (whole == null ? "null" : "a " + whole.getClass().getName()));
    }
}
