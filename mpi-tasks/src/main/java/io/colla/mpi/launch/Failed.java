package io.colla.mpi.launch;

import io.colla.binary.Failures;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds failed ranks in what launchers say. */
final class Failed {

    /**
     * A failure that was found.
     *
     * @param at where in the text
     */
    record Found(int at, RankFailure failure) {}

    private Failed() {}

    /** @param pattern whose groups are the rank and the signal's number */
    static Optional<Found> bySignal(Pattern pattern, String errors) {
        return find(pattern, errors, signal -> "was killed by " + Failures.signal(Integer.parseInt(signal)));
    }

    /** @param pattern whose groups are the rank and a number or name that continues {@code how} */
    static Optional<Found> by(Pattern pattern, String errors, String how) {
        return find(pattern, errors, value -> how + value);
    }

    private static Optional<Found> find(Pattern pattern, String errors, Function<String, String> how) {
        Matcher matcher = pattern.matcher(errors);
        return matcher.find()
                ? Optional.of(new Found(
                        matcher.start(),
                        new RankFailure(Integer.parseInt(matcher.group(1)), how.apply(matcher.group(2)))))
                : Optional.empty();
    }

    /** The one that the text tells of first: the others follow from it. */
    @SafeVarargs
    static Optional<RankFailure> first(Optional<Found>... found) {
        return Stream.of(found)
                .flatMap(Optional::stream)
                .min(Comparator.comparingInt(Found::at))
                .map(Found::failure);
    }
}
