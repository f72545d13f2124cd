package io.colla.launcher.app;

import io.colla.api.UsageException;
import io.colla.worker.ApplicationClassLoader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Java application that has been found but not started.
 *
 * @param name for people: the jar's or the main class' simple name
 * @param mainClass its binary name
 * @param classPath absolute, in order; the same for the workers
 * @param arguments what its {@code main} gets
 */
public record Application(String name, String mainClass, List<Path> classPath, List<String> arguments) {
    private static final int FIRST_JAVA_CLASS_FILE = 44;

    public Application {
        classPath = List.copyOf(classPath);
        arguments = List.copyOf(arguments);
    }

    /** A loader for its classes. Workers make theirs the same way. */
    public static ApplicationClassLoader loader(List<Path> classPath) {
        URL[] urls = new URL[classPath.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = classPath.get(i).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return new ApplicationClassLoader(urls);
    }

    /**
     * Loads the main class and finds its main method.
     *
     * @throws UsageException if that cannot be
     */
    public Method main(ClassLoader loader) {
        Class<?> type = load(loader);
        Method main;
        try {
            main = type.getMethod("main", String[].class);
        } catch (NoSuchMethodException e) {
            throw noMain("has no method 'public static void main(String[])'");
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
        if (!Modifier.isStatic(main.getModifiers()) || main.getReturnType() != void.class) {
            throw noMain("has a method main(String[]) that is not 'public static void'");
        }
        main.setAccessible(true); // the class itself need not be public
        return main;
    }

    /**
     * Runs the application in the calling thread.
     *
     * @throws Throwable what it threw
     */
    @SuppressWarnings("NullAway") // a static method has no receiver
    public void run(Method main) throws Throwable {
        try {
            main.invoke(null, (Object) arguments.toArray(new String[0]));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Class<?> load(ClassLoader loader) {
        try {
            return Class.forName(mainClass, false, loader);
        } catch (ClassNotFoundException e) {
            throw new UsageException(
                    "no class '" + mainClass + "' on the class path" + ClassPath.near(mainClass, classPath), e);
        } catch (UnsupportedClassVersionError e) {
            throw new UsageException(newerJava(e), e);
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        } catch (ClassFormatError e) {
            throw new UsageException("class '" + mainClass + "' is damaged: " + e.getMessage(), e);
        }
    }

    private UsageException missing(NoClassDefFoundError e) {
        String wrongName = String.valueOf(e.getMessage());
        if (wrongName.contains("wrong name")) {
            return new UsageException(
                    "no class '" + mainClass + "' on the class path" + ClassPath.near(mainClass, classPath), e);
        }
        return new UsageException(
                "class '" + mainClass + "' needs class '" + wrongName.replace('/', '.')
                        + "', which is not on the class path; add its jar with -cp",
                e);
    }

    private UsageException noMain(String what) {
        return new UsageException("class '" + mainClass + "' " + what);
    }

    /** Says which Java a class was compiled for. */
    public static String newerJava(UnsupportedClassVersionError e) {
        String message = String.valueOf(e.getMessage());
        Matcher version = Pattern.compile("class file version (\\d+)").matcher(message);
        String type = message.substring(0, Math.max(0, message.indexOf(' '))).replace('/', '.');
        String needed = version.find()
                ? "Java " + (Integer.parseInt(version.group(1)) - FIRST_JAVA_CLASS_FILE)
                : "a newer Java";
        return "class '" + type + "' was compiled for " + needed + ", and this is Java "
                + Runtime.version().feature() + "; use that Java (JAVA_HOME), or compile with --release "
                + Runtime.version().feature();
    }
}
