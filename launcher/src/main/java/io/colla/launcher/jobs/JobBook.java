package io.colla.launcher.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.colla.api.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The jobs that a person has submitted with Colla: a small file for each in {@code ~/.colla/jobs}, which all nodes usually see. */
public final class JobBook {
    private static final String ENDING = ".json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path folder;

    JobBook(Path folder) {
        this.folder = folder;
    }

    /** The person's. */
    public static JobBook of(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
        return new JobBook(Path.of(home, ".colla", "jobs"));
    }

    /** @throws UsageException if it cannot be written; the job is submitted all the same */
    void add(JobRecord record) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("system", record.system());
        node.put("id", record.id());
        node.put("name", record.name());
        node.put("folder", record.folder());
        node.put("output", record.output());
        node.put("array", record.array());
        node.put("submitted", record.submitted().toString());
        Path file = file(record.id());
        try {
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, ".new", "");
            Files.writeString(fresh, node.toPrettyString() + "\n");
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UsageException(
                    "job " + record.id() + " is submitted, but " + file + " could not be written (" + e.getMessage()
                            + "), so that 'colla jobs' and 'colla logs' will not know it",
                    e);
        }
    }

    /** By its id; a number alone finds {@code 12.server} too, and a part's id its array. */
    public Optional<JobRecord> find(String id) {
        Path exact = file(id);
        if (Files.exists(exact)) {
            return read(exact);
        }
        String number = number(id);
        return all().stream()
                .filter(record -> number(record.id()).equals(number))
                .findFirst();
    }

    /** {@code 12} of {@code 12.server}, {@code 12[].server}, {@code 12[3].server}, {@code 12_3} and {@code 12+1}. */
    static String number(String id) {
        return id.split("[^0-9]", 2)[0];
    }

    /** The newest first. */
    public List<JobRecord> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<JobRecord> records = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(ENDING))
                    .forEach(file -> read(file).ifPresent(records::add));
        } catch (IOException e) {
            throw new UsageException("cannot read " + folder + ": " + e.getMessage(), e);
        }
        records.sort(Comparator.comparing(JobRecord::submitted).reversed());
        return records;
    }

    /** Does nothing when it is not there. */
    public void remove(String id) {
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            throw new UsageException("cannot remove " + file(id) + ": " + e.getMessage(), e);
        }
    }

    private Path file(String id) {
        return folder.resolve(id.replaceAll("[^A-Za-z0-9._\\[\\]+-]", "_") + ENDING);
    }

    /** Empty for a file that is no record, or from which another version of Colla expects more. */
    private static Optional<JobRecord> read(Path file) {
        try {
            JsonNode node = MAPPER.readTree(Files.readString(file));
            if (!node.hasNonNull("id") || !node.hasNonNull("system")) {
                return Optional.empty();
            }
            return Optional.of(new JobRecord(
                    node.path("system").asText(),
                    node.path("id").asText(),
                    node.path("name").asText(),
                    node.path("folder").asText(),
                    node.path("output").asText(),
                    node.path("array").asText(),
                    Instant.parse(node.path("submitted").asText())));
        } catch (JsonProcessingException | DateTimeParseException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UsageException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
