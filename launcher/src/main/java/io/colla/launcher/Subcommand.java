package io.colla.launcher;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One word after {@code colla}. */
interface Subcommand {
    /** Its options and help; not for options that all have. */
    CommandSpec spec();

    /**
     * The words of its command line, made fit for the parser.
     *
     * @param spec with all options
     */
    default String[] words(String[] given, CommandSpec spec) {
        return given;
    }

    /**
     * Does it.
     *
     * @return the exit code
     * @throws io.colla.api.UsageException for what the person did wrong
     * @throws Exception our own errors
     */
    int run(ParseResult line, Context context) throws Exception;
}
