package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference says what the tables in the code say. A failure shows the text to put there. */
class ReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/guide/reference.md");

    @Test
    void listsEveryOptionAsItIs() throws IOException {
        assertThat(Files.readString(REFERENCE)).contains(options());
    }

    @Test
    void listsEveryExitCodeAsItIs() throws IOException {
        assertThat(Files.readString(REFERENCE)).contains(exitCodes());
    }

    @Test
    void namesEveryCommand() throws IOException {
        String text = Files.readString(REFERENCE);
        for (Subcommands subcommand : Subcommands.values()) {
            assertThat(text).contains("`colla " + subcommand.word());
        }
    }

    private static String options() {
        StringBuilder out = new StringBuilder();
        for (Option.Group group : Option.Group.values()) {
            out.append("### ").append(group.heading()).append("\n\n");
            out.append("| Option and YAML key | Values | Default | Meaning |\n|---|---|---|---|\n");
            for (Option<?> option : Options.ALL) {
                if (option.group() == group) {
                    out.append(row(option));
                }
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static String row(Option<?> option) {
        String values = option.isSwitch()
                ? "`true`, `false`"
                : "`" + option.type().placeholder().replace("|", "` or `") + "`";
        String initial = option.initial() == null ? option.otherDefault() : "`" + option.initial() + "`";
        return "| `" + option.name() + "` | " + values + " | " + initial + " | " + option.description() + " |\n";
    }

    private static String exitCodes() {
        StringBuilder out = new StringBuilder(
                "| Code | Meaning |\n|---|---|\n| N | what the application gave to `System.exit`, or a"
                        + " Python program's own exit code; 128 + S if signal S ended it |\n");
        for (ExitCode code : ExitCode.values()) {
            out.append("| ")
                    .append(code.number())
                    .append(" | ")
                    .append(code.meaning())
                    .append(" |\n");
        }
        return out.toString();
    }
}
