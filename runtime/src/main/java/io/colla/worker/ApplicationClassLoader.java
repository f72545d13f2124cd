package io.colla.worker;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * Loads an application's classes. It sees the JDK, the programming interface {@code io.colla.api}, Extrae's names for events of applications, and its own class path; Colla's other classes and
 * libraries are hidden, so that an application may bring its own releases of the same libraries. The launcher and the workers load applications alike.
 */
public final class ApplicationClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    public ApplicationClassLoader(URL[] classPath) {
        super(
                classPath,
                new Interface(ApplicationClassLoader.class.getClassLoader())); // a name would stand in stack traces
    }

    /** The JDK's platform classes, and of ours the programming interface alone. */
    private static final class Interface extends ClassLoader {
        private static final String CLASSES = "io.colla.api.";
        private static final String EXTRAE = "es.bsc.cepbatools.extrae.";
        private static final String RESOURCES = "io/colla/api/";

        static {
            registerAsParallelCapable();
        }

        private final ClassLoader ours;

        Interface(ClassLoader ours) {
            super("colla-api", ClassLoader.getPlatformClassLoader());
            this.ours = ours;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.startsWith(CLASSES) || name.startsWith(EXTRAE)
                    ? ours.loadClass(name)
                    : super.loadClass(name, resolve);
        }

        @Override
        protected @Nullable URL findResource(String name) {
            return name.startsWith(RESOURCES) ? ours.getResource(name) : null;
        }

        @Override
        protected Enumeration<URL> findResources(String name) throws IOException {
            return name.startsWith(RESOURCES) ? ours.getResources(name) : Collections.emptyEnumeration();
        }
    }
}
