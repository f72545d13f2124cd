package io.colla.launcher;

import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.SettingsLoader;
import io.colla.launcher.site.Sites;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Serves the table of options as flags. */
final class SettingsFlags {
    static final String CONFIG = "--config";

    private SettingsFlags() {}

    /** Adds a flag for every option of the table, under the table's headings, and {@code --config}. */
    static void addTo(CommandSpec spec) {
        spec.addOption(OptionSpec.builder(CONFIG)
                .paramLabel("FILE")
                .type(Path.class)
                .description("Settings from this file, instead of colla.yaml in the working folder and the user's.")
                .build());
        for (Option.Group heading : Option.Group.values()) {
            ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                    .validate(false)
                    .heading("%n" + heading.heading() + ":%n")
                    .order(heading.ordinal());
            for (Option<?> option : Options.ALL) {
                if (option.group() == heading) {
                    group.addArg(flag(option));
                }
            }
            spec.addArgGroup(group.build());
        }
    }

    private static OptionSpec flag(Option<?> option) {
        OptionSpec.Builder flag =
                OptionSpec.builder(option.flags().toArray(String[]::new)).description(description(option));
        if (option.isSwitch()) {
            return flag.type(boolean.class).arity("0").build();
        }
        // Always a list: of a flag given twice, the table says whether the last or all count.
        return flag.type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(option.type().placeholder())
                .hideParamSyntax(true)
                .build();
    }

    /** Gives flags that stand alone their value: a parser would take the next word for it. Only those before the application's words. */
    static String[] complete(String[] words, CommandSpec spec) {
        String[] complete = words.clone();
        for (int i = 0; i < words.length && words[i].startsWith("-") && !words[i].equals("--"); i++) {
            Option<?> option = standsAlone(words[i]);
            OptionSpec known = spec.findOption(words[i]);
            if (option != null && known != null) {
                complete[i] = option.flag() + "=" + option.spelling().bare();
            } else if (known != null && known.arity().max() > 0) {
                i++;
            }
        }
        return complete;
    }

    private static @Nullable Option<?> standsAlone(String word) {
        for (Option<?> option : Options.ALL) {
            if (option.mayStandAlone() && option.flags().contains(word)) {
                return option;
            }
        }
        return null;
    }

    private static String description(Option<?> option) {
        String fallback = option.initial() == null ? option.otherDefault() : option.initial();
        boolean shown = !option.isSwitch() && !fallback.isEmpty();
        return (option.description() + (shown ? " Default: " + fallback + "." : "")).replace("%", "%%");
    }

    /** The settings with the line's flags on top. */
    static Settings load(ParseResult line, SettingsLoader loader) {
        Map<Option<?>, List<String>> flags = new IdentityHashMap<>();
        for (Option<?> option : Options.ALL) {
            OptionSpec flag = line.matchedOption(option.flag());
            if (flag != null) {
                List<String> texts = option.isSwitch() ? List.of("true") : option.ofFlag(flag.stringValues());
                flags.put(option, option.repeatable() ? texts : texts.subList(texts.size() - 1, texts.size()));
            }
        }
        Path config = line.hasMatchedOption(CONFIG) ? line.matchedOptionValue(CONFIG, (Path) null) : null;
        return Sites.of(loader).apply(loader.load(flags, config));
    }
}
