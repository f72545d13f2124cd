package io.colla.tracing.report;

/** Names of functions, short enough for people. */
final class Names {
    private Names() {}

    /** What a label of a task says, without the types of its parameters: {@code (pkg.)f(int)} and {@code pkg.f} are {@code pkg.f}. */
    static String function(String label) {
        String name = label.strip();
        int parameters = name.indexOf('(', 1);
        if (name.startsWith("(") && name.indexOf(')') > 0) {
            int close = name.indexOf(')');
            name = name.substring(1, close) + name.substring(close + 1);
            parameters = name.indexOf('(');
        } else if (name.startsWith("[") && name.indexOf(']') > 0) {
            name = name.replace("[", "").replace("]", "");
            parameters = name.indexOf('(');
        }
        return parameters > 0 ? name.substring(0, parameters) : name;
    }
}
