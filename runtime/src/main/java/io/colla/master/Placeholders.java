package io.colla.master;

import io.colla.api.BinaryTask;
import io.colla.api.MpmdTask;
import io.colla.api.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks for templates of programs that name what is not bound. */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final Set<String> BUILT_IN = Set.of("task.cores", "task.memory_mb", "task.id", "task.nodes");

    private Placeholders() {}

    /** @throws UsageException if a template has a placeholder that none of the names stands for */
    static void check(BinaryTask program, List<String> names) {
        List<String> templates = new ArrayList<>(program.arguments());
        templates.add(program.program());
        addIfThere(templates, program.stdin(), program.stdout(), program.stderr(), program.workingDirectory());
        templates.addAll(program.environment().values());
        check("program " + program.program(), templates, names);
    }

    /** As above, for all programs of a job. */
    static void check(MpmdTask job, List<String> names) {
        job.programs().forEach(program -> check(program, names));
        List<String> templates = new ArrayList<>();
        addIfThere(templates, job.stdin(), job.stdout(), job.stderr(), job.workingDirectory());
        check("an MPI job", templates, names);
    }

    private static void addIfThere(List<String> templates, @Nullable String... more) {
        for (String template : more) {
            if (template != null) {
                templates.add(template);
            }
        }
    }

    private static void check(String owner, List<String> templates, List<String> names) {
        for (String template : templates) {
            Matcher matcher = PLACEHOLDER.matcher(template);
            while (matcher.find()) {
                String name = matcher.group(1);
                boolean known = names.contains(name) || BUILT_IN.contains(name);
                if (!known && NAME.matcher(name).matches()) {
                    throw new UsageException("'" + template + "' of " + owner + " needs a binding for " + name
                            + "; bound are " + (names.isEmpty() ? "none" : new TreeSet<>(names)));
                }
            }
        }
    }
}
