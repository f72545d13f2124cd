package io.colla.launcher;

import io.colla.api.UsageException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The ids of jobs on a command line. */
final class JobWords {
    private JobWords() {}

    static void addTo(CommandSpec spec, String label) {
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("Id, as colla submit prints it.")
                .build());
    }

    /** @throws UsageException if there is none, or one cannot be an id */
    static List<String> of(ParseResult line, String command) {
        List<String> jobs = line.matchedPositionalValue(0, List.of());
        if (jobs.isEmpty()) {
            throw new UsageException("which job? Name its id: colla " + command + " 123; 'colla jobs' lists them");
        }
        for (String job : jobs) {
            if (job.startsWith("-")) {
                throw new UsageException(
                        "put " + job + " before the job's id: colla " + command + " " + job + " " + jobs.get(0));
            }
            if (!job.matches("\\d[A-Za-z0-9._+\\[\\]-]*")) {
                throw new UsageException("'" + job + "' is no job's id; 'colla jobs' lists yours");
            }
        }
        return List.copyOf(new java.util.LinkedHashSet<>(jobs));
    }
}
