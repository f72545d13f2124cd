package io.colla.launcher;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What all command lines have in common: help within 80 columns, and complaints that name the right word. */
final class CommandLines {
    private static final int WIDTH = 80;

    private CommandLines() {}

    /** Ready to parse. Everything after the first word that is no option is left alone. */
    static CommandLine of(String word, CommandSpec spec) {
        helped("colla " + word, spec);
        CommandLine line = parser(spec);
        line.getSubcommands().values().forEach(nested -> nested.setStopAtPositional(false));
        return line;
    }

    /** A command below another, for {@link CommandSpec#addSubcommand}. Its options may also stand behind its other words. */
    static CommandLine nested(String word, CommandSpec spec) {
        helped(word, spec);
        return new CommandLine(spec);
    }

    private static void helped(String name, CommandSpec spec) {
        spec.name(name);
        spec.usageMessage()
                .synopsisHeading("%nUsage: ")
                .width(WIDTH)
                .sortOptions(false)
                .abbreviateSynopsis(true);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    }

    private static CommandLine parser(CommandSpec spec) {
        CommandLine line = new CommandLine(spec);
        line.setStopAtPositional(true);
        line.setPosixClusteredShortOptionsAllowed(false);
        line.setExpandAtFiles(false);
        line.setOverwrittenOptionsAllowed(true);
        return line;
    }

    /** {@code colla} itself with all its words: for help and for completion. */
    static CommandLine root() {
        CommandSpec root = CommandSpec.create().name("colla");
        root.usageMessage()
                .width(WIDTH)
                .header("Runs programs whose functions are tasks on all the cores of a batch allocation.")
                .synopsisHeading("%nUsage: ")
                .optionListHeading("%n")
                .customSynopsis("colla COMMAND [OPTIONS]", "       colla --version")
                .commandListHeading("%nCommands ('colla COMMAND --help' tells more):%n")
                .footer(RootHelp.footer());
        root.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        root.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Show the version, the commit and the Java in use.")
                .build());
        for (Subcommands subcommand : Subcommands.values()) {
            CommandSpec spec = subcommand.make().spec();
            spec.usageMessage().hidden(subcommand.hidden());
            CommandLine line = of(subcommand.word(), spec);
            spec.name(subcommand.word());
            root.addSubcommand(subcommand.word(), line);
        }
        return parser(root);
    }

    /** What is wrong with the command line, in one sentence. */
    static String sentence(ParameterException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            if (!word.startsWith("-")) {
                return "unexpected '" + word + "'; see '" + spec.qualifiedName(" ") + " --help'";
            }
            String option = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            return spec.qualifiedName(" ") + " has no option '" + option + "'" + Nearest.hint(option, optionNames(spec))
                    + "; see '" + spec.qualifiedName(" ") + " --help'";
        }
        String message = String.valueOf(e.getMessage());
        return message.isEmpty()
                ? "wrong command line"
                : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static List<String> optionNames(CommandSpec spec) {
        List<String> names = new ArrayList<>();
        spec.options().forEach(option -> names.addAll(List.of(option.names())));
        return names;
    }
}
