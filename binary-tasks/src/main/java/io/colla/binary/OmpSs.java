package io.colla.binary;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The arguments of Nanos++, the runtime of OmpSs: words between spaces, each an option ({@code --name=value}, {@code --name value}, {@code --name}). */
final class OmpSs {

    static final String VARIABLE = "NX_ARGS";

    private OmpSs() {}

    /**
     * As many threads as cores, and what was said otherwise: the task over the worker's environment over the number of cores, option by option.
     *
     * @param worker null: nothing
     * @param task null: nothing
     */
    static String arguments(String cores, @Nullable String worker, @Nullable String task) {
        List<String> own = options(task);
        List<String> inherited = without(options(worker), own);
        List<String> ours = List.of("--smp-cpus=" + cores, "--smp-workers=" + cores);
        return Stream.of(without(without(ours, own), inherited), inherited, own)
                .flatMap(List::stream)
                .collect(Collectors.joining(" "));
    }

    /** The options, each with its value. */
    private static List<String> options(@Nullable String arguments) {
        List<String> options = new ArrayList<>();
        for (String word : arguments == null ? new String[0] : arguments.strip().split("\\s+")) {
            boolean isValue = !word.startsWith("-") && !options.isEmpty();
            if (isValue) {
                options.set(options.size() - 1, options.get(options.size() - 1) + " " + word);
            } else if (!word.isEmpty()) {
                options.add(word);
            }
        }
        return options;
    }

    private static List<String> without(List<String> options, List<String> stronger) {
        Set<String> names = stronger.stream().map(OmpSs::name).collect(Collectors.toSet());
        return options.stream().filter(option -> !names.contains(name(option))).toList();
    }

    private static String name(String option) {
        return option.split("[= ]", 2)[0];
    }
}
