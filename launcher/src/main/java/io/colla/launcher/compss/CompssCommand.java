package io.colla.launcher.compss;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two commands whose options are understood. */
public enum CompssCommand {
    RUNCOMPSS("runcompss", "Runs a program here, or on the nodes of the job that it is started in."),
    ENQUEUE_COMPSS("enqueue_compss", "Submits a job that runs a program on all its nodes, and prints the job's id.");

    private final String word;
    private final String header;

    CompssCommand(String word, String header) {
        this.word = word;
        this.header = header;
    }

    /** As users type it. */
    public String word() {
        return word;
    }

    String header() {
        return header;
    }

    CompssCommand other() {
        return this == RUNCOMPSS ? ENQUEUE_COMPSS : RUNCOMPSS;
    }

    /** The command of this name; null when there is none. */
    public static @Nullable CompssCommand byWord(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        for (CompssCommand command : values()) {
            if (command.word.equals(lower)) {
                return command;
            }
        }
        return null;
    }
}
