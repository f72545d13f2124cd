package io.colla.launcher;

import io.colla.launcher.config.Settings;
import io.colla.launcher.doctor.Check;
import io.colla.launcher.doctor.Checks;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla doctor}: what is missing here, and what to do. */
final class DoctorCommand implements Subcommand {
    private static final int WIDTH = 80;
    private static final int INDENT = 6;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Checks Java, Python, batch system, folders and network; says what to mend.")
                .description("%nTakes the options of 'colla run'. The exit code is 1 if a check failed.%n");
        SettingsFlags.addTo(spec);
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        Settings settings = SettingsFlags.load(line, context.loader());
        boolean failed = false;
        context.out().println(Version.ofProcess().text());
        for (Check check : Checks.of(settings, context.loader()).all()) {
            context.out().print(text(check));
            failed |= check.status() == Check.Status.FAIL;
        }
        return failed ? ExitCode.APPLICATION_THREW.number() : ExitCode.OK.number();
    }

    private static String text(Check check) {
        StringBuilder out = new StringBuilder();
        List<String> lines = Words.wrap(check.finding(), WIDTH - INDENT);
        String status = String.format(
                Locale.ROOT, "%-" + INDENT + "s", check.status().name().toLowerCase(Locale.ROOT));
        for (int i = 0; i < lines.size(); i++) {
            out.append(i == 0 ? status : " ".repeat(INDENT))
                    .append(lines.get(i))
                    .append('\n');
        }
        if (!check.advice().isEmpty()) {
            Words.wrap("-> " + check.advice(), WIDTH - INDENT)
                    .forEach(part -> out.append(" ".repeat(INDENT)).append(part).append('\n'));
        }
        return out.toString();
    }
}
