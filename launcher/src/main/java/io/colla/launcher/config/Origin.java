package io.colla.launcher.config;

/**
 * Where a value came from.
 *
 * @param source which kind of place
 * @param where the flag, the variable, {@code file:line}, or {@code default}
 */
public record Origin(Source source, String where) {
    /** Kinds of places; the first that has a value wins. */
    public enum Source {
        FLAG,
        ENVIRONMENT,
        PROJECT_FILE,
        USER_FILE,
        SITE_FILE,
        DEFAULT
    }

    static final Origin DEFAULT = new Origin(Source.DEFAULT, "default");
}
