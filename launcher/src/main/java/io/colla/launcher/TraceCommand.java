package io.colla.launcher;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla trace}: what is done with the traces of runs. */
final class TraceCommand implements Subcommand {
    /** The words after {@code colla trace}. One is made for help and when it is asked for. */
    enum Word {
        REPORT(TraceReportCommand::new),
        COMPARE(TraceCompareCommand::new),
        MERGE(TraceMergeCommand::new),
        CHECK(TraceCheckCommand::new),
        EXPORT(TraceExportCommand::new),
        VIEWS(TraceViewsCommand::new);

        private final Supplier<Subcommand> maker;

        Word(Supplier<Subcommand> maker) {
            this.maker = maker;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Shows where the time of a run went, makes its trace again, exports it.")
                .customSynopsis("colla trace COMMAND [OPTIONS] RUN")
                .description(
                        "%nRUN is the folder of a run with --trace, such as colla-runs/latest, or a .prv (or .prv.gz), also one that COMPSs has written.%n")
                .commandListHeading("%nCommands ('colla trace COMMAND --help' tells more):%n");
        for (Word word : Word.values()) {
            spec.addSubcommand(
                    word.word(),
                    CommandLines.nested(word.word(), word.maker.get().spec()));
        }
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) throws Exception {
        ParseResult nested = line.subcommand();
        if (nested == null) {
            context.out().print(line.commandSpec().commandLine().getUsageMessage());
            return ExitCode.USAGE.number();
        }
        if (nested.isUsageHelpRequested()) {
            context.out().print(nested.commandSpec().commandLine().getUsageMessage());
            return ExitCode.OK.number();
        }
        String name = nested.commandSpec().name();
        for (Word word : Word.values()) {
            if (word.word().equals(name)) {
                return word.maker.get().run(nested, context);
            }
        }
        throw new IllegalStateException(name + " is no word of colla trace, and " + List.of(Word.values()) + " are");
    }
}
