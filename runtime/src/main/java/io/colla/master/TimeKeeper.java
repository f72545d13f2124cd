package io.colla.master;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run in order before its job's time is over: a while before, workers begin nothing more; what runs may end until half of that while is left. Also when
 * nothing that waits would end in time. Pure but for what it is told; called by one thread.
 */
final class TimeKeeper {
    private static final Duration LEAST = Duration.ofSeconds(5);
    private static final Duration MOST = Duration.ofSeconds(60);
    /** How long nothing must have been possible before a run is ended early. */
    private static final Duration SURE = Duration.ofSeconds(2);

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    /**
     * How it stands.
     *
     * @param running tasks that workers have
     * @param left tasks that are not over
     * @param stuck whether none of those that wait could end in time anywhere, now or later
     */
    record State(int running, int left, boolean stuck) {}

    private final String job;
    private final Instant end;
    private final Duration margin;
    private @Nullable Instant stuckSince;
    private boolean draining;
    private boolean over;

    /** @param job how people know it */
    TimeKeeper(String job, Instant end, Instant now) {
        this.job = job;
        this.end = end;
        this.margin = margin(Duration.between(now, end));
    }

    /** A tenth of the time, but five seconds at least and a minute at most: as long before its end a job is warned. */
    static Duration margin(Duration whole) {
        Duration tenth = whole.dividedBy(10);
        return tenth.compareTo(LEAST) < 0 ? LEAST : tenth.compareTo(MOST) > 0 ? MOST : tenth;
    }

    /** When workers begin nothing more. */
    Instant lastStart() {
        return end.minus(margin);
    }

    /** The batch system's warning. @return whether the end is near, so that it is being prepared for; else the warning must mean something else */
    boolean warned(Instant now) {
        boolean near = Duration.between(now, end).compareTo(margin.multipliedBy(2)) <= 0;
        draining |= near;
        return near;
    }

    boolean isDraining(Instant now) {
        draining |= !now.isBefore(lastStart());
        return draining;
    }

    /** Why the run is to end now; null when it is not. Says so once. */
    @Nullable
    String whyOver(State state, Instant now) {
        if (over) {
            return null;
        }
        boolean late = !now.isBefore(end.minus(margin.dividedBy(2)));
        boolean idle = isDraining(now) && state.running() == 0 && state.left() > 0;
        boolean hopeless = isHopeless(state, now);
        over = late || idle || hopeless;
        return over ? sentence(state, now, hopeless && !late && !idle) : null;
    }

    private boolean isHopeless(State state, Instant now) {
        boolean stuck = state.stuck() && state.running() == 0 && state.left() > 0;
        if (!stuck) {
            stuckSince = null;
            return false;
        }
        Instant since = stuckSince == null ? now : stuckSince;
        stuckSince = since;
        return Duration.between(since, now).compareTo(SURE) >= 0;
    }

    private String sentence(State state, Instant now, boolean tooLong) {
        StringBuilder words = new StringBuilder("the run ends in order, since ")
                .append(job)
                .append(" ends at ")
                .append(CLOCK.format(end.atZone(ZoneId.systemDefault())))
                .append(" (in ")
                .append(Math.max(0, Duration.between(now, end).toSeconds()))
                .append(" s)");
        int waiting = Math.max(0, state.left() - state.running());
        if (waiting > 0) {
            words.append(waiting == 1 ? "; 1 task was not begun" : "; " + waiting + " tasks were not begun");
            words.append(tooLong ? ", as those that are next take longer than that" : "");
        }
        if (state.running() > 0) {
            words.append("; ")
                    .append(state.running())
                    .append(state.running() == 1 ? " task is broken off" : " tasks are broken off");
        }
        return words.append(". What is written stays; give the job more time (--time)"
                        + (state.left() > 0 ? ", or let the run submit further jobs (--max-jobs)" : ""))
                .toString();
    }
}
