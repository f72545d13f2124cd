package io.colla.tracing.paraver;

import java.util.ArrayList;
import java.util.List;

/** The text of a .row: the names of cpus, nodes and threads, one for each there is, as a list that is too short leaves rows without a name. */
public final class RowWriter {
    private RowWriter() {}

    public static String text(Machine machine) {
        StringBuilder text = new StringBuilder();
        level("CPU", cpus(machine), text);
        level("NODE", machine.nodes().stream().map(Machine.Node::name).toList(), text);
        level("THREAD", threads(machine), text);
        return text.toString();
    }

    private static List<String> cpus(Machine machine) {
        List<String> names = new ArrayList<>();
        for (Machine.Node node : machine.nodes()) {
            for (int i = 0; i < node.cpus(); i++) {
                names.add((names.size() + 1) + "." + node.name());
            }
        }
        return names;
    }

    private static List<String> threads(Machine machine) {
        List<String> names = new ArrayList<>();
        for (Machine.Application application : machine.applications()) {
            application.tasks().forEach(task -> names.addAll(task.threads()));
        }
        return names;
    }

    private static void level(String level, List<String> names, StringBuilder text) {
        text.append("LEVEL ")
                .append(level)
                .append(" SIZE ")
                .append(names.size())
                .append('\n');
        names.forEach(name -> text.append(name).append('\n'));
        text.append('\n');
    }
}
