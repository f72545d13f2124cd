package io.colla.pbs;

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
import org.junit.jupiter.params.provider.ValueSource;

class PbsScriptTest {
    private static final Path GOLDEN = Path.of("src/test/resources/io/colla/pbs/scripts");
    private static final Body BODY = body("/home/me/colla-jobs/app-1/output.txt");

    private static Body body(String output) {
        return new Body(
                Path.of("/home/me/colla-jobs/app-1"),
                Path.of("/home/me"),
                output,
                Map.of("PATH", "/opt/it's here/bin:/bin"),
                new Steps(
                        List.of(". /site/env.sh"),
                        List.of("/opt/colla/bin/colla", "run", "app.py", "two words", "$HOME", "new\nline", "ü"),
                        List.of("echo done")));
    }

    private static JobRequest request(Terms terms, Place place, Part... parts) {
        return new JobRequest("app", List.of(parts), place, terms, BODY);
    }

    /** To write it anew when the script was meant to change: -Dcolla.golden=write. */
    private static void isGolden(String file, JobRequest request, boolean torque) throws IOException {
        String script = PbsScript.of(request, torque);
        if ("write".equals(System.getProperty("colla.golden"))) {
            Files.createDirectories(GOLDEN);
            Files.writeString(GOLDEN.resolve(file), script);
        }
        assertThat(script).isEqualTo(Files.readString(GOLDEN.resolve(file)));
    }

    private static Terms everything(String array) {
        return new Terms(
                Duration.ofHours(30),
                true,
                true,
                List.of(
                        new Dependency(Dependency.When.SUCCEEDED, "12.head"),
                        new Dependency(Dependency.When.ENDED, "13[].head"),
                        new Dependency(Dependency.When.FAILED, "14"),
                        new Dependency(Dependency.When.STARTED, "15")),
                array,
                new Mail("me@example.org", true, true, true),
                List.of("-p 100"));
    }

    @Test
    void saysNoMoreThanWasAsked() throws IOException {
        isGolden("openpbs-plain.sh", request(Terms.of(null), Place.ANY, new Part(1, 0, 0)), false);
        isGolden("torque-plain.sh", request(Terms.of(null), Place.ANY, new Part(1, 0, 0)), true);
    }

    @Test
    void saysAllThatWasAskedOfOpenPbs() throws IOException {
        JobRequest request = new JobRequest(
                "my \"first\" job",
                List.of(
                        new Part(1, 4, (8L << 30) + 1, new Gpus(2, "a100"), "highmem", null),
                        new Part(2, 2, 0, Gpus.NONE, "arch=knl", null)),
                new Place("debug", "project1", null, null, "matlab:2,foo"),
                everything("1-9:2%3"),
                body("/home/me/logs/%j-%a 100%%.txt"));
        isGolden("openpbs-everything.sh", request, false);
    }

    @Test
    void saysAllThatWasAskedOfTorque() throws IOException {
        JobRequest request = new JobRequest(
                "my \"first\" job",
                List.of(
                        new Part(1, 4, 8L << 30, new Gpus(2, null), "highmem", null),
                        new Part(2, 2, 4L << 30, Gpus.NONE, null, null)),
                new Place("debug", "project1", "high", "course", "matlab:2"),
                everything("1-9:2,20%3"),
                body("/home/me/logs/%j-%a.txt"));
        isGolden("torque-everything.sh", request, true);
    }

    @ParameterizedTest
    @CsvSource({
        "app,app",
        "two words,two_words",
        "1st,j1st",
        "a-very-long-name-of-a-job,a-very-long-nam",
        "größe,gr__e",
        "'',j"
    })
    void namesHaveOnlyLettersThatAllAllow(String given, String name) {
        assertThat(PbsScript.name(given)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,4,7", "5", "3-3"})
    void openPbsRefusesArraysThatAreNoRange(String array) {
        assertThatThrownBy(() -> PbsArrays.openPbs(array))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--array " + array);
    }

    @Test
    void refusesWhatPbsDoesNotHave() {
        Part part = new Part(1, 2, 0);
        assertThatThrownBy(() ->
                        PbsScript.of(request(Terms.of(null), new Place(null, null, "high", null, null), part), false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--qos");
        assertThatThrownBy(() ->
                        PbsScript.of(request(Terms.of(null), new Place("q", null, null, "R1", null), part), false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--queue or --reservation");
        assertThatThrownBy(() -> PbsScript.of(
                        request(Terms.of(null), Place.ANY, new Part(1, 2, 0, Gpus.NONE, null, "gpu")), false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("one queue for all parts");
        Terms exclusive = new Terms(null, true, false, List.of(), null, null, List.of());
        assertThatThrownBy(() -> PbsScript.of(request(exclusive, Place.ANY, new Part(2, 0, 0)), false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--cpus-per-node");
        assertThatThrownBy(() -> PbsScript.of(
                        request(Terms.of(null), Place.ANY, new Part(1, 2, 2L << 30), new Part(1, 2, 4L << 30)), true))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("mem-per-node");
    }
}
