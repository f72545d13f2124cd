package io.colla.mpi.launch;

import io.colla.binary.Failures;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds failed ranks in what launchers say. */
final class Failed {
    private Failed() {}

    /** @param pattern whose groups are the rank and the signal's number */
    static Optional<RankFailure> bySignal(Pattern pattern, String errors) {
        Matcher matcher = pattern.matcher(errors);
        return matcher.find()
                ? Optional.of(new RankFailure(
                        Integer.parseInt(matcher.group(1)),
                        "was killed by " + Failures.signal(Integer.parseInt(matcher.group(2)))))
                : Optional.empty();
    }

    /** @param pattern whose groups are the rank and a number */
    static Optional<RankFailure> byNumber(Pattern pattern, String errors, String how) {
        Matcher matcher = pattern.matcher(errors);
        return matcher.find()
                ? Optional.of(new RankFailure(Integer.parseInt(matcher.group(1)), how + matcher.group(2)))
                : Optional.empty();
    }
}
