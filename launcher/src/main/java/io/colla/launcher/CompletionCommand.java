package io.colla.launcher;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla completion}: a script that completes the command's words in bash. */
final class CompletionCommand implements Subcommand {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Prints a script that completes colla's words in bash and zsh.")
                .description("%nIn ~/.bashrc:  source <(colla completion)%n");
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        context.out().print(AutoComplete.bash("colla", CommandLines.root()));
        return ExitCode.OK.number();
    }
}
