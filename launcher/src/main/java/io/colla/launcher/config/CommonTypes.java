package io.colla.launcher.config;

import java.nio.file.Path;
import java.time.Duration;

/** Kinds of values that several options take. */
final class CommonTypes {
    static final OptionType<Path> FOLDER =
            new OptionType<>("DIR", "a folder's path", "/scratch/me", CommonTypes::parsePath);
    static final OptionType<Path> FILE = new OptionType<>("FILE", "a file's path", "hosts.txt", CommonTypes::parsePath);
    static final OptionType<Long> SIZE =
            new OptionType<>("SIZE", "a size: a number with k, m, g or t", "4g", Quantities::bytes);
    static final OptionType<Duration> DURATION = new OptionType<>(
            "TIME", "a time: HH:MM:SS, or a number with ms, s, m, h or d", "01:30:00", Quantities::duration);

    private CommonTypes() {}

    static Path parsePath(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(text);
        }
        boolean inHome = text.equals("~") || text.startsWith("~/");
        String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home", ""));
        return Path.of(inHome ? home + text.substring(1) : text);
    }
}
