package io.colla.examples.hmmer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.examples.CommandLine;
import io.colla.examples.WrongResultException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our readers and the check itself against HMMER's own programs. */
@Tag("process")
class HmmerProgramsTest {
    private static final Path TUTORIAL = Path.of("/usr/share/doc/hmmer/examples/tutorial");

    @TempDir
    Path folder;

    @Test
    void hmmsearchFindsTheSameInAConvertedSwissProtFile() throws Exception {
        Path original = TUTORIAL.resolve("7LESS_DROME");
        Path converted = folder.resolve("7less.fasta");
        Sequences.split(List.of(original), 1, List.of(converted));

        Hit expected = search(original).get(0);
        Hit found = search(converted).get(0);

        assertThat(found.target()).isEqualTo(expected.target());
        assertThat(found.columns().subList(4, 18)).isEqualTo(expected.columns().subList(4, 18));
    }

    @Test
    void theCheckFindsMissingHitsAndSequences() throws Exception {
        Settings settings = Settings.of(new CommandLine(
                "--profiles", TUTORIAL.resolve("globins4.hmm").toString(),
                "--sequences", TUTORIAL.resolve("globins45.fa").toString(),
                "--chunks", "1"));
        List<Hit> hits = new ArrayList<>();
        assertThatThrownBy(() ->
                        SequentialSearch.compare(settings, 45, hits, new PrintStream(new ByteArrayOutputStream())))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("of the 45 hits")
                .hasMessageContaining("45 are missing: [globins4 ");
        assertThatThrownBy(() -> SequentialSearch.compare(settings, 44, hits, System.out))
                .hasMessage("there are 45 sequences, but 44 were searched");
    }

    private List<Hit> search(Path sequences) throws Exception {
        Path table = Files.createTempFile(folder, "hits", ".tbl");
        Process process = new ProcessBuilder(
                        "hmmsearch",
                        "--max",
                        "-o",
                        "/dev/null",
                        "--tblout",
                        table.toString(),
                        TUTORIAL.resolve("fn3.hmm").toString(),
                        sequences.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        return HitTable.read(table);
    }
}
