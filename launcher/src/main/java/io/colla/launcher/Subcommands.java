package io.colla.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The words after {@code colla}. One is made only when it is asked for. */
enum Subcommands {
    RUN(RunCommand::new, false),
    SUBMIT(SubmitCommand::new, false),
    JOBS(JobsCommand::new, false),
    LOGS(LogsCommand::new, false),
    WAIT(WaitCommand::new, false),
    CANCEL(CancelCommand::new, false),
    ALLOC(AllocCommand::new, false),
    CONFIG(ConfigCommand::new, false),
    TRACE(TraceCommand::new, false),
    GRAPH(GraphCommand::new, false),
    DOCTOR(DoctorCommand::new, false),
    SITE(SiteCommand::new, false),
    COMPLETION(CompletionCommand::new, false),
    WORKER(WorkerCommand::new, true),
    JOIN(JoinCommand::new, true),
    GATEWAY(GatewayCommand::new, true),
    COMPAT(CompatCommand::new, true);

    private final Supplier<Subcommand> maker;
    private final boolean hidden;

    Subcommands(Supplier<Subcommand> maker, boolean hidden) {
        this.maker = maker;
        this.hidden = hidden;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean hidden() {
        return hidden;
    }

    Subcommand make() {
        return maker.get();
    }

    static @Nullable Subcommands byWord(String word) {
        for (Subcommands subcommand : values()) {
            if (subcommand.word().equals(word)) {
                return subcommand;
            }
        }
        return null;
    }

    /** Words for people. */
    static List<String> words() {
        List<String> words = new ArrayList<>();
        for (Subcommands subcommand : values()) {
            if (!subcommand.hidden()) {
                words.add(subcommand.word());
            }
        }
        return words;
    }
}
