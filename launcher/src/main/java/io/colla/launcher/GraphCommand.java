package io.colla.launcher;

import io.colla.api.UsageException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla graph}: draws the graph of a run's tasks. */
final class GraphCommand implements Subcommand {
    private static final String DOT = "--dot";
    private static final String SVG = "--svg";
    private static final String COLLAPSE = "--collapse";
    private static final String OUT = "--output";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Draws the graph of a run's tasks.")
                .customSynopsis("colla graph [--dot] [--svg] [--collapse] [-o FILE] RUN")
                .description(
                        "%nShows which task needed what of which other: complete_graph.dot (for Graphviz) and complete_graph.svg (for a browser) in graph/ of the run's folder,"
                                + " of a run with --graph or --trace, also of one that was killed. RUN is that folder, such as colla-runs/latest.%n");
        flag(spec, DOT, "Write the DOT file only.");
        flag(spec, SVG, "Write the SVG file only.");
        flag(
                spec,
                COLLAPSE,
                "Draw the tasks of one function that are equally deep in the graph as one node. The SVG of a large graph is always drawn so.");
        spec.addOption(OptionSpec.builder("-o", OUT)
                .paramLabel("FILE")
                .type(Path.class)
                .description("Write this file, whose name ends with .dot or .svg.")
                .build());
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("RUN")
                .type(String.class)
                .required(true)
                .description("The run's folder.")
                .build());
        return spec;
    }

    private static void flag(CommandSpec spec, String name, String description) {
        spec.addOption(OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build());
    }

    @Override
    public int run(ParseResult line, Context context) {
        Path directory = context.loader().directory();
        Path run = directory.resolve(line.<String>matchedPositionalValue(0, ""));
        @Nullable Path out = line.matchedOptionValue(OUT, (Path) null);
        boolean dot = line.hasMatchedOption(DOT);
        boolean svg = line.hasMatchedOption(SVG);
        if (out != null) {
            String name = out.toString();
            boolean toDot = name.endsWith(".dot") || name.endsWith(".gv");
            if ((!toDot && !name.endsWith(".svg")) || (dot && !toDot) || (svg && toDot)) {
                throw new UsageException("-o " + name + ": a graph's file ends with .dot or .svg");
            }
            dot = toDot;
            svg = !toDot;
            out = directory.resolve(out);
        }
        RunGraph graph = RunGraph.of(run, line.hasMatchedOption(COLLAPSE));
        context.out().println(graph.title());
        if (dot || !svg) {
            context.out().println("  " + graph.dot(out));
        }
        if (svg || !dot) {
            Path written = graph.svg(out, sentence -> context.err().println("colla: " + sentence));
            context.out().println("  " + written);
        }
        return ExitCode.OK.number();
    }
}
