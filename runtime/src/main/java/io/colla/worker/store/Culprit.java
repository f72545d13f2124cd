package io.colla.worker.store;

import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds, after serialization failed, where in an object the part is that cannot be serialized: the nearest to the root. */
final class Culprit {
    private static final int MOST_VISITED = 1_000_000;

    private record Step(Object object, @Nullable Step parent, String name) {}

    private final Deque<Step> queue = new ArrayDeque<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final String className;

    private Culprit(String className) {
        this.className = className;
    }

    /** The place in words, such as {@code field Model.connection (java.net.Socket)}. */
    static String place(Object root, String className) {
        Step found = new Culprit(className).search(root);
        if (found == null) {
            return "an object of class " + className + " within the "
                    + root.getClass().getTypeName();
        }
        if (found.parent == null) {
            return "an object of " + describe(found.object.getClass());
        }
        return found.name + " (" + describe(found.object.getClass()) + ")" + trail(found.parent);
    }

    private static String describe(Class<?> type) {
        String name = type.getTypeName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
    }

    private static String trail(Step from) {
        StringBuilder trail = new StringBuilder();
        int shown = 0;
        for (Step step = from; step != null && step.parent != null && shown < 6; step = step.parent, shown++) {
            trail.append(" in ").append(step.name);
        }
        return trail.toString();
    }

    private @Nullable Step search(Object root) {
        queue.add(new Step(root, null, ""));
        seen.add(root);
        while (!queue.isEmpty() && seen.size() < MOST_VISITED) {
            Step step = queue.remove();
            Object object = step.object;
            if (object.getClass().getName().equals(className) && !(object instanceof Serializable)) {
                return step;
            }
            if (object instanceof Serializable || object == root) {
                expand(step);
            }
        }
        return null;
    }

    private void expand(Step step) {
        Object object = step.object;
        try {
            if (object instanceof Object[] array) {
                for (int i = 0; i < array.length; i++) {
                    add(step, array[i], "element " + i);
                }
            } else if (object instanceof Collection<?> collection) {
                int i = 0;
                for (Object element : collection) {
                    add(step, element, "element " + i++);
                }
            } else if (object instanceof Map<?, ?> map) {
                map.forEach((key, value) -> {
                    add(step, key, "key " + shorten(key));
                    add(step, value, "value of key " + shorten(key));
                });
            }
            expandFields(step);
        } catch (RuntimeException e) {
            // A collection that cannot be walked hides its elements; the rest is still searched.
            return;
        }
    }

    private void expandFields(Step step) {
        for (Class<?> type = step.object.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (Modifier.isStatic(modifiers)
                        || Modifier.isTransient(modifiers)
                        || field.getType().isPrimitive()
                        || !field.trySetAccessible()) {
                    continue;
                }
                try {
                    String outer =
                            field.isSynthetic() && field.getName().startsWith("this$") ? " (the outer object)" : "";
                    add(step, field.get(step.object), "field " + type.getSimpleName() + "." + field.getName() + outer);
                } catch (IllegalAccessException e) {
                    continue;
                }
            }
        }
    }

    private void add(Step parent, @Nullable Object child, String name) {
        if (child != null && !(child instanceof String) && seen.add(child)) {
            queue.add(new Step(child, parent, name));
        }
    }

    private static String shorten(@Nullable Object key) {
        String text = String.valueOf(key);
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
