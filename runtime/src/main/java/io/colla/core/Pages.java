package io.colla.core;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A table from dense numbers to objects; pages whose objects are all gone cost nothing. */
final class Pages<T> {
    private static final int BITS = 10;
    private static final int SIZE = 1 << BITS;

    private @Nullable Object[] @Nullable [] pages = new Object[16][];
    private short[] used = new short[16];
    /** The page that was emptied last: where objects come and go one at a time, a page is not made for each. */
    private @Nullable Object @Nullable [] spare;

    private int size;

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    @Nullable
    T get(int number) {
        int page = number >>> BITS;
        if (number < 0 || page >= pages.length) {
            return null;
        }
        @Nullable Object @Nullable [] objects = pages[page];
        return objects == null ? null : (T) objects[number & (SIZE - 1)];
    }

    void put(int number, T value) {
        int page = number >>> BITS;
        if (page >= pages.length) {
            int length = Math.max(page + 1, pages.length * 2);
            pages = Arrays.copyOf(pages, length);
            used = Arrays.copyOf(used, length);
        }
        @Nullable Object @Nullable [] objects = pages[page];
        if (objects == null) {
            objects = spare != null ? spare : new Object[SIZE];
            spare = null;
            pages[page] = objects;
        }
        if (objects[number & (SIZE - 1)] == null) {
            used[page]++;
            size++;
        }
        objects[number & (SIZE - 1)] = value;
    }

    void remove(int number) {
        int page = number >>> BITS;
        @Nullable Object @Nullable [] objects = number < 0 || page >= pages.length ? null : pages[page];
        if (objects == null || objects[number & (SIZE - 1)] == null) {
            return;
        }
        objects[number & (SIZE - 1)] = null;
        size--;
        if (--used[page] == 0) {
            pages[page] = null;
            spare = objects;
        }
    }

    /** Visits all; the visitor may remove the visited one. */
    @SuppressWarnings("unchecked")
    void forEach(Consumer<T> visitor) {
        for (@Nullable Object @Nullable [] objects : pages) {
            if (objects != null) {
                for (Object object : objects) {
                    if (object != null) {
                        visitor.accept((T) object);
                    }
                }
            }
        }
    }
}
