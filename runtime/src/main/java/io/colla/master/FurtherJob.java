package io.colla.master;

import io.colla.master.elastic.Situation.Stage;
import io.colla.platform.JobInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One batch job that a run has submitted, from then to its end. Guarded by its {@link FurtherJobs}. */
final class FurtherJob {
    /** A worker of the job. */
    record Member(int worker, String node, int cores) {}

    final int number;
    /** The batch system's. */
    final String id;

    final long submitted;
    Stage stage = Stage.QUEUED;
    final Map<Integer, Member> members = new LinkedHashMap<>();
    JobInfo info;
    boolean joined;
    /** Asked to end by us. */
    boolean dismissed;
    /** When its workers begin nothing more, and when they must be gone; null when nothing ends it, as far as is known. */
    @Nullable
    Instant lastStart;

    @Nullable
    Instant end;

    boolean idle;
    long idleSince;
    boolean evicted;
    /** When it was seen to have no worker any more. */
    long emptySince;
    /** How often the batch system has known nothing of it, one after the other. */
    int silent;

    FurtherJob(int number, String id, long now) {
        this.number = number;
        this.id = id;
        this.submitted = now;
        this.idleSince = now;
        this.info = JobInfo.unknown(id, "");
    }

    /** The moment with a part of the margin left, such as a half (2); never when nothing ends the job. */
    Instant beforeEnd(int part) {
        Instant last = lastStart;
        Instant limit = end;
        return last == null || limit == null
                ? Instant.MAX
                : limit.minus(Duration.between(last, limit).dividedBy(part));
    }

    /** How people know it. */
    String label() {
        return "job " + id;
    }
}
