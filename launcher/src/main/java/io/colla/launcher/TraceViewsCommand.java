package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.tracing.paraver.views.Views;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla trace views}: writes all views for Paraver into a folder. */
final class TraceViewsCommand implements Subcommand {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Writes all views for Paraver into a folder.")
                .customSynopsis("colla trace views FOLDER")
                .description(
                        "%nEach trace has those that show something of it beside it, in cfgs/. This writes all of them, for one place that Paraver always looks in.%n");
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("FOLDER")
                .type(String.class)
                .required(true)
                .description("Made if it is not there.")
                .build());
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        Path folder = context.loader().directory().resolve(line.<String>matchedPositionalValue(0, ""));
        try {
            int count = Views.write(Views.all(), folder).size();
            context.out().println(folder + ": " + count + " views");
        } catch (IOException e) {
            throw new UsageException("the views cannot be written to " + folder + ": " + Words.reason(e), e);
        }
        return ExitCode.OK.number();
    }
}
