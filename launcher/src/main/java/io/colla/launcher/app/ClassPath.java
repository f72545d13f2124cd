package io.colla.launcher.app;

import io.colla.api.UsageException;
import io.colla.launcher.Nearest;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Finds what a command line means by an application. */
public final class ClassPath {
    private static final String JAR = ".jar";
    private static final String CLASS = ".class";
    private static final int MOST_CLASSES = 50_000;

    private ClassPath() {}

    /**
     * {@code app.jar args...}: the jar's manifest names the main class and may name more jars.
     *
     * @throws UsageException if there is no such jar, or it cannot be started
     */
    public static Application ofJar(Path given, List<String> arguments) {
        Path jar = given.toAbsolutePath().normalize();
        if (!Files.isRegularFile(jar)) {
            throw new UsageException("no such jar: " + given + nearJars(jar));
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String main = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (main == null || main.isBlank()) {
                throw new UsageException(given + " has no Main-Class in its manifest; name the class: colla run -cp "
                        + given + " some.package.Main");
            }
            String name = jar.getFileName().toString();
            String stem = name.endsWith(JAR) ? name.substring(0, name.length() - JAR.length()) : name;
            return new Application(stem, main.trim(), List.of(jar), arguments);
        } catch (IOException e) {
            throw new UsageException("cannot read " + given + ": " + e.getMessage(), e);
        }
    }

    /**
     * {@code -cp CLASSPATH Main args...}; {@code folder/*} stands for the jars in it, as java has it.
     *
     * @throws UsageException if an entry is not there
     */
    public static Application ofClass(String classPath, String mainClass, List<String> arguments) {
        Set<Path> entries = new LinkedHashSet<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            if (entry.equals("*") || entry.endsWith("/*")) {
                entries.addAll(jarsIn(Path.of(entry.substring(0, entry.length() - 1))));
            } else {
                Path path = Path.of(entry).toAbsolutePath().normalize();
                if (!Files.exists(path)) {
                    throw new UsageException("-cp: no such file or folder: " + (entry.isEmpty() ? "''" : entry));
                }
                entries.add(path);
            }
        }
        String binaryName = mainClass.replace('/', '.');
        String simple = binaryName.substring(Math.max(binaryName.lastIndexOf('.'), binaryName.lastIndexOf('$')) + 1);
        return new Application(simple, binaryName, new ArrayList<>(entries), arguments);
    }

    private static List<Path> jarsIn(Path given) {
        Path folder = given.toAbsolutePath().normalize();
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{jar,JAR}")) {
            files.forEach(jars::add);
        } catch (IOException e) {
            throw new UsageException("-cp: cannot list the folder " + given, e);
        }
        jars.sort(null);
        return jars;
    }

    /** Words about class names like this one on the class path. */
    static String near(String name, List<Path> classPath) {
        Map<String, String> bySimpleName = new HashMap<>();
        Set<String> names = new LinkedHashSet<>();
        for (Path entry : classPath) {
            for (String found : classes(entry)) {
                names.add(found);
                bySimpleName.putIfAbsent(simple(found), found);
            }
        }
        if (names.isEmpty()) {
            return "; there is no class at all in " + classPath.get(0)
                    + (classPath.size() > 1 ? " and the others" : "");
        }
        String same = bySimpleName.get(simple(name));
        return same != null ? "; did you mean '" + same + "'?" : Nearest.hint(name, names);
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static List<String> classes(Path entry) {
        List<String> names = new ArrayList<>();
        try {
            if (Files.isDirectory(entry)) {
                try (Stream<Path> files = Files.walk(entry)) {
                    files.limit(MOST_CLASSES)
                            .forEach(file ->
                                    addClass(names, entry.relativize(file).toString()));
                }
            } else {
                try (JarFile jar = new JarFile(entry.toFile())) {
                    jar.stream().limit(MOST_CLASSES).forEach(file -> addClass(names, file.getName()));
                }
            }
        } catch (IOException e) {
            return names; // only a hint is lost
        }
        return names;
    }

    private static void addClass(List<String> names, String file) {
        if (file.endsWith(CLASS)
                && !file.startsWith("META-INF")
                && !file.contains("$")
                && !file.endsWith("-info.class")) {
            names.add(file.substring(0, file.length() - CLASS.length()).replace('/', '.'));
        }
    }

    private static String nearJars(Path jar) {
        Path parent = jar.getParent();
        List<String> names = new ArrayList<>();
        if (parent != null && Files.isDirectory(parent)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(parent, "*.jar")) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            } catch (IOException e) {
                return "";
            }
        }
        return Nearest.hint(jar.getFileName().toString(), names);
    }
}
