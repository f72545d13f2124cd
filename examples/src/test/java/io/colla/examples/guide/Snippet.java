package io.colla.examples.guide;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A piece of Java in a page. One with a public class is a program. Others are statements with {@code colla} as the session, after
 * declarations that begin with {@code static}, {@code @} or {@code interface} in the first column.
 *
 * @param place page and line, for messages
 * @param type name of the class that it becomes
 * @param source of that class
 * @param output what a {@code text} block right behind it says that it prints; null if there is none
 */
record Snippet(String place, String type, String source, @Nullable String output) {
    private static final Pattern PROGRAM = Pattern.compile("(?m)^public (?:final )?class (\\w+)");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final String IMPORTS =
            """
            import static io.colla.api.Args.*;
            import static io.colla.api.Binding.bind;
            import static io.colla.api.TaskOptions.options;

            import io.colla.api.*;
            import java.io.*;
            import java.nio.file.*;
            import java.time.Duration;
            import java.util.*;

            """;

    /** All pieces of Java of a page, in order. */
    static List<Snippet> of(String page, String text) {
        List<Snippet> found = new ArrayList<>();
        Matcher fence = FENCE.matcher(text);
        Snippet last = null;
        while (fence.find()) {
            if (fence.group(1).equals("java")) {
                long line = text.substring(0, fence.start()).lines().count() + 1;
                last = of(page + ":" + line, page.replaceAll("\\W", "_") + "_" + line, fence.group(2), null);
                found.add(last);
            } else {
                if (last != null && fence.group(1).equals("text")) {
                    found.set(found.size() - 1, new Snippet(last.place, last.type, last.source, fence.group(2)));
                }
                last = null;
            }
        }
        return found;
    }

    private static Snippet of(String place, String name, String code, @Nullable String output) {
        if (code.lines().allMatch(line -> line.isEmpty() || line.startsWith("import "))) {
            return new Snippet(place, name, code + "public class " + name + " {}\n", output);
        }
        Matcher program = PROGRAM.matcher(code);
        if (program.find()) {
            return new Snippet(place, program.group(1), code, output);
        }
        StringBuilder members = new StringBuilder();
        StringBuilder statements = new StringBuilder();
        boolean declaring = false;
        boolean field = false;
        for (String line : code.lines().toList()) {
            if (!declaring && line.matches("(static|interface|record|@\\w+)\\b.*")) {
                declaring = true;
                field = line.startsWith("static") && line.contains("=");
            }
            (declaring ? members : statements).append(line).append('\n');
            boolean ends = field ? line.endsWith(";") : line.equals("}") || line.matches("\\S.*(}|;)");
            declaring &= !ends;
        }
        // The pages call it Snippets, whatever it is here.
        String body =
                members + "    public static void run(Colla colla) throws Exception {\n" + statements + "    }\n}\n";
        String source = IMPORTS + "public class " + name + " extends io.colla.examples.guide.Context {\n"
                + body.replace("Snippets::", name + "::");
        return new Snippet(place, name, source, output);
    }

    boolean isProgram() {
        return !source.contains("extends io.colla.examples.guide.Context");
    }
}
