package io.colla.pbs;

import io.colla.platform.Commands;
import io.colla.platform.Commands.Answer;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobInfo;
import io.colla.platform.JobStatus;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks qstat about jobs, all of them in one question. OpenPBS tells of ended jobs where the site keeps a history, Torque for some minutes. Jobs that it does not know are
 * complained of, and the others are answered all the same.
 */
final class PbsQueue {
    private final Commands commands;
    private final boolean torque;
    private final String user;

    PbsQueue(Commands commands, boolean torque, String user) {
        this.commands = commands;
        this.torque = torque;
        this.user = user;
    }

    List<JobInfo> mine() throws CommandException {
        List<String> ids = commands.output("qselect", "-u", user)
                .lines()
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .toList();
        return ids.isEmpty() ? List.of() : List.copyOf(query(ids).values());
    }

    Map<String, JobInfo> query(Collection<String> jobs) {
        if (jobs.isEmpty()) {
            return Map.of();
        }
        String reason = "";
        List<PbsJob> told = List.of();
        try {
            Answer answer = ask(jobs);
            told = read(answer.out(), jobs);
            reason = answer.err().isBlank() ? "qstat says nothing of it" : "qstat says: " + answer.words();
        } catch (CommandException e) {
            reason = String.valueOf(e.getMessage());
        }
        Map<String, JobInfo> all = new LinkedHashMap<>();
        for (String job : jobs) {
            List<PbsJob> mine =
                    told.stream().filter(each -> isOf(each.id(), job)).toList();
            all.put(job, mine.isEmpty() ? JobInfo.unknown(job, reasonFor(job, reason)) : put(job, mine));
        }
        return all;
    }

    private static String reasonFor(String job, String reason) {
        return List.of(reason.split("; ")).stream()
                .filter(sentence -> sentence.contains(number(job)))
                .findFirst()
                .map(sentence -> sentence.startsWith("qstat") ? sentence : "qstat says: " + sentence)
                .orElse(reason);
    }

    private Answer ask(Collection<String> jobs) throws CommandException {
        List<String> question = new ArrayList<>(torque ? List.of("-t", "-f") : List.of("-t", "-x", "-f", "-F", "json"));
        question.addAll(jobs);
        return commands.ask("qstat", question);
    }

    private List<PbsJob> read(String out, Collection<String> jobs) throws CommandException {
        if (out.isBlank()) {
            return List.of();
        }
        if (torque) {
            return PbsJob.fromText(out);
        }
        try {
            return PbsJob.fromJson(out);
        } catch (IOException e) {
            // What a job has in its environment can break the JSON; the plain form has the same attributes.
            List<String> question = new ArrayList<>(List.of("-t", "-x", "-f"));
            question.addAll(jobs);
            return PbsJob.fromText(commands.ask("qstat", question).out());
        }
    }

    /** The number before the server's name, with the part of an array: {@code 12}, {@code 12[]}, {@code 12[3]}. */
    private static String local(String id) {
        return id.split("\\.", 2)[0];
    }

    private static String number(String id) {
        return id.split("[^0-9]", 2)[0];
    }

    /** Whether a job that was told of is the one asked for, or a part of it. */
    private static boolean isOf(String told, String asked) {
        String local = local(asked);
        boolean onePart = local.contains("[") && !local.contains("[]");
        return onePart ? local(told).equals(local) : number(told).equals(number(asked));
    }

    /** An array's own entry counts only while it has no parts. */
    private static JobInfo put(String job, List<PbsJob> told) {
        List<PbsJob> parts =
                told.stream().filter(each -> !local(each.id()).contains("[]")).toList();
        return JobInfo.ofParts(
                job,
                (parts.isEmpty() ? told : parts).stream().map(PbsQueue::info).toList());
    }

    private static JobInfo info(PbsJob job) {
        JobStatus status = PbsJobState.meaning(job);
        String nodes = job.get("Resource_List.nodect");
        return new JobInfo(
                job.id(),
                job.get("Job_Name"),
                status,
                status.state().ended() ? exitCode(job) : null,
                job.get("queue"),
                nodes.matches("\\d{1,7}") ? Integer.parseInt(nodes) : 0,
                status.state().ended() ? null : job.end(ZoneId.systemDefault()).orElse(null),
                List.of());
    }

    /** PBS adds 256 to the number of a signal; what it could not run has a number below 0. */
    private static @Nullable Integer exitCode(PbsJob job) {
        String text = job.get("Exit_status").isEmpty() ? job.get("exit_status") : job.get("Exit_status");
        if (!text.matches("\\d{1,6}")) {
            return null;
        }
        int code = Integer.parseInt(text);
        return code > 256 ? 128 + (code - 256) : code;
    }
}
