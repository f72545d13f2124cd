package io.colla.tracing.paraver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a .prv.
 *
 * @param date as it stands there
 * @param end nanoseconds
 * @param scale nanoseconds of the file's unit of time
 * @param machine without names
 * @param communicators lines that describe communicators, which follow
 */
record Header(String date, long end, long scale, Machine machine, int communicators) {
    static final Header NONE = new Header("", 0, 1, nothing(), 0);

    private static final long MICROSECOND = 1000;
    private static final Pattern WHOLE = Pattern.compile(
            "#Paraver \\((\\d\\d/\\d\\d/\\d{4} at \\d\\d:\\d\\d)\\):(\\d+)_ns:(\\d+)\\(([\\d,]+)\\):(\\d+):(.*?)(?:,(\\d+))?");
    /** What others write: any date, microseconds, no nodes. */
    private static final Pattern LENIENT =
            Pattern.compile("#Paraver \\((.*?)\\):(\\d+)(_ns)?:(\\d+)(?:\\(([\\d,]*)\\))?:(\\d+):(.*?)(?:,(\\d+))?");

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
            return NONE;
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
        return new Header(
                whole.group(1), Long.parseLong(whole.group(2)), 1, new Machine(nodes, applications), communicators);
    }

    /**
     * Reads one that others may have written.
     *
     * @throws IOException if it is none
     */
    static Header lenient(String line, Path file) throws IOException {
        Matcher whole = LENIENT.matcher(line);
        if (!whole.matches()) {
            String begin = line.length() > 60 ? line.substring(0, 60) + "…" : line;
            throw new IOException(file + " is no Paraver trace: its first line is '" + begin + "'");
        }
        try {
            long scale = whole.group(3) == null ? MICROSECOND : 1;
            List<Machine.Node> nodes = new ArrayList<>();
            for (String cpus : String.valueOf(whole.group(5)).split(",")) {
                nodes.add(new Machine.Node("", cpus.matches("\\d+") ? Math.max(1, Integer.parseInt(cpus)) : 1));
            }
            List<Machine.Application> applications = new ArrayList<>();
            Matcher each = APPLICATION.matcher(whole.group(7));
            while (each.find()) {
                applications.add(onNodes(application(each, fault -> {}), nodes.size()));
            }
            if (applications.isEmpty()) {
                throw new IOException(file + " is no whole Paraver trace: its header names no applications");
            }
            int communicators = whole.group(8) == null ? 0 : Integer.parseInt(whole.group(8));
            long end = Long.parseLong(whole.group(2)) * scale;
            return new Header(whole.group(1), end, scale, new Machine(nodes, applications), communicators);
        } catch (NumberFormatException e) {
            throw new IOException(file + " has a header with a number that cannot be read: " + e.getMessage(), e);
        }
    }

    /** Tasks of which the header does not say where they were are on the first node. */
    private static Machine.Application onNodes(Machine.Application read, int nodes) {
        List<Machine.Task> tasks = new ArrayList<>();
        for (Machine.Task task : read.tasks()) {
            int node = task.node() >= 1 && task.node() <= nodes ? task.node() : 1;
            tasks.add(new Machine.Task(node, task.threads()));
        }
        return new Machine.Application("", tasks);
    }

    /** The same with names of nodes, as far as there are any. */
    Header named(List<String> names) {
        List<Machine.Node> nodes = new ArrayList<>();
        for (Machine.Node node : machine.nodes()) {
            int number = nodes.size();
            String name =
                    number < names.size() && !names.get(number).isBlank() ? names.get(number) : "node " + (number + 1);
            nodes.add(new Machine.Node(name, node.cpus()));
        }
        return new Header(date, end, scale, new Machine(nodes, machine.applications()), communicators);
    }

    private static Machine nothing() {
        return new Machine(List.of(new Machine.Node("", 1)), List.of(new Machine.Application("", List.of())));
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
