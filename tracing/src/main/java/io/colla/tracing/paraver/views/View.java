package io.colla.tracing.paraver.views;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A view: a file that Paraver opens beside a trace.
 *
 * @param name of the file, without {@code .cfg}
 * @param description what a person sees in it, in one line
 * @param windows the last is shown, the others are what it is made of
 * @param histogram a table shown instead of the windows
 */
public record View(String name, String description, List<Timeline> windows, @Nullable Histogram histogram) {
    public View {
        windows = List.copyOf(windows);
    }

    static View of(String name, String description, Timeline... windows) {
        return new View(name, description, List.of(windows), null);
    }

    View table(Histogram table) {
        return new View(name, description, windows, table);
    }

    /** The types of events that it looks at; none: states and communications only. */
    public Set<Integer> events() {
        Set<Integer> types = new TreeSet<>();
        windows.stream().map(Timeline::events).filter(type -> type != 0).forEach(types::add);
        return types;
    }

    /** The file. */
    public String text() {
        StringBuilder out = new StringBuilder("#ParaverCFG\nConfigFile.Version: 3.4\n");
        out.append("ConfigFile.NumWindows: ").append(windows.size()).append('\n');
        out.append("ConfigFile.BeginDescription\n").append(description).append("\nConfigFile.EndDescription\n\n");
        for (int number = 1; number <= windows.size(); number++) {
            windows.get(number - 1).write(number, histogram == null && number == windows.size(), out);
        }
        if (histogram != null) {
            histogram.write(out);
        }
        return out.toString();
    }
}
