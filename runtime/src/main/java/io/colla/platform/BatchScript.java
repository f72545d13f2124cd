package io.colla.platform;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The part of a batch script that is the same on all batch systems. The script runs the main command in the background, hands signals on to it, and leaves its
 * exit code in the job's folder, where {@link #exitCodeFile} finds it long after the batch system has forgotten the job.
 */
public final class BatchScript {
    /** Variable that tells the main command which folder is its job's. */
    public static final String FOLDER_VARIABLE = "COLLA_JOB_FOLDER";

    /** Variable with the index of this part of an array. */
    public static final String INDEX_VARIABLE = "COLLA_ARRAY_INDEX";

    private static final String EXIT_CODE = "exit-code";

    private final List<String> lines = new ArrayList<>();
    private final JobRequest request;

    private BatchScript(JobRequest request) {
        this.request = request;
    }

    /**
     * What differs between the batch systems.
     *
     * @param submit the command that submits the script, for people
     * @param directives whole lines for the batch system
     * @param jobId shell expression for the id of the job, of an array as a whole
     * @param arrayIndex shell expression for the index in an array, empty in a plain job
     * @param redirects whether the script must send its output to the file itself
     */
    public record Dialect(String submit, List<String> directives, String jobId, String arrayIndex, boolean redirects) {}

    /** The whole script. */
    public static String of(JobRequest request, Dialect dialect) {
        BatchScript script = new BatchScript(request);
        script.head(dialect);
        script.exitCode();
        script.output(dialect);
        script.preparation();
        script.command();
        return String.join("\n", script.lines) + "\n";
    }

    /**
     * Where the script leaves the exit code of the main command.
     *
     * @param folder the job's
     * @param index in the array; empty for a plain job
     */
    public static Path exitCodeFile(Path folder, String index) {
        return folder.resolve(index.isEmpty() ? EXIT_CODE : EXIT_CODE + "." + index);
    }

    private void head(Dialect dialect) {
        Path folder = request.body().folder();
        lines.add("#!/bin/bash");
        lines.add("# Written by Colla, and kept to be read. To submit it again by hand: " + dialect.submit() + " "
                + ShellWords.quote(folder.resolve("job.sh").toString()).replace("\n", "?"));
        lines.addAll(dialect.directives());
        section("The job's own folder, and the number of this part if the job is an array.");
        lines.add("folder=" + ShellWords.quote(folder.toString()));
        lines.add("job=" + dialect.jobId());
        lines.add("index=" + dialect.arrayIndex());
        lines.add("export " + FOLDER_VARIABLE + "=\"$folder\" " + INDEX_VARIABLE + "=\"$index\"");
    }

    private void exitCode() {
        section("The exit code stays in the job's folder when the batch system has forgotten the job.");
        lines.add("exit_code=$folder/" + EXIT_CODE + "${index:+.$index}");
        lines.add("rm -f -- \"$exit_code\"");
        lines.add(
                "trap 'code=$?; printf \"%s\\n\" \"$code\" >\"$exit_code.new\" && mv -f -- \"$exit_code.new\" \"$exit_code\"' EXIT");
    }

    private void output(Dialect dialect) {
        if (!dialect.redirects()) {
            return;
        }
        section("What the job prints can be read while it runs.");
        lines.add("exec >>" + pattern(request.body().output()) + " 2>&1");
    }

    /** The path with the shell's variables for %j and %a. */
    private static String pattern(String output) {
        StringBuilder out = new StringBuilder();
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < output.length(); i++) {
            char c = output.charAt(i);
            char next = c == '%' && i + 1 < output.length() ? output.charAt(i + 1) : 0;
            if (next == 'j' || next == 'a') {
                out.append(plain.isEmpty() ? "" : ShellWords.quote(plain.toString()));
                plain.setLength(0);
                out.append(next == 'j' ? "\"$job\"" : "\"$index\"");
                i++;
            } else {
                plain.append(c);
                i += next == '%' ? 1 : 0;
            }
        }
        return out.append(plain.isEmpty() ? "" : ShellWords.quote(plain.toString()))
                .toString();
    }

    private void preparation() {
        JobRequest.Body body = request.body();
        section("The folder that it works in.");
        lines.add("cd -- " + ShellWords.quote(body.workDir().toString()) + " || exit 2");
        if (!body.environment().isEmpty()) {
            section("From the shell that it was submitted in.");
            for (Map.Entry<String, String> variable : body.environment().entrySet()) {
                lines.add("export " + variable.getKey() + "=" + ShellWords.quote(variable.getValue()));
            }
        }
        if (!body.steps().before().isEmpty()) {
            section("Before.");
            lines.addAll(body.steps().before());
        }
    }

    private void command() {
        section("Signals are handed on, so that the run can end in order.");
        lines.add("run=");
        lines.add("trap '[ -z \"$run\" ] || kill -USR1 \"$run\"' USR1");
        lines.add("trap '[ -n \"$run\" ] || exit 143; kill -TERM \"$run\"' TERM INT HUP");
        lines.add(ShellWords.quote(request.body().steps().command()) + " &");
        lines.add("run=$!");
        lines.add("wait \"$run\"");
        lines.add("while kill -0 \"$run\" 2>/dev/null; do wait \"$run\"; done # a signal ends the wait, not the run");
        lines.add("wait \"$run\"");
        lines.add("code=$?");
        List<String> after = request.body().steps().after();
        if (!after.isEmpty()) {
            section("After.");
            lines.addAll(after);
        }
        lines.add("exit \"$code\"");
    }

    private void section(String comment) {
        lines.add("");
        lines.add("# " + comment);
    }
}
