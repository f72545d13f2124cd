package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.site.NewSite;
import io.colla.launcher.site.SiteProfile;
import io.colla.launcher.site.Sites;
import io.colla.platform.Commands.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla site}: the profiles of sites, and a new one. */
final class SiteCommand implements Subcommand {
    private static final String JSON = "--json";
    private static final List<String> ACTIONS = List.of("list", "show", "new");

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Shows the profiles of sites, and writes a new one.")
                .customSynopsis(
                        "colla site list [--json]", "       colla site show NAME|FILE", "       colla site new [NAME]")
                .description(
                        "%nA profile has the defaults and the limits of a cluster. list marks the one that is used here;"
                                + " show prints one, if it is right; new writes one to ~/.colla/sites, from what the batch system"
                                + " says here.%n");
        spec.addOption(OptionSpec.builder(JSON).description("For programs.").build());
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .paramLabel("ACTION")
                .hidden(true)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        return spec;
    }

    /** Options may stand behind the action. */
    @Override
    public String[] words(String[] given, CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of(given));
        words.sort((a, b) -> Boolean.compare(b.startsWith("-"), a.startsWith("-")));
        return words.toArray(String[]::new);
    }

    @Override
    public int run(ParseResult line, Context context) throws IOException {
        List<String> words = line.matchedPositionalValue(0, List.of());
        String action = words.isEmpty() ? "list" : words.get(0);
        Sites sites = Sites.of(context.loader());
        int most = action.equals("list") ? 1 : 2;
        if (words.size() > most) {
            throw new UsageException("unexpected '" + words.get(most) + "'; see 'colla site --help'");
        }
        String name = words.size() > 1 ? words.get(1) : "";
        switch (action) {
            case "list" -> list(sites, line.hasMatchedOption(JSON), context);
            case "show" -> context.out().print(shown(sites, name));
            case "new" -> create(name, context);
            default ->
                throw new UsageException("colla site has no '" + action + "'" + Nearest.hint(action, ACTIONS)
                        + "; see 'colla site --help'");
        }
        return ExitCode.OK.number();
    }

    private static void list(Sites sites, boolean json, Context context) {
        String named = context.loader().environment().getOrDefault("COLLA_SITE", "");
        Path used = named.isEmpty() ? sites.automatic() : named.equals("none") ? null : sites.find(named);
        List<Map<String, Object>> rows = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Path file : sites.all()) {
            SiteProfile profile = Sites.read(file);
            boolean here = file.equals(used);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", profile.name());
            row.put("description", profile.description());
            row.put("used-here", here);
            row.put("file", file);
            rows.add(row);
            String about = profile.description().isEmpty() ? file.toString() : profile.description();
            text.append(Words.cut(
                            String.format(Locale.ROOT, "%s %-16s %s", here ? "*" : " ", profile.name(), about),
                            Terminal.DEFAULT_WIDTH))
                    .append('\n');
        }
        if (json) {
            context.out().print(Json.of(rows));
        } else if (rows.isEmpty()) {
            context.out().println("no profiles; 'colla site new' writes one from what the batch system says here");
        } else {
            context.out().print(text);
        }
    }

    /** A file with a mistake is not shown but complained about. */
    private static String shown(Sites sites, String name) throws IOException {
        Path file = name.isEmpty() ? sites.automatic() : sites.find(name);
        if (file == null) {
            throw new UsageException("no profile is for this host; name one: colla site show NAME");
        }
        Sites.read(file);
        return "# " + file + "\n" + Files.readString(file);
    }

    private static void create(String name, Context context) throws IOException {
        Path home = context.loader().home();
        if (home == null) {
            throw new UsageException("there is no home folder for the profile (HOME is not set)");
        }
        try {
            Path file =
                    NewSite.write(name, Sites.userFolder(home), context.loader().environment());
            context.out().println(file);
            context.err()
                    .println(
                            "colla: look through it, and fill in what the batch system does not know; it is used here");
        } catch (CommandException e) {
            throw new ExitException(ExitCode.REFUSED, "the batch system does not answer: " + e.getMessage());
        }
    }
}
