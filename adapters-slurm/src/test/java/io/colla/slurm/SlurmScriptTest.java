package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import io.colla.platform.JobRequest;
import io.colla.platform.JobRequest.Body;
import io.colla.platform.JobRequest.Dependency;
import io.colla.platform.JobRequest.Gpus;
import io.colla.platform.JobRequest.Mail;
import io.colla.platform.JobRequest.Part;
import io.colla.platform.JobRequest.Place;
import io.colla.platform.JobRequest.Steps;
import io.colla.platform.JobRequest.Terms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlurmScriptTest {
    private static final Path GOLDEN = Path.of("src/test/resources/io/colla/slurm/scripts");
    private static final Body BODY = new Body(
            Path.of("/work/my project/colla-jobs/app-1"),
            Path.of("/work/my project"),
            "/work/my project/colla-jobs/app-1/output.txt",
            Map.of("PATH", "/opt/it's here/bin:/bin", "LANG", "C.UTF-8"),
            new Steps(
                    List.of(". /site/env.sh", "module load hmmer"),
                    List.of("/opt/colla/bin/colla", "run", "app.py", "two words", "$HOME", "new\nline", "ü"),
                    List.of("echo done")));

    private static JobRequest request(String name, List<Part> parts, Place place, Terms terms) {
        return new JobRequest(name, parts, place, terms, BODY);
    }

    /** To write it anew when the script was meant to change: -Dcolla.golden=write. */
    private static void isGolden(String file, JobRequest request) throws IOException {
        String script = SlurmScript.of(request);
        if ("write".equals(System.getProperty("colla.golden"))) {
            Files.createDirectories(GOLDEN);
            Files.writeString(GOLDEN.resolve(file), script);
        }
        assertThat(script).isEqualTo(Files.readString(GOLDEN.resolve(file)));
    }

    @Test
    void saysNoMoreThanWasAsked() throws IOException {
        isGolden("plain.sh", request("app", List.of(new Part(1, 0, 0)), Place.ANY, Terms.of(null)));
    }

    @Test
    void saysAllThatWasAsked() throws IOException {
        Terms terms = new Terms(
                Duration.ofHours(30),
                true,
                true,
                List.of(
                        new Dependency(Dependency.When.SUCCEEDED, "12"),
                        new Dependency(Dependency.When.ENDED, "13"),
                        new Dependency(Dependency.When.FAILED, "14"),
                        new Dependency(Dependency.When.STARTED, "15_2")),
                "1-9:2,20%4",
                new Mail("me@example.org", true, true, true),
                List.of("--switches=1", "--comment 'as it is'"));
        Part part = new Part(4, 48, (90L << 30) + 1, new Gpus(2, "a100"), "ib&highmem", null);
        isGolden(
                "everything.sh",
                request(
                        "my \"first\" job\\ %j",
                        List.of(part),
                        new Place("debug", "project 1", "high", "course", "matlab:2,foo@server:1"),
                        terms));
    }

    @Test
    void separatesPartsThatDiffer() throws IOException {
        isGolden(
                "parts.sh",
                request(
                        "het",
                        List.of(
                                new Part(1, 4, 8L << 30, new Gpus(1, null), null, "gpu"),
                                new Part(2, 2, 0, Gpus.NONE, "knl", null)),
                        new Place("batch", null, null, null, null),
                        Terms.of(Duration.ofMinutes(5))));
    }

    @ParameterizedTest
    @CsvSource({"10,B:USR1@2", "90,B:USR1@10", "600,B:USR1@60", "86400,B:USR1@60"})
    void warnsInTime(long seconds, String signal) {
        JobRequest request =
                request("app", List.of(new Part(1, 0, 0)), Place.ANY, Terms.of(Duration.ofSeconds(seconds)));
        assertThat(SlurmScript.of(request)).contains("#SBATCH --signal=" + signal + "\n");
    }

    @Test
    void roundsTimesUp() {
        assertThat(SlurmScript.clock(Duration.ofMillis(1500))).isEqualTo("00:00:02");
        assertThat(SlurmScript.clock(Duration.ofDays(4))).isEqualTo("96:00:00");
    }

    @Test
    void refusesWhatADirectiveCannotHold() {
        assertThatThrownBy(() ->
                        SlurmScript.of(request("two\nlines", List.of(new Part(1, 0, 0)), Place.ANY, Terms.of(null))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'two lines' has a line break");
    }

    @Test
    void refusesArraysOfParts() {
        Terms array = new Terms(null, false, false, List.of(), "1-2", null, List.of());
        assertThatThrownBy(() ->
                        SlurmScript.of(request("app", List.of(new Part(1, 0, 0), new Part(1, 1, 0)), Place.ANY, array)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("leave out --array or --part");
    }
}
