package io.colla.pbs;

import io.colla.api.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Indices of arrays in the dialects of PBS. */
final class PbsArrays {
    private static final Pattern STEPS = Pattern.compile("(\\d+)-(\\d+):(\\d+)");
    private static final Pattern RANGE = Pattern.compile("(\\d+)-(\\d+)(:\\d+)?(%\\d+)?");

    private PbsArrays() {}

    /** OpenPBS knows one range, with a step and a number that may run at a time. */
    static String openPbs(String array) {
        Matcher range = RANGE.matcher(array);
        if (!range.matches() || Long.parseLong(range.group(1)) >= Long.parseLong(range.group(2))) {
            throw new UsageException(
                    "--array " + array
                            + ": OpenPBS knows one range of several indices, such as 1-10 or 1-9:2; submit the rest as further jobs");
        }
        return array;
    }

    /** Torque knows lists of ranges, without steps. */
    static String torque(String array) {
        String[] limited = array.split("%", 2);
        List<String> terms = new ArrayList<>();
        for (String term : limited[0].split(",")) {
            Matcher steps = STEPS.matcher(term);
            if (steps.matches()) {
                long last = Long.parseLong(steps.group(2));
                long step = Long.parseLong(steps.group(3));
                for (long i = Long.parseLong(steps.group(1)); i <= last; i += step) {
                    terms.add(Long.toString(i));
                }
            } else {
                terms.add(term);
            }
        }
        return String.join(",", terms) + (limited.length > 1 ? "%" + limited[1] : "");
    }
}
