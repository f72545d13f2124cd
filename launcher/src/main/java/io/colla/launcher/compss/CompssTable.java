package io.colla.launcher.compss;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The options that one of the commands takes, in the order of its help. */
final class CompssTable {
    private static final String RESOURCE = "options.txt";
    private static final String SUBMISSION = "Submission";

    private final List<CompssOption> options;

    private CompssTable(List<CompssOption> options) {
        this.options = options;
    }

    static CompssTable of(CompssCommand command) {
        List<CompssOption> all = read();
        all.removeIf(option -> !isOf(command, option.section()));
        return new CompssTable(all);
    }

    private static boolean isOf(CompssCommand command, String section) {
        return command == CompssCommand.RUNCOMPSS
                ? !section.startsWith(SUBMISSION)
                : !section.equals(CompssCommand.RUNCOMPSS.word());
    }

    List<CompssOption> options() {
        return options;
    }

    /** The option that is spelt so; null when there is none. */
    @Nullable
    CompssOption find(String name) {
        for (CompssOption option : options) {
            if (option.isCalled(name)) {
                return option;
            }
        }
        return null;
    }

    List<String> names() {
        return options.stream().flatMap(option -> option.names().stream()).toList();
    }

    private static List<CompssOption> read() {
        List<CompssOption> options = new ArrayList<>();
        try (InputStream in = CompssTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            String section = "";
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("[")) {
                    section = line.substring(1, line.length() - 1);
                } else if (line.startsWith("-")) {
                    options.add(row(section, line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return options;
    }

    private static CompssOption row(String section, String line) {
        String[] cells = line.split("\\s\\|(?=\\s|$)", -1);
        if (cells.length != 5) {
            throw new IllegalStateException("not five cells: " + line);
        }
        String value = cells[1].strip();
        boolean optional = value.startsWith("[");
        return new CompssOption(
                section,
                List.of(cells[0].strip().split(", ")),
                value.equals("-") ? "" : optional ? value.substring(1, value.length() - 1) : value,
                optional,
                words(cells[2]),
                cells[3].strip(),
                cells[4].strip());
    }

    private static Set<String> words(String cell) {
        return java.util.Arrays.stream(cell.strip().split(", *"))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
