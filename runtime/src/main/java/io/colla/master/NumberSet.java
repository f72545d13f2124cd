package io.colla.master;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A set of non-negative numbers that come in runs, wherever these begin: takes memory for the runs alone. Not thread-safe. */
final class NumberSet {
    private static final int BITS = 12;
    private static final int WORDS = 1 << BITS - 6;

    private static final class Page {
        final long[] words = new long[WORDS];
        int count;
    }

    private final Map<Integer, Page> pages = new HashMap<>();
    /** The page used last: numbers near each other are asked for one after the other. */
    private int lastNumber = -1;

    private @Nullable Page last;

    private @Nullable Page page(int number) {
        int wanted = number >> BITS;
        if (wanted == lastNumber) {
            return last;
        }
        Page found = pages.get(wanted);
        if (found != null) {
            lastNumber = wanted;
            last = found;
        }
        return found;
    }

    boolean contains(int number) {
        Page page = page(number);
        return page != null && (page.words[word(number)] & bit(number)) != 0;
    }

    void add(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("number " + number);
        }
        Page page = page(number);
        if (page == null) {
            page = new Page();
            pages.put(number >> BITS, page);
            lastNumber = number >> BITS;
            last = page;
        }
        if ((page.words[word(number)] & bit(number)) == 0) {
            page.words[word(number)] |= bit(number);
            page.count++;
        }
    }

    void remove(int number) {
        Page page = page(number);
        if (page == null || (page.words[word(number)] & bit(number)) == 0) {
            return;
        }
        page.words[word(number)] &= ~bit(number);
        if (--page.count == 0) {
            pages.remove(number >> BITS);
            lastNumber = -1;
            last = null;
        }
    }

    void forEach(IntConsumer action) {
        pages.forEach((number, page) -> {
            for (int word = 0; word < WORDS; word++) {
                for (long left = page.words[word]; left != 0; left &= left - 1) {
                    action.accept((number << BITS) + (word << 6) + Long.numberOfTrailingZeros(left));
                }
            }
        });
    }

    void clear() {
        pages.clear();
        lastNumber = -1;
        last = null;
    }

    private static int word(int number) {
        return (number & (1 << BITS) - 1) >> 6;
    }

    private static long bit(int number) {
        return 1L << number;
    }
}
