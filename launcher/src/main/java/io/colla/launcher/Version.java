package io.colla.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Which Colla this is.
 *
 * @param version its release
 * @param commit of the sources; {@code unknown} outside a checkout
 */
record Version(String version, String commit) {
    static Version ofProcess() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new Version(properties.getProperty("version", "unknown"), readCommit());
    }

    private static String readCommit() {
        try {
            return Files.readString(Path.of(System.getProperty("colla.home", ""), "lib", "commit"))
                    .trim();
        } catch (IOException e) {
            return "unknown";
        }
    }

    String text() {
        return "colla " + version + " (" + commit + "), Java " + System.getProperty("java.version") + " ("
                + System.getProperty("java.vendor") + ")";
    }
}
