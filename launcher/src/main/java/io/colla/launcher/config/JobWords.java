package io.colla.launcher.config;

import io.colla.api.UsageException;
import io.colla.launcher.Nearest;
import io.colla.platform.JobRequest.Dependency;
import io.colla.platform.JobRequest.Gpus;
import io.colla.platform.JobRequest.Mail;
import io.colla.platform.JobRequest.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parsers for values of options about batch jobs; all throw {@link IllegalArgumentException} or a {@link UsageException} of their own. */
final class JobWords {
    private static final List<String> PART_KEYS =
            List.of("nodes", "cpus-per-node", "mem-per-node", "gpus-per-node", "constraint", "queue");

    private JobWords() {}

    private static final class Forms {
        static final Pattern GPUS = Pattern.compile("(?:([A-Za-z0-9_.-]+):)?(\\d{1,4})");
        static final Pattern DEPENDENCY = Pattern.compile("(?:([a-z]+):)?(\\d[A-Za-z0-9._+\\[\\]-]*)");
        static final Pattern ARRAY = Pattern.compile(
                "\\d{1,8}(?:-\\d{1,8}(?::\\d{1,8})?)?(?:,\\d{1,8}(?:-\\d{1,8}(?::\\d{1,8})?)?)*(?:%\\d{1,6})?");
        static final Pattern RANGE = Pattern.compile("(\\d+)-(\\d+)(?::(\\d+))?");
        static final Pattern MAIL = Pattern.compile("([^\\s:,]+@?[^\\s:,]*)(?::([a-z,]+))?");
    }

    static Gpus gpus(String text) {
        Matcher matcher = match(Forms.GPUS, text);
        return new Gpus(Integer.parseInt(matcher.group(2)), matcher.group(1));
    }

    static Dependency dependency(String text) {
        Matcher matcher = match(Forms.DEPENDENCY, text);
        String word = matcher.group(1);
        Dependency.When when =
                switch (word == null ? "afterok" : word) {
                    case "afterok" -> Dependency.When.SUCCEEDED;
                    case "afterany" -> Dependency.When.ENDED;
                    case "afternotok" -> Dependency.When.FAILED;
                    case "after" -> Dependency.When.STARTED;
                    default -> throw new IllegalArgumentException(text);
                };
        return new Dependency(when, matcher.group(2));
    }

    static String array(String text) {
        match(Forms.ARRAY, text);
        Matcher ranges = Forms.RANGE.matcher(text);
        while (ranges.find()) {
            boolean backwards = Long.parseLong(ranges.group(1)) > Long.parseLong(ranges.group(2));
            if (backwards || "0".equals(ranges.group(3))) {
                throw new IllegalArgumentException(text);
            }
        }
        return text;
    }

    static Mail mail(String text) {
        Matcher matcher = match(Forms.MAIL, text);
        String given = matcher.group(2);
        List<String> words = List.of((given == null ? "end,fail" : given).split(","));
        if (!List.of("begin", "end", "fail").containsAll(words)) {
            throw new IllegalArgumentException(text);
        }
        return new Mail(matcher.group(1), words.contains("begin"), words.contains("end"), words.contains("fail"));
    }

    /** {@code nodes=2,cpus-per-node=4,gpus-per-node=1}. */
    static Part part(String text) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String pair : text.split(",")) {
            String[] sides = pair.split("=", 2);
            String key = sides[0].strip();
            if (!PART_KEYS.contains(key)) {
                throw new UsageException("--part " + text + ": there is no '" + key + "'" + Nearest.hint(key, PART_KEYS)
                        + "; known are " + String.join(", ", PART_KEYS));
            }
            if (sides.length < 2 || sides[1].isBlank() || given.put(key, sides[1].strip()) != null) {
                throw new IllegalArgumentException(text);
            }
        }
        return new Part(
                count(given.getOrDefault("nodes", "1")),
                given.containsKey("cpus-per-node") ? count(given.get("cpus-per-node")) : 0,
                given.containsKey("mem-per-node") ? Quantities.bytes(given.get("mem-per-node")) : 0,
                given.containsKey("gpus-per-node") ? gpus(given.get("gpus-per-node")) : Gpus.NONE,
                given.get("constraint"),
                given.get("queue"));
    }

    private static int count(String text) {
        int count = Integer.parseInt(text);
        if (count < 1) {
            throw new IllegalArgumentException(text);
        }
        return count;
    }

    private static Matcher match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        return matcher;
    }
}
