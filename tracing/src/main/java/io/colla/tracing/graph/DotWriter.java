package io.colla.tracing.graph;

import io.colla.tracing.graph.Picture.Kind;
import io.colla.tracing.graph.Picture.Mark;
import io.colla.tracing.graph.Picture.Node;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a graph in the language of Graphviz, with the shapes that COMPSs' graphs have. */
final class DotWriter {
    private static final String WAIT = "shape=octagon, style=filled, fillcolor=\"#444444\", fontcolor=\"#ffffff\"";

    private final Picture picture;
    private final Appendable out;

    private DotWriter(Picture picture, Appendable out) {
        this.picture = picture;
        this.out = out;
    }

    static void write(Picture picture, String title, Appendable out) throws IOException {
        new DotWriter(picture, out).write(title);
    }

    private void write(String title) throws IOException {
        out.append("digraph {\n  rankdir=TB;\n  labelloc=\"t\";\n  label=")
                .append(quoted(title))
                .append(";\n  node [height=0.75];\n");
        Map<Integer, Numbers> groups = new TreeMap<>();
        for (int i = 0; i < picture.nodes(); i++) {
            Node node = picture.node(i);
            if (node.group() >= 0) {
                groups.computeIfAbsent(node.group(), g -> new Numbers()).add(i);
            } else {
                write(node, "  ");
            }
        }
        for (Map.Entry<Integer, Numbers> group : groups.entrySet()) {
            out.append("  subgraph clusterTasks")
                    .append(String.valueOf(group.getKey()))
                    .append(" {\n    label=\"group ")
                    .append(String.valueOf(group.getKey()))
                    .append("\"; style=dashed; color=\"#888888\";\n");
            for (int i = 0; i < group.getValue().size(); i++) {
                write(picture.node(group.getValue().get(i)), "    ");
            }
            out.append("  }\n");
        }
        for (int i = 0; i < picture.edges(); i++) {
            String label = picture.label(i);
            out.append("  ")
                    .append(picture.node(picture.from(i)).id())
                    .append(" -> ")
                    .append(picture.node(picture.to(i)).id())
                    .append(label.isEmpty() ? " [style=dashed]" : " [label=\"" + label + "\"]")
                    .append(";\n");
        }
        legend(picture.functions());
        out.append("}\n");
    }

    private void write(Node node, String indent) throws IOException {
        out.append(indent)
                .append(node.id())
                .append(" [label=")
                .append(quoted(node.label()))
                .append(", ");
        if (node.function() < 0) {
            out.append(node.kind() == Kind.TOGETHER ? "shape=diamond" : WAIT);
        } else {
            out.append(node.kind() == Kind.TASK ? "shape=circle, " : "shape=box, ")
                    .append(look(node));
        }
        out.append(", tooltip=").append(quoted(node.title())).append("];\n");
    }

    private static String look(Node node) {
        String colour = Colours.of(node.function());
        if (node.mark() == Mark.CANCELLED || node.mark() == Mark.UNFINISHED) {
            String line = node.mark() == Mark.CANCELLED ? "dashed" : "dotted";
            return "style=" + line + ", penwidth=2, color=\"" + colour + "\"";
        }
        String filled = "style=filled, fillcolor=\"" + colour + "\", fontcolor=\"" + Colours.on(colour) + "\"";
        return node.mark() == Mark.FAILED ? filled + ", color=\"#d00000\", penwidth=4, peripheries=2" : filled;
    }

    private void legend(List<String> functions) throws IOException {
        out.append("  subgraph clusterLegend {\n    label=\"functions\"; style=rounded;\n");
        for (int i = 0; i < functions.size(); i++) {
            String colour = Colours.of(i);
            out.append("    legend")
                    .append(String.valueOf(i))
                    .append(" [shape=box, style=filled, height=0.3, fillcolor=\"")
                    .append(colour)
                    .append("\", fontcolor=\"")
                    .append(Colours.on(colour))
                    .append("\", label=")
                    .append(quoted(functions.get(i)))
                    .append("];\n");
        }
        out.append("  }\n");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}+", " ") + '"';
    }
}
