package io.colla.pbs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job as qstat tells it.
 *
 * @param attributes by name; parts of an attribute after a dot: {@code Resource_List.walltime}
 */
record PbsJob(String id, Map<String, String> attributes) {
    private static final Pattern HEADING = Pattern.compile("Job Id: ?(\\S+)");
    private static final Pattern ATTRIBUTE = Pattern.compile(" {4}([A-Za-z][\\w.-]*) = ?(.*)");
    private static final DateTimeFormatter CTIME =
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ENGLISH);

    /** Not quite JSON: qstat writes environment variables of the job as it finds them, with leading zeros and all kinds of backslashes. */
    private static final JsonFactory LENIENT = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /**
     * Reads {@code qstat -f -F json}.
     *
     * @throws IOException if it is no JSON, or not of PBS
     */
    static List<PbsJob> fromJson(String text) throws IOException {
        Map<String, Map<String, String>> jobs = new LinkedHashMap<>();
        boolean pbs = false;
        try (JsonParser parser = LENIENT.createParser(text)) {
            List<String> path = new ArrayList<>();
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    path.add(String.valueOf(parser.currentName()));
                } else if (token == JsonToken.END_OBJECT) {
                    path.remove(path.size() - 1);
                } else if (token.isScalarValue()) {
                    pbs |= path.size() == 1 && "pbs_version".equals(parser.currentName());
                    keep(path, String.valueOf(parser.currentName()), parser.getText(), jobs);
                }
            }
        }
        if (!pbs) {
            throw new IOException("it has no pbs_version");
        }
        return jobs.entrySet().stream()
                .map(job -> new PbsJob(job.getKey(), job.getValue()))
                .toList();
    }

    /** The path begins with the unnamed whole; below a job, objects are attributes with parts. */
    private static void keep(List<String> path, String name, String value, Map<String, Map<String, String>> jobs) {
        if (path.size() < 3 || !path.get(1).equals("Jobs")) {
            return;
        }
        String attribute = String.join(".", path.subList(3, path.size())) + (path.size() > 3 ? "." : "") + name;
        jobs.computeIfAbsent(path.get(2), id -> new LinkedHashMap<>()).put(attribute, value);
    }

    /** Reads {@code qstat -f}: an attribute a line, continued by lines that begin with a tab. */
    static List<PbsJob> fromText(String text) {
        List<PbsJob> jobs = new ArrayList<>();
        for (String line : text.replace("\n\t", "").split("\n")) {
            Matcher heading = HEADING.matcher(line);
            Matcher attribute = ATTRIBUTE.matcher(line);
            if (heading.matches()) {
                jobs.add(new PbsJob(heading.group(1), new LinkedHashMap<>()));
            } else if (attribute.matches() && !jobs.isEmpty()) {
                jobs.get(jobs.size() - 1)
                        .attributes
                        .put(attribute.group(1), attribute.group(2).strip());
            }
        }
        return jobs;
    }

    /** Empty when it is not said. */
    String get(String attribute) {
        return attributes.getOrDefault(attribute, "");
    }

    /** When PBS will end it: its start and its walltime, which may have been changed since it was submitted. */
    Optional<Instant> end(ZoneId zone) {
        String start = get("stime").isEmpty() ? get("start_time") : get("stime");
        long seconds = Sizes.seconds(get("Resource_List.walltime"));
        if (seconds < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.parse(start.strip().replaceAll("\\s+", " "), CTIME)
                    .atZone(zone)
                    .toInstant()
                    .plusSeconds(seconds));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
