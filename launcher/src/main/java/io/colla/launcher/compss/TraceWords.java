package io.colla.launcher.compss;

import io.colla.api.UsageException;
import io.colla.launcher.compss.CompssLine.Given;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a line says of the trace, in our words. The original's words change a trace, but only {@code --tracing} makes one. */
final class TraceWords {
    private String flag = "";
    private String extrae = "";
    private boolean dependencies;

    /** @param warnings receives a sentence if another product is asked for */
    void level(Given given, List<String> warnings) {
        String word = given.value().toLowerCase(Locale.ROOT);
        switch (word) {
            case "", "true", "advanced" -> flag = "--trace";
            case "basic" -> flag = "--trace=basic";
            case "scorep", "arm-map", "arm-ddt" -> {
                flag = "--trace";
                warnings.add(given.text() + ": there is a trace for Paraver instead, of Colla's own");
            }
            default -> throw new UsageException(given.text() + ": expected true, false, basic or advanced");
        }
    }

    void extrae(String file) {
        extrae = file;
    }

    void dependencies(String value) {
        dependencies = value.isEmpty() || value.equalsIgnoreCase("true");
    }

    List<String> flags() {
        List<String> flags = new ArrayList<>();
        if (flag.isEmpty()) {
            return flags;
        }
        if (extrae.isEmpty()) {
            flags.add(flag);
        } else {
            flags.add("--trace=extrae");
            flags.add("--extrae-config=" + extrae);
        }
        if (dependencies && flag.endsWith("basic")) {
            flags.add("--trace-events=+dependencies");
        }
        return flags;
    }
}
