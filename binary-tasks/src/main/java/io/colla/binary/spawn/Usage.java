package io.colla.binary.spawn;

import java.time.Duration;

/**
 * What a program and the descendants it waited for consumed, as the kernel counted it (getrusage(2)).
 *
 * @param user CPU time in user mode
 * @param system CPU time in the kernel
 * @param maxResidentBytes the largest resident set of any one of the processes
 */
public record Usage(Duration user, Duration system, long maxResidentBytes) {

    /** For spawners that cannot know. */
    public static final Usage UNKNOWN = new Usage(Duration.ZERO, Duration.ZERO, 0);

    static Usage ofMicros(long user, long system, long maxResidentKilobytes) {
        return new Usage(Duration.ofNanos(user * 1000), Duration.ofNanos(system * 1000), maxResidentKilobytes * 1024);
    }
}
