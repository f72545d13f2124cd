package io.colla.pbs;

import io.colla.api.UsageException;
import io.colla.platform.BatchScript;
import io.colla.platform.JobRequest;
import io.colla.platform.JobRequest.Dependency;
import io.colla.platform.JobRequest.Mail;
import io.colla.platform.JobRequest.Part;
import io.colla.platform.JobRequest.Place;
import io.colla.platform.JobRequest.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The batch script for OpenPBS and PBS Professional, or for Torque: {@code #PBS} lines (qsub(1) of each). The script sends its output to the file itself, since PBS brings it only when the
 * job has ended; what PBS itself has to say of the job goes to a file in the job's folder.
 */
final class PbsScript {
    private static final String ID = "${PBS_JOBID%%[.\\[]*}";
    private static final String INDEX = "${PBS_ARRAY_INDEX:-${PBS_ARRAYID:-}}";
    /** Of the name of a job; longer ones were refused before PBS Professional 13 (236) and by Torque at all times. */
    private static final int LONGEST_NAME = 15;

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./*\\[\\]&|()^-]+");
    private static final long KIB = 1 << 10;

    private final JobRequest request;
    private final boolean torque;
    private final List<String> lines = new ArrayList<>();

    private PbsScript(JobRequest request, boolean torque) {
        this.request = request;
        this.torque = torque;
    }

    static String of(JobRequest request, boolean torque) {
        PbsScript script = new PbsScript(request, torque);
        script.directives();
        return BatchScript.of(request, new BatchScript.Dialect("qsub", script.lines, ID, INDEX, true));
    }

    private void directives() {
        option("-N", name(request.name()));
        option("-S", "/bin/bash");
        option("-j", "oe");
        boolean parts = request.terms().array() != null && !torque; // Torque numbers the files itself
        option("-o", request.body().folder() + (parts ? "/pbs-messages.^array_index^.txt" : "/pbs-messages.txt"));
        resources();
        place(request.place());
        terms(request.terms());
    }

    /** With letters that all PBSs allow. */
    static String name(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_.-]", "_");
        String begun = plain.isEmpty() || !Character.isLetter(plain.charAt(0)) ? "j" + plain : plain;
        return begun.length() > LONGEST_NAME ? begun.substring(0, LONGEST_NAME) : begun;
    }

    private void resources() {
        for (Part part : request.parts()) {
            if (part.queue() != null) {
                throw new UsageException(
                        "PBS has one queue for all parts of a job; name it with --queue, not in --part");
            }
        }
        option(
                "-l",
                (torque ? "nodes=" : "select=")
                        + request.parts().stream()
                                .map(torque ? this::nodes : PbsScript::select)
                                .collect(Collectors.joining("+")));
        boolean exclusive = request.terms().exclusive();
        if (exclusive && request.parts().stream().anyMatch(part -> part.cpus() == 0)) {
            throw new UsageException(
                    "PBS gives a job no more cores than it asks for, with --exclusive too; say how many with --cpus-per-node");
        }
        if (torque) {
            torqueMemory();
            if (exclusive) {
                option("-l", "naccesspolicy=singlejob");
            }
        } else {
            option("-l", "place=scatter" + (exclusive ? ":excl" : ""));
        }
        Duration time = request.terms().time();
        if (time != null) {
            option("-l", "walltime=" + clock(time));
        }
    }

    /** One chunk is one node, as chunks are scattered. */
    private static String select(Part part) {
        StringBuilder chunk =
                new StringBuilder().append(part.nodes()).append(":ncpus=").append(Math.max(1, part.cpus()));
        if (part.memory() > 0) {
            chunk.append(":mem=").append(kib(part.memory()));
        }
        if (part.gpus().count() > 0) {
            chunk.append(":ngpus=").append(part.gpus().count());
        }
        String type = part.gpus().type();
        if (type != null) {
            chunk.append(":gpu_type=").append(type);
        }
        String constraint = part.constraint();
        if (constraint != null) {
            chunk.append(':').append(constraint.contains("=") ? constraint : constraint + "=True");
        }
        return chunk.toString();
    }

    private String nodes(Part part) {
        StringBuilder nodes =
                new StringBuilder().append(part.nodes()).append(":ppn=").append(Math.max(1, part.cpus()));
        if (part.gpus().count() > 0) {
            nodes.append(":gpus=").append(part.gpus().count());
        }
        if (part.gpus().type() != null) {
            nodes.append(':').append(part.gpus().type());
        }
        if (part.constraint() != null) {
            nodes.append(':').append(part.constraint());
        }
        return nodes.toString();
    }

    /** Torque knows memory per process only, which has to be the same everywhere. */
    private void torqueMemory() {
        List<String> memory = request.parts().stream()
                .map(part -> part.memory() == 0 ? "" : kib(part.memory() / Math.max(1, part.cpus())))
                .distinct()
                .toList();
        if (memory.size() > 1) {
            throw new UsageException(
                    "Torque gives each core of a job the same memory, and the parts ask for different amounts; leave out mem-per-node or"
                            + " make it equal per core");
        }
        if (!memory.get(0).isEmpty()) {
            option("-l", "pmem=" + memory.get(0));
        }
    }

    private void place(Place place) {
        if (place.queue() != null && place.reservation() != null && !torque) {
            throw new UsageException("a reservation of PBS is a queue: leave out --queue or --reservation");
        }
        option("-q", place.queue());
        option("-A", place.account());
        if (place.qos() != null && !torque) {
            throw new UsageException("PBS has no quality of service; leave out --qos, and choose a queue with --queue");
        }
        option("-l", place.qos() == null ? null : "qos=" + place.qos());
        if (torque) {
            option("-l", place.reservation() == null ? null : "advres=" + place.reservation());
            option("-l", place.licenses() == null ? null : "gres=" + place.licenses());
        } else {
            option("-q", place.reservation());
            option("-l", place.licenses() == null ? null : licenses(place.licenses()));
        }
    }

    /** {@code matlab:2} is a resource of the site's, {@code matlab=2}. */
    private static String licenses(String licenses) {
        return List.of(licenses.split(",")).stream()
                .map(each -> each.contains(":") ? each.replaceFirst(":", "=") : each + "=1")
                .collect(Collectors.joining(","));
    }

    private void terms(Terms terms) {
        if (terms.array() == null || torque) { // OpenPBS's arrays can always be started again
            option("-r", terms.requeue() ? "y" : "n");
        }
        if (!terms.dependencies().isEmpty()) {
            option(
                    "-W",
                    "depend="
                            + terms.dependencies().stream()
                                    .map(this::dependency)
                                    .collect(Collectors.joining(",")));
        }
        String array = terms.array();
        if (array != null) {
            option(torque ? "-t" : "-J", torque ? PbsArrays.torque(array) : PbsArrays.openPbs(array));
        }
        Mail mail = terms.mail();
        option(
                "-m",
                mail == null ? "n" : (mail.fail() ? "a" : "") + (mail.begin() ? "b" : "") + (mail.end() ? "e" : ""));
        option("-M", mail == null ? null : mail.address());
        terms.extra().forEach(flag -> lines.add("#PBS " + oneLine(flag)));
    }

    private String dependency(Dependency dependency) {
        String array = torque && dependency.job().contains("[]") ? "array" : "";
        String type =
                switch (dependency.when()) {
                    case STARTED -> "after";
                    case SUCCEEDED -> "afterok";
                    case FAILED -> "afternotok";
                    case ENDED -> "afterany";
                };
        return type + array + ":" + dependency.job();
    }

    private static String kib(long bytes) {
        return (bytes + KIB - 1) / KIB + "kb";
    }

    private static String clock(Duration time) {
        long seconds = time.toSeconds() + (time.toNanosPart() > 0 ? 1 : 0);
        return String.format("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private void option(String flag, @Nullable String value) {
        if (value != null) {
            lines.add("#PBS " + flag + " " + quote(oneLine(value)));
        }
    }

    private static String quote(String value) {
        if (PLAIN.matcher(value).matches()) {
            return value;
        }
        if (value.contains("\"")) {
            throw new UsageException("PBS's options cannot have a double quote: '" + value + "'; write it without");
        }
        return "\"" + value + "\"";
    }

    private static String oneLine(String value) {
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new UsageException("'" + value.replaceAll("[\\n\\r\\x00]+", " ")
                    + "' has a line break, which PBS's options cannot have; write it in one line");
        }
        return value;
    }
}
