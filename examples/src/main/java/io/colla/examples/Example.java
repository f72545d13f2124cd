package io.colla.examples;

import io.colla.api.CollaException;
import io.colla.api.UsageException;
import java.io.PrintStream;

/**
 * One example as a program.
 *
 * @param name what {@link Main} calls it
 * @param usage its command line after the name
 * @param purpose one sentence
 * @param body what it does
 */
public record Example(String name, String usage, String purpose, Body body) {
    /** Exit code: what it was asked to do was done. */
    public static final int DONE = 0;
    /** Exit code: it failed, or a result was wrong. */
    public static final int FAILED = 1;
    /** Exit code: the command line or an input is wrong. */
    public static final int BAD_USAGE = 2;

    /** The work of an example; the result goes to {@code out}. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs to the end.
         *
         * @throws UsageException if the command line or an input is wrong
         * @throws WrongResultException if the result is not what it should be
         */
        void run(CommandLine line, PrintStream out) throws Exception;
    }

    /**
     * Runs it and returns its exit code; what went wrong is said on {@code err}.
     *
     * @throws CollaException if a task failed, or the run was ended: {@code colla run} says it, and has an exit code for it
     */
    public int run(String[] args, PrintStream out, PrintStream err) {
        try {
            body.run(new CommandLine(args), out);
            return DONE;
        } catch (UsageException e) {
            err.println(name + ": " + e.getMessage());
            err.println("usage: " + name + " " + usage);
            return BAD_USAGE;
        } catch (WrongResultException e) {
            err.println(name + ": " + e.getMessage());
            return FAILED;
        } catch (CollaException e) {
            throw e;
        } catch (Exception e) {
            e.printStackTrace(err);
            return FAILED;
        }
    }

    /** Runs it as this process's program, which ends with the exit code if that is not 0. */
    public void main(String[] args) {
        int code = run(args, System.out, System.err);
        if (code != DONE) {
            System.exit(code);
        }
    }
}
