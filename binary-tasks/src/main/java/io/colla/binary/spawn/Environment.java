package io.colla.binary.spawn;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a program: this JVM's with changes, or exactly the one given.
 *
 * @param inherited whether to start from this JVM's environment
 * @param set variables to set
 * @param unset inherited variables to leave out
 */
public record Environment(boolean inherited, Map<String, String> set, Set<String> unset) {

    /** This JVM's environment, unchanged. */
    public static final Environment INHERITED = new Environment(true, Map.of(), Set.of());

    public Environment {
        set = Map.copyOf(set);
        unset = Set.copyOf(unset);
        set.forEach((name, value) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("environment variable '" + printable(name)
                        + "': a name must not be empty nor contain '=', neither name nor value may contain NUL");
            }
        });
    }

    /** These variables and no others. */
    public static Environment exactly(Map<String, String> variables) {
        return new Environment(false, variables, Set.of());
    }

    /** This environment with one more variable. */
    public Environment with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(set);
        more.put(name, value);
        Set<String> fewer = new LinkedHashSet<>(unset);
        fewer.remove(name);
        return new Environment(inherited, more, fewer);
    }

    /** This environment without one variable. */
    public Environment without(String name) {
        Map<String, String> fewer = new LinkedHashMap<>(set);
        fewer.remove(name);
        Set<String> more = new LinkedHashSet<>(unset);
        more.add(name);
        return new Environment(inherited, fewer, more);
    }

    /** The value that the program will see. */
    public @Nullable String get(String name) {
        String value = set.get(name);
        if (value != null) {
            return value;
        }
        return inherited && !unset.contains(name) ? System.getenv(name) : null;
    }

    private static String printable(String name) {
        return name.replace('\0', '?');
    }
}
