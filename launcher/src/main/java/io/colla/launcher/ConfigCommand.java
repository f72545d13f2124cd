package io.colla.launcher;

import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla config}: what every setting is, and where that comes from. */
final class ConfigCommand implements Subcommand {
    private static final String JSON = "--json";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Shows every setting, its value, and where that comes from.")
                .description("%nTakes the options of 'colla run', to show what they would do.%n");
        spec.addOption(OptionSpec.builder(JSON).description("For programs.").build());
        SettingsFlags.addTo(spec);
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        Settings settings = SettingsFlags.load(line, context.loader());
        context.out().print(line.hasMatchedOption(JSON) ? json(settings) : text(settings));
        return ExitCode.OK.number();
    }

    private static String text(Settings settings) {
        StringBuilder out = new StringBuilder();
        for (Option<?> option : Options.ALL) {
            String value = String.join(", ", settings.texts(option));
            String shown = value.isEmpty() ? "-" : value;
            out.append(String.format(Locale.ROOT, "%-16s %-24s %s", option.name(), shown, where(settings, option))
                            .stripTrailing())
                    .append('\n');
        }
        return out.toString();
    }

    /** An option without a value says in words what holds instead. */
    private static String where(Settings settings, Option<?> option) {
        String where = settings.origin(option).where();
        boolean words =
                settings.texts(option).isEmpty() && !option.otherDefault().isEmpty();
        return words ? where + " (" + option.otherDefault() + ")" : where;
    }

    private static String json(Settings settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Option<?> option : Options.ALL) {
            List<String> texts = settings.texts(option);
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("value", option.repeatable() ? texts : texts.isEmpty() ? null : texts.get(0));
            one.put(
                    "source",
                    settings.origin(option)
                            .source()
                            .name()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-'));
            one.put("where", settings.origin(option).where());
            all.put(option.name(), one);
        }
        return Json.of(all);
    }
}
