package io.colla.launcher;

import io.colla.api.CollaException;
import io.colla.api.UsageException;
import io.colla.launcher.config.SettingsLoader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code colla} command. */
public final class Main {
    private final Context context;

    Main(Context context) {
        this.context = context;
    }

    /** Runs one subcommand and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        Context context = new Context(System.out, System.err, Terminal.ofProcess(), SettingsLoader.ofProcess());
        int code = new Main(context).run(arguments);
        System.exit(code);
    }

    int run(String... arguments) {
        String word = arguments.length == 0 ? "--help" : arguments[0];
        boolean debug = Arrays.asList(arguments).contains("--debug")
                || "true".equals(context.loader().environment().get("COLLA_DEBUG"));
        try {
            switch (word) {
                case "--version", "-V" ->
                    context.out().println(Version.ofProcess().text());
                case "--help", "-h", "help" -> context.out().print(help(arguments));
                default -> {
                    return subcommand(word, Arrays.copyOfRange(arguments, 1, arguments.length));
                }
            }
            return ExitCode.OK.number();
        } catch (ParameterException e) {
            return complain(ExitCode.USAGE, CommandLines.sentence(e), e, debug);
        } catch (ExitException e) {
            return complain(e.code(), String.valueOf(e.getMessage()), e, debug);
        } catch (UsageException e) {
            return complain(ExitCode.USAGE, String.valueOf(e.getMessage()), e, debug);
        } catch (CollaException e) {
            return complain(ExitCode.NODES_LOST, String.valueOf(e.getMessage()), e, debug);
        } catch (Exception | LinkageError | AssertionError | OutOfMemoryError | StackOverflowError e) {
            return internal(e);
        }
    }

    private static String help(String[] arguments) {
        Subcommands about = arguments.length > 1 ? Subcommands.byWord(arguments[1]) : null;
        return about == null
                ? CommandLines.root().getUsageMessage()
                : CommandLines.of(about.word(), about.make().spec()).getUsageMessage();
    }

    private int subcommand(String word, String[] arguments) throws Exception {
        Subcommands found = Subcommands.byWord(word);
        if (found == null) {
            String kind = word.startsWith("-") ? "option" : "command";
            throw new UsageException("no " + kind + " '" + word + "'"
                    + (word.startsWith("-")
                            ? Nearest.hint(word, List.of("--help", "--version"))
                            : Nearest.hint(word, Subcommands.words()))
                    + "; 'colla --help' lists all");
        }
        return run(found, arguments, context);
    }

    /** Runs a subcommand with the words behind it. */
    static int run(Subcommands which, String[] arguments, Context context) throws Exception {
        Subcommand subcommand = which.make();
        CommandLine line = CommandLines.of(which.word(), subcommand.spec());
        String[] words = SettingsFlags.complete(arguments, line.getCommandSpec());
        ParseResult parsed = line.parseArgs(subcommand.words(words, line.getCommandSpec()));
        if (parsed.isUsageHelpRequested()) {
            context.out().print(line.getUsageMessage());
            return ExitCode.OK.number();
        }
        return subcommand.run(parsed, context);
    }

    private int complain(ExitCode code, String sentence, Throwable cause, boolean debug) {
        context.err().println("colla: " + sentence);
        if (debug) {
            cause.printStackTrace(context.err());
        }
        return code.number();
    }

    private int internal(Throwable e) {
        PrintStream err = context.err();
        err.println("colla: internal error: " + e);
        Path report = report(e);
        if (report == null) {
            e.printStackTrace(err);
        } else {
            err.println("colla: please report it with the file " + report + " and what you did");
        }
        return ExitCode.INTERNAL.number();
    }

    private static @Nullable Path report(Throwable e) {
        try {
            Path file = Files.createTempFile("colla-error-", ".txt");
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
                out.println(Version.ofProcess().text());
                e.printStackTrace(out);
            }
            return file;
        } catch (IOException unwritable) {
            return null;
        }
    }
}
