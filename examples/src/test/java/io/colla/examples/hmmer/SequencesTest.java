package io.colla.examples.hmmer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.examples.hmmer.Sequences.Sequence;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequencesTest {
    private static final Sequence ONE = new Sequence("one", "the first one", "MKVLA");
    private static final Sequence TWO = new Sequence("two", "", "ACDEFGHIKL");
    private static final String FASTA = ">one  the first one \nMKV\nLA\n>two\nACDEF\n\nGHIKL\n";

    @TempDir
    Path folder;

    private Path fasta;

    @BeforeEach
    void write() throws IOException {
        fasta = Files.writeString(folder.resolve("two.fasta"), FASTA);
    }

    @Test
    void readsFasta() throws IOException {
        assertThat(read(fasta)).containsExactly(ONE, TWO);
    }

    @Test
    void readsCompressedFastaWhateverItsName() throws IOException {
        Path packed = folder.resolve("packed");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(FASTA.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(read(packed)).containsExactly(ONE, TWO);
    }

    @Test
    void readsSwissProt() throws IOException {
        Path file = Files.writeString(
                folder.resolve("entries"),
                """
                ID   SEV_DROME               Reviewed;          12 AA.
                DE   RecName: Full=Protein sevenless;
                DE            EC=2.7.10.1;
                SQ   SEQUENCE   12 AA;  1 MW;  0 CRC64;
                     MTMFWQQNVD HQ
                //
                ID   TWO     Reviewed;
                SQ   SEQUENCE   2 AA;
                     AC
                //
                """);

        assertThat(read(file))
                .containsExactly(
                        new Sequence("SEV_DROME", "RecName: Full=Protein sevenless; EC=2.7.10.1;", "MTMFWQQNVDHQ"),
                        new Sequence("TWO", "", "AC"));
    }

    @Test
    void anotherFormatIsNamedWithItsFile() throws IOException {
        Path file = Files.writeString(folder.resolve("letter.txt"), "Dear editor, ...");

        assertThatThrownBy(() -> read(file)).hasMessageContaining("letter.txt").hasMessageContaining("Dear editor");
    }

    @Test
    void splittingLosesNothingAndBalances() throws IOException {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, 23).forEach(i -> text.append(">s" + i + " number\n" + "ACDEF".repeat(30) + "\n"));
        Path many = Files.writeString(folder.resolve("many.fasta"), text);
        List<Path> chunks =
                IntStream.range(0, 4).mapToObj(i -> folder.resolve("chunk" + i)).toList();

        assertThat(Sequences.split(List.of(fasta, many), Integer.MAX_VALUE, chunks))
                .isEqualTo(25);

        List<Sequence> all = new ArrayList<>();
        for (Path chunk : chunks) {
            List<Sequence> part = read(chunk);
            assertThat(part).hasSizeBetween(6, 7);
            all.addAll(part);
        }
        List<Sequence> expected = read(fasta);
        expected.addAll(read(many));
        assertThat(all).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void theLimitCountsOverAllFiles() throws IOException {
        Path chunk = folder.resolve("chunk");

        assertThat(Sequences.split(List.of(fasta, fasta), 3, List.of(chunk))).isEqualTo(3);
        assertThat(read(chunk)).containsExactly(ONE, TWO, ONE);
    }

    @Test
    void fewerSequencesThanChunksIsAnError() {
        List<Path> chunks =
                IntStream.range(0, 3).mapToObj(i -> folder.resolve("chunk" + i)).toList();

        assertThatThrownBy(() -> Sequences.split(List.of(fasta), 9, chunks))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 sequences, too few for 3 chunks");
    }

    private static List<Sequence> read(Path file) throws IOException {
        List<Sequence> sequences = new ArrayList<>();
        Sequences.read(file, Integer.MAX_VALUE, sequences::add);
        return sequences;
    }
}
