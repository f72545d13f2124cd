package io.colla.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lists and maps in messages: a count, then the elements; maps in the order of their keys. What is read cannot be modified. */
final class Lists {
    /** Memory is given for so many elements before they have been seen; the rest grows with what is read. */
    private static final int TRUSTED = 1024;

    private Lists() {}

    interface Writer<T extends @Nullable Object> {
        void write(T element, FrameWriter out);
    }

    interface Reader<T extends @Nullable Object> {
        T read(FrameReader in) throws ProtocolException;
    }

    static <T> void write(List<T> list, Writer<? super T> writer, FrameWriter out) {
        int size = list.size();
        out.number(size);
        for (int i = 0; i < size; i++) {
            writer.write(list.get(i), out);
        }
    }

    /** @param bytesEach what an element takes at least */
    static <T> List<T> read(FrameReader in, int bytesEach, Reader<? extends T> reader) throws ProtocolException {
        int size = in.count(bytesEach);
        if (size == 0) {
            return List.of();
        }
        if (size == 1) {
            return List.of(reader.read(in));
        }
        List<T> list = new ArrayList<>(Math.min(size, TRUSTED));
        for (int i = 0; i < size; i++) {
            list.add(reader.read(in));
        }
        return Collections.unmodifiableList(list);
    }

    static <T> void write(Map<String, T> map, Writer<? super T> writer, FrameWriter out) {
        out.number(map.size());
        Map<String, T> ordered = map.size() < 2 ? map : new TreeMap<>(map);
        for (Map.Entry<String, T> entry : ordered.entrySet()) {
            out.string(entry.getKey());
            writer.write(entry.getValue(), out);
        }
    }

    static <T> Map<String, T> readMap(FrameReader in, Reader<? extends T> reader) throws ProtocolException {
        int size = in.count(2);
        if (size == 0) {
            return Map.of();
        }
        Map<String, T> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = in.string();
            if (map.put(key, reader.read(in)) != null) {
                throw in.wrong("the key " + key + " comes twice");
            }
        }
        return Collections.unmodifiableMap(map);
    }
}
