package io.colla.worker.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Java deserialization with the classes of a given loader. */
final class JavaObjectInput extends ObjectInputStream {
    private static final Map<String, Class<?>> PRIMITIVES = Map.of(
            "boolean", boolean.class,
            "byte", byte.class,
            "char", char.class,
            "short", short.class,
            "int", int.class,
            "long", long.class,
            "float", float.class,
            "double", double.class,
            "void", void.class);

    private final ClassLoader loader;

    JavaObjectInput(InputStream source, ClassLoader loader) throws IOException {
        super(source);
        this.loader = loader;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
        String name = description.getName();
        Class<?> primitive = PRIMITIVES.get(name);
        return primitive != null ? primitive : find(name);
    }

    /** What this package writes in place of others' objects is known to its own loader only. */
    private Class<?> find(String name) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            if (name.startsWith("io.colla.")) {
                return Class.forName(name, false, JavaObjectInput.class.getClassLoader());
            }
            throw e;
        }
    }

    @Override
    protected Class<?> resolveProxyClass(String[] names) throws ClassNotFoundException {
        Class<?>[] interfaces = new Class<?>[names.length];
        ClassLoader definer = loader;
        for (int i = 0; i < names.length; i++) {
            interfaces[i] = find(names[i]);
            if (!Modifier.isPublic(interfaces[i].getModifiers()) && interfaces[i].getClassLoader() != null) {
                definer = interfaces[i].getClassLoader();
            }
        }
        return proxyClass(definer, interfaces);
    }

    @SuppressWarnings("deprecation") // the only way to have a proxy's class without an instance
    private static Class<?> proxyClass(@Nullable ClassLoader definer, Class<?>[] interfaces)
            throws ClassNotFoundException {
        try {
            return Proxy.getProxyClass(definer, interfaces);
        } catch (IllegalArgumentException e) {
            throw new ClassNotFoundException("a proxy of " + java.util.Arrays.toString(interfaces), e);
        }
    }
}
