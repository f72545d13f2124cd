package io.colla.pbs;

import io.colla.platform.Commands;
import io.colla.platform.Commands.Answer;
import io.colla.platform.Commands.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Asks qstat about jobs, and finds out whose qstat it is. Thread-safe. */
public final class Qstat {
    private static final Pattern TORQUE = Pattern.compile("(?m)^\\s*version:? *=? *\\d", Pattern.CASE_INSENSITIVE);
    private static final Pattern GRID_ENGINE = Pattern.compile("(?m)grid engine|^(SGE|OGS/GE|UGE|AGE|GE) \\d");
    private static final int HEAD = 1 << 16;

    /** Whose program a qstat is. */
    public enum Maker {
        /** OpenPBS or PBS Professional. */
        PBS("OpenPBS's"),
        TORQUE("Torque's"),
        /** A script of Slurm that shows Slurm's jobs in PBS's form. */
        SLURM("Slurm's imitation of it"),
        GRID_ENGINE("Grid Engine's"),
        UNKNOWN("not PBS's"),
        /** There is none. */
        NONE("missing");

        private final String words;

        Maker(String words) {
            this.words = words;
        }

        /** After "it is". */
        public String words() {
            return words;
        }

        /** Whether it knows jobs of PBS. */
        public boolean isPbs() {
            return this == PBS || this == TORQUE;
        }
    }

    private final Commands commands;
    private final Map<String, String> environment;

    public Qstat(Map<String, String> environment) {
        this.environment = PbsCommands.withFolder(environment);
        this.commands = new Commands(this.environment);
    }

    /**
     * The job; of an array its parts too, where qstat gives them.
     *
     * @param history whether ended jobs are asked for too, where qstat makes a difference
     * @throws CommandException if nothing useful is answered; the message says why
     */
    List<PbsJob> jobs(String job, boolean history) throws CommandException {
        List<String> question = new ArrayList<>(history ? List.of("-x", "-f", job) : List.of("-f", job));
        List<String> asJson = new ArrayList<>(question);
        asJson.addAll(question.size() - 1, List.of("-F", "json"));
        Answer json = commands.ask("qstat", asJson);
        if (json.code() == 0) {
            try {
                return found(job, PbsJob.fromJson(json.out()));
            } catch (IOException e) {
                // What a job has in its environment can break the JSON; the plain form has the same attributes.
                return found(job, plain(question));
            }
        }
        Maker maker = maker();
        if (maker == Maker.TORQUE) {
            return found(job, plain(List.of("-f", job))); // there, -x is XML, and ended jobs are always shown
        }
        if (!maker.isPbs()) {
            throw new CommandException(sentence(maker));
        }
        throw new CommandException("qstat says: " + json.words());
    }

    private List<PbsJob> plain(List<String> question) throws CommandException {
        return PbsJob.fromText(commands.output("qstat", question.toArray(String[]::new)));
    }

    private List<PbsJob> found(String job, List<PbsJob> jobs) throws CommandException {
        if (jobs.isEmpty()) {
            Maker maker = maker();
            throw new CommandException(maker.isPbs() ? "qstat says nothing of job " + job : sentence(maker));
        }
        return jobs;
    }

    /** What is wrong with this maker's qstat. */
    private String sentence(Maker maker) {
        return "the qstat on the PATH ("
                + Commands.find("qstat", environment).map(Path::toString).orElse("?") + ") is " + maker.words();
    }

    /** Finds out by looking at it, and by what it says of itself. Blocks for 10 s at most. */
    public Maker maker() {
        Path program = Commands.find("qstat", environment).orElse(null);
        if (program == null) {
            return Maker.NONE;
        }
        if (isScriptOf(program, "slurm")) {
            return Maker.SLURM;
        }
        try {
            Answer version = commands.ask("qstat", List.of("--version"));
            String words = version.out() + "\n" + version.err();
            if (words.contains("pbs_version")) {
                return Maker.PBS;
            }
            if (GRID_ENGINE.matcher(words).find()) {
                return Maker.GRID_ENGINE;
            }
            return version.code() == 0 && TORQUE.matcher(words).find() ? Maker.TORQUE : Maker.UNKNOWN;
        } catch (CommandException e) {
            return Maker.UNKNOWN;
        }
    }

    private static boolean isScriptOf(Path program, String word) {
        try (var stream = Files.newInputStream(program)) {
            String head = new String(stream.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
            return head.startsWith("#!") && head.toLowerCase(Locale.ROOT).contains(word);
        } catch (IOException e) {
            return false;
        }
    }
}
