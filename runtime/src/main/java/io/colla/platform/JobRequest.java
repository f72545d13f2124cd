package io.colla.platform;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A batch job as a person wants it, in words that all batch systems share. A batch system that cannot do a part of it says so when it is asked for the
 * script.
 *
 * @param name for the queue's lists; may hold any character but control characters, which systems that allow fewer replace
 * @param parts at least one; several make a job of different nodes (heterogeneous)
 */
public record JobRequest(String name, List<Part> parts, Place place, Terms terms, Body body) {
    public JobRequest {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a job needs a part");
        }
    }

    /** All nodes of all parts. */
    public int nodes() {
        return parts.stream().mapToInt(Part::nodes).sum();
    }

    /**
     * Nodes that are alike.
     *
     * @param nodes how many, 1 at least
     * @param cpus on each; 0: what the batch system gives when nobody says
     * @param memory bytes on each; 0: what the batch system gives when nobody says
     * @param gpus on each; {@link Gpus#NONE} for none
     * @param constraint what the nodes must have, as the site names it; null for anything
     * @param queue of this part alone; null for the job's
     */
    public record Part(
            int nodes, int cpus, long memory, Gpus gpus, @Nullable String constraint, @Nullable String queue) {
        public Part(int nodes, int cpus, long memory) {
            this(nodes, cpus, memory, Gpus.NONE, null, null);
        }
    }

    /**
     * @param type as the site names it; null for any
     */
    public record Gpus(int count, @Nullable String type) {
        public static final Gpus NONE = new Gpus(0, null);
    }

    /** Where it is queued and who pays; null where the batch system is to choose. */
    public record Place(
            @Nullable String queue,
            @Nullable String account,
            @Nullable String qos,
            @Nullable String reservation,
            @Nullable String licenses) {
        public static final Place ANY = new Place(null, null, null, null, null);
    }

    /**
     * @param time after which the batch system ends it; null for the queue's own limit
     * @param exclusive whether it has its nodes for itself
     * @param requeue whether the batch system may start it again, such as after a node's death
     * @param dependencies what must have happened before it starts
     * @param array its indices, {@code 1-10}, {@code 1-9:2}, {@code 1,4,7}, with {@code %3} at the end for three at a time; null for a plain job
     * @param mail null for none
     * @param extra further flags for the batch system, as it wants them written
     */
    public record Terms(
            @Nullable Duration time,
            boolean exclusive,
            boolean requeue,
            List<Dependency> dependencies,
            @Nullable String array,
            @Nullable Mail mail,
            List<String> extra) {
        public Terms {
            dependencies = List.copyOf(dependencies);
            extra = List.copyOf(extra);
        }

        /** A plain job with this limit. */
        public static Terms of(@Nullable Duration time) {
            return new Terms(time, false, false, List.of(), null, null, List.of());
        }
    }

    /** One job that must come first. */
    public record Dependency(When when, String job) {
        /** What must have become of it. */
        public enum When {
            STARTED,
            SUCCEEDED,
            FAILED,
            ENDED
        }
    }

    /** Letters about the job. */
    public record Mail(String address, boolean begin, boolean end, boolean fail) {}

    /**
     * What it does.
     *
     * @param folder absolute; the job's own: the script, the exit code
     * @param workDir absolute; the folder in which the commands run
     * @param output absolute path of the file for what it prints, with {@code %j} for the job's id, {@code %a} for the array's index and {@code %%} for %
     * @param environment variables to set, with their values
     * @param steps what is run
     */
    public record Body(Path folder, Path workDir, String output, Map<String, String> environment, Steps steps) {
        public Body {
            environment = Collections.unmodifiableMap(new TreeMap<>(environment));
        }
    }

    /**
     * @param before lines of shell that prepare the main command: environment scripts, prologues
     * @param command the main command, word by word; signals are handed on to it and its exit code is the job's
     * @param after lines of shell that run when it has ended
     */
    public record Steps(List<String> before, List<String> command, List<String> after) {
        public Steps {
            before = List.copyOf(before);
            command = List.copyOf(command);
            after = List.copyOf(after);
        }
    }
}
