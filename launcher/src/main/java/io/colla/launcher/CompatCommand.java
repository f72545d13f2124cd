package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.compss.CompssCommand;
import io.colla.launcher.compss.CompssHelp;
import io.colla.launcher.compss.Translation;
import io.colla.launcher.compss.Translator;
import io.colla.platform.ShellWords;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code colla compat runcompss ...} and {@code colla compat enqueue_compss ...}: what the scripts of these names call. {@code --shell} prints what a shell is to do,
 * for what this process cannot: set the environment that the JVM itself is to start with.
 */
final class CompatCommand implements Subcommand {
    private static final String SHELL = "--shell";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Does what runcompss or enqueue_compss is asked for; these scripts call it.")
                .customSynopsis(
                        "colla compat [--shell] runcompss [OPTIONS] PROGRAM [ARGS...]",
                        "       colla compat enqueue_compss [OPTIONS] PROGRAM [ARGS...]");
        spec.addOption(OptionSpec.builder(SHELL)
                .description("Print the lines of shell that do it.")
                .build());
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .paramLabel("LINE")
                .hidden(true)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) throws Exception {
        List<String> words = line.matchedPositionalValue(0, List.of());
        CompssCommand command = words.isEmpty() ? null : CompssCommand.byWord(words.get(0));
        if (command == null) {
            throw new UsageException("name the command to be done: colla compat runcompss app.py");
        }
        Translation translation = Translator.translate(
                command, words.subList(1, words.size()), context.loader().directory());
        for (String warning : translation.warnings()) {
            context.err().println(command.word() + ": " + warning);
        }
        switch (translation.asked()) {
            case HELP -> show(CompssHelp.of(command), line, context);
            case VERSION -> show(Version.ofProcess().text() + "\n", line, context);
            default -> {
                return command == CompssCommand.RUNCOMPSS
                        ? runHere(translation, line, context)
                        : CompssSubmission.submit(translation, context);
            }
        }
        return ExitCode.OK.number();
    }

    private static int runHere(Translation translation, ParseResult line, Context context) throws Exception {
        if (translation.asked() == Translation.Asked.SHOW) {
            show(translation.script("colla"), line, context);
            return ExitCode.OK.number();
        }
        if (line.hasMatchedOption(SHELL)) {
            context.out().print(translation.script(installed()));
            return ExitCode.OK.number();
        }
        if (!translation.setup().isEmpty()) {
            throw new UsageException(
                    "the environment has to be set before: use the script 'runcompss', or a shell: eval"
                            + " \"$(colla compat --shell runcompss ...)\"");
        }
        return Main.run(Subcommands.RUN, translation.runWords().toArray(String[]::new), context);
    }

    private static void show(String text, ParseResult line, Context context) {
        context.out().print(line.hasMatchedOption(SHELL) ? "printf %s " + ShellWords.quote(text) + "\n" : text);
    }

    private static String installed() {
        String home = System.getProperty("colla.home");
        return home == null ? "colla" : Path.of(home, "bin", "colla").toString();
    }
}
