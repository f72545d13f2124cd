package io.colla.launcher.compss;

import io.colla.launcher.Words;
import java.util.List;

/** The help of a command: each option with what becomes of it. */
public final class CompssHelp {
    private static final int WIDTH = 80;
    private static final int COLUMN = 34;

    private CompssHelp() {}

    /** Its lines, none wider than 80 columns. */
    public static String of(CompssCommand command) {
        StringBuilder out = new StringBuilder(command.header()).append("\n\n");
        out.append("Usage: ").append(command.word()).append(" [OPTIONS] PROGRAM [ARGS...]\n\n");
        out.append("PROGRAM is a Python script, a Java class or a jar. Values stand behind an\n");
        out.append("equals sign. The options are those of COMPSs; this is what becomes of them\n");
        out.append("here. 'colla run --help' and 'colla submit --help' show Colla's own.\n");
        String section = "";
        for (CompssOption option : CompssTable.of(command).options()) {
            if (!option.section().equals(section)) {
                section = option.section();
                out.append('\n')
                        .append(section.equals(command.word()) ? "About it" : section)
                        .append(":\n");
            }
            append(out, option);
        }
        return out.toString();
    }

    private static void append(StringBuilder out, CompssOption option) {
        String usage = " ".repeat(2) + option.usage();
        List<String> lines = Words.wrap(fate(option), WIDTH - COLUMN);
        boolean beside = usage.length() < COLUMN - 1;
        out.append(usage);
        for (int i = 0; i < lines.size(); i++) {
            boolean first = i == 0 && beside;
            out.append(first ? " ".repeat(COLUMN - usage.length()) : "\n" + " ".repeat(COLUMN));
            out.append(lines.get(i));
        }
        out.append('\n');
    }

    private static String fate(CompssOption option) {
        String note = option.words().isEmpty() ? "" : "; " + option.words();
        return switch (option.what()) {
            case "do" -> option.words();
            case "quiet" -> "not needed: " + option.words();
            case "warn" -> "no effect: " + option.words();
            default -> option.what() + note;
        };
    }
}
