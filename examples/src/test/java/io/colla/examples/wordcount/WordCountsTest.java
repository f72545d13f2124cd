package io.colla.examples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordCountsTest {
    private static final String TEXT = "Één toren, twee torens;\tde TOREN groeit.\n\nλόγος x1y naïve—toren  ";

    @TempDir
    Path folder;

    @Test
    void wordsAreRunsOfLettersInLowerCase() throws IOException {
        WordCounts counts = counts(TEXT);

        assertThat(counts.count("toren")).isEqualTo(3);
        assertThat(counts.count("één")).isEqualTo(1);
        assertThat(counts.count("λόγος")).isEqualTo(1);
        assertThat(counts.count("y")).isEqualTo(1);
        assertThat(counts.total()).isEqualTo(12);
        assertThat(counts.top(2)).containsExactly(Map.entry("toren", 3L), Map.entry("de", 1L));
    }

    @Test
    void everyCutGivesTheSameCounts() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), TEXT);
        long size = Files.size(file);
        WordCounts expected = counts(TEXT);

        for (int bytes = 1; bytes <= size + 1; bytes++) {
            WordCounts total = new WordCounts();
            for (Share share : Share.deal(Map.of(file, size), bytes)) {
                WordCounts.add(total, List.of(WordCounts.of(share.files(), share.pieces())));
            }
            assertThat(total).as("in pieces of %d bytes", bytes).isEqualTo(expected);
        }
    }

    @Test
    void sharesHoldTheBytesAskedForAndCompressedFilesWhole() throws IOException {
        Path text = folder.resolve("a");
        Path packed = folder.resolve("b.gz");

        List<Share> shares = Share.deal(Map.of(text, 25L, packed, 30L), 10);

        assertThat(shares)
                .containsExactly(
                        new Share(List.of(text), List.of(new Piece(0, 0, 10))),
                        new Share(List.of(text), List.of(new Piece(0, 10, 20))),
                        new Share(List.of(text, packed), List.of(new Piece(0, 20, 25), new Piece(1, 0, Piece.WHOLE))));
    }

    @Test
    void compressedFilesAreReadAndBinaryFilesAreNot() throws IOException {
        Path packed = folder.resolve("packed.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(TEXT.getBytes(StandardCharsets.UTF_8));
        }
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', 'b', 0, 'c'});
        Map<Path, Long> files = Map.of(packed, Files.size(packed), binary, 4L);

        Share share = Share.deal(files, 1 << 20).get(0);

        assertThat(WordCounts.of(share.files(), share.pieces())).isEqualTo(counts(TEXT));
    }

    private static WordCounts counts(String text) throws IOException {
        WordCounts counts = new WordCounts();
        counts.addWords(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        return counts;
    }
}
