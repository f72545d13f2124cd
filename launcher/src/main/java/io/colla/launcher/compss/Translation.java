package io.colla.launcher.compss;

import io.colla.platform.ShellWords;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command line means in our words.
 *
 * @param setup lines of shell that come before the program: scripts that are sourced, variables, prologs
 * @param after lines of shell that come after it
 * @param submit flags of {@code colla submit}
 * @param run flags of {@code colla run}
 * @param program the program and its arguments, with what names it for {@code colla run}
 * @param command a command that the job runs in the place of {@code colla run} and a program; empty for a program
 * @param site name of the site's profile; empty when none was given
 * @param warnings one sentence each about what has no effect
 * @param asked what is to be done
 */
public record Translation(
        List<String> setup,
        List<String> after,
        List<String> submit,
        List<String> run,
        List<String> program,
        List<String> command,
        String site,
        List<String> warnings,
        Asked asked) {
    /** What a command line is for. */
    public enum Asked {
        HELP,
        VERSION,
        SHOW,
        DO
    }

    public Translation {
        setup = List.copyOf(setup);
        after = List.copyOf(after);
        submit = List.copyOf(submit);
        run = List.copyOf(run);
        program = List.copyOf(program);
        command = List.copyOf(command);
        warnings = List.copyOf(warnings);
    }

    /** The words behind {@code colla run}. */
    public List<String> runWords() {
        List<String> words = new ArrayList<>(run);
        words.addAll(program);
        return words;
    }

    /** The words behind {@code colla submit}. */
    public List<String> submitWords() {
        List<String> words = new ArrayList<>(submit);
        setup.forEach(line -> words.add("--before=" + line));
        after.forEach(line -> words.add("--after=" + line));
        words.addAll(runWords());
        return words;
    }

    /** A script for a shell that does it here: what is to be set first, and the run. */
    public String script(String colla) {
        List<String> words = new ArrayList<>(List.of(colla, "run"));
        words.addAll(runWords());
        StringBuilder text = new StringBuilder();
        setup.forEach(line -> text.append(line).append('\n'));
        return text.append("exec ").append(ShellWords.quote(words)).append('\n').toString();
    }
}
