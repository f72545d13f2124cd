package io.colla.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Javas of this machine that Colla is to work with: the one of the test, and its neighbours. */
final class JavaHomes {
    private JavaHomes() {}

    static Path current() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** One {@code java} of every release from 17 up. */
    static List<Path> all() throws IOException {
        Map<Integer, Path> byRelease = new LinkedHashMap<>();
        byRelease.put(Runtime.version().feature(), current());
        try (Stream<Path> homes =
                Files.list(Path.of(System.getProperty("java.home")).getParent())) {
            homes.map(home -> home.resolve("bin/java"))
                    .filter(java -> Files.isExecutable(java) && major(java) >= 17)
                    .forEach(java -> byRelease.putIfAbsent(major(java), java));
        }
        return List.copyOf(byRelease.values());
    }

    /** From its release file; 0 without one. */
    static int major(Path java) {
        try (Stream<String> lines = Files.lines(java.resolve("../../release").normalize())) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION=\""))
                    .map(line -> line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1"))
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
