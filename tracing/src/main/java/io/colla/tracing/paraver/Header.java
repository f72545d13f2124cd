package io.colla.tracing.paraver;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a .prv.
 *
 * @param end nanoseconds
 * @param machine without names
 * @param communicators lines that describe communicators, which follow
 */
record Header(long end, Machine machine, int communicators) {
    private static final Pattern WHOLE = Pattern.compile(
            "#Paraver \\((\\d\\d/\\d\\d/\\d{4} at \\d\\d:\\d\\d)\\):(\\d+)_ns:(\\d+)\\(([\\d,]+)\\):(\\d+):(.*?)(?:,(\\d+))?");
    private static final Pattern APPLICATION = Pattern.compile("(\\d+)\\(([\\d:,]*)\\)(?:,|$)");

    /**
     * Reads it.
     *
     * @param fault told what is wrong with it
     */
    static Header parse(String line, Consumer<String> fault) {
        Matcher whole = WHOLE.matcher(line);
        if (!whole.matches()) {
            fault.accept("is no header of nanoseconds: '" + line + "'");
            return new Header(
                    0,
                    new Machine(List.of(new Machine.Node("", 1)), List.of(new Machine.Application("", List.of()))),
                    0);
        }
        List<Machine.Node> nodes = new ArrayList<>();
        for (String cpus : whole.group(4).split(",")) {
            nodes.add(new Machine.Node("", Integer.parseInt(cpus)));
        }
        expect(Integer.parseInt(whole.group(3)), nodes.size(), "nodes", fault);
        List<Machine.Application> applications = new ArrayList<>();
        Matcher each = APPLICATION.matcher(whole.group(6));
        int at = 0;
        while (each.find() && each.start() == at) {
            applications.add(application(each, fault));
            at = each.end();
        }
        if (at != whole.group(6).length()) {
            fault.accept("has applications that cannot be read: '" + whole.group(6) + "'");
        }
        expect(Integer.parseInt(whole.group(5)), applications.size(), "applications", fault);
        int communicators = whole.group(7) == null ? 0 : Integer.parseInt(whole.group(7));
        return new Header(Long.parseLong(whole.group(2)), new Machine(nodes, applications), communicators);
    }

    private static Machine.Application application(Matcher text, Consumer<String> fault) {
        List<Machine.Task> tasks = new ArrayList<>();
        for (String task : text.group(2).split(",")) {
            String[] numbers = task.split(":");
            List<String> threads = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(numbers[0]); i++) {
                threads.add("");
            }
            tasks.add(new Machine.Task(Integer.parseInt(numbers[1]), threads));
        }
        expect(Integer.parseInt(text.group(1)), tasks.size(), "tasks", fault);
        return new Machine.Application("", tasks);
    }

    private static void expect(int said, int found, String what, Consumer<String> fault) {
        if (said != found) {
            fault.accept("says that there are " + said + " " + what + " and describes " + found);
        }
    }
}
