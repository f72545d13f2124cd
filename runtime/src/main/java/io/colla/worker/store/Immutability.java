package io.colla.worker.store;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells which objects can never change. Says no when in doubt: such an object is copied. */
final class Immutability {
    private static final int DEEPEST = 6;
    private static final int MOST_ELEMENTS = 64;

    private static final Set<Class<?>> LEAVES = Set.of(
            Boolean.class,
            Byte.class,
            Short.class,
            Character.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            String.class,
            BigInteger.class,
            BigDecimal.class,
            File.class,
            URI.class,
            UUID.class,
            Class.class,
            Locale.class,
            Pattern.class);

    /** The classes behind {@link List#of}, {@link Set#of} and {@link Map#of}: fixed themselves, their elements need not be. */
    private static final Set<Class<?>> FIXED = Set.copyOf(List.of(
            List.of().getClass(),
            List.of(1).getClass(),
            Set.of().getClass(),
            Set.of(1).getClass(),
            Map.of().getClass(),
            Map.of(1, 1).getClass()));

    private enum Nature {
        IMMUTABLE,
        MUTABLE,
        OPTIONAL,
        COLLECTION,
        RECORD
    }

    /** @param open fields of a record whose value must be looked at */
    private record Traits(Nature nature, List<Field> open) {
        Traits(Nature nature) {
            this(nature, List.of());
        }
    }

    private static final ClassValue<Traits> TRAITS = new ClassValue<>() {
        @Override
        protected Traits computeValue(Class<?> type) {
            return examine(type);
        }
    };

    private Immutability() {}

    static boolean isImmutable(@Nullable Object value) {
        return isImmutable(value, 0);
    }

    private static boolean isImmutable(@Nullable Object value, int depth) {
        if (value == null) {
            return true;
        }
        Traits traits = TRAITS.get(value.getClass());
        if (depth == DEEPEST) {
            return traits.nature == Nature.IMMUTABLE;
        }
        return switch (traits.nature) {
            case IMMUTABLE -> true;
            case MUTABLE -> false;
            case OPTIONAL -> isImmutable(((Optional<?>) value).orElse(null), depth + 1);
            case COLLECTION ->
                value instanceof Map<?, ?> map
                        ? areImmutable(map.keySet(), depth) && areImmutable(map.values(), depth)
                        : areImmutable((Collection<?>) value, depth);
            case RECORD -> isImmutableRecord(value, traits.open, depth);
        };
    }

    private static boolean areImmutable(Collection<?> elements, int depth) {
        if (elements.size() > MOST_ELEMENTS) {
            return false;
        }
        for (Object element : elements) {
            if (!isImmutable(element, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isImmutableRecord(Object record, List<Field> open, int depth) {
        for (Field field : open) {
            try {
                if (!isImmutable(field.get(record), depth + 1)) {
                    return false;
                }
            } catch (IllegalAccessException e) {
                return false;
            }
        }
        return true;
    }

    private static Traits examine(Class<?> type) {
        if (isLeaf(type)) {
            return new Traits(Nature.IMMUTABLE);
        }
        if (type == Optional.class) {
            return new Traits(Nature.OPTIONAL);
        }
        if (FIXED.contains(type)) {
            return new Traits(Nature.COLLECTION);
        }
        return type.isRecord() ? examineRecord(type) : new Traits(Nature.MUTABLE);
    }

    private static boolean isLeaf(Class<?> type) {
        return type.isPrimitive()
                || LEAVES.contains(type)
                || Enum.class.isAssignableFrom(type)
                || Blob.class.isAssignableFrom(type)
                || (type.getPackageName().equals("java.time") && Modifier.isFinal(type.getModifiers()))
                || (Path.class.isAssignableFrom(type) && type.getPackageName().equals("sun.nio.fs"));
    }

    private static Traits examineRecord(Class<?> type) {
        List<Field> open = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (isLeaf(component.getType())) {
                continue;
            }
            try {
                Field field = type.getDeclaredField(component.getName());
                if (component.getType().isArray() || !field.trySetAccessible()) {
                    return new Traits(Nature.MUTABLE);
                }
                open.add(field);
            } catch (NoSuchFieldException e) {
                return new Traits(Nature.MUTABLE);
            }
        }
        return open.isEmpty() ? new Traits(Nature.IMMUTABLE) : new Traits(Nature.RECORD, List.copyOf(open));
    }
}
