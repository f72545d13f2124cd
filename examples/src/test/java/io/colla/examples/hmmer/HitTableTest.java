package io.colla.examples.hmmer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HitTableTest {
    private static final String FIRST =
            line("A0A0P5CHS8", "Pkinase", "1.3e-136", "454.2", "Ribosomal  kinase Split=0 ");
    private static final String SECOND = line("K7L4I1", "Pkinase", "0.022", "14.3", "");
    private static final String THIRD = line("MYG", "fn3", "2", "9.0", "Myoglobin");

    @TempDir
    Path folder;

    @Test
    void mergesWhatHmmsearchPrintsIntoOneSortedTable() throws IOException {
        Path merged = folder.resolve("merged");

        HitTable.merge(List.of(table("b", THIRD, SECOND), table("a", FIRST)), merged);

        List<Hit> hits = HitTable.read(merged);
        assertThat(hits).extracting(Hit::target).containsExactly("A0A0P5CHS8", "K7L4I1", "MYG");
        assertThat(hits.get(0).score()).isEqualTo(454.2);
        assertThat(hits.get(0).evalue()).isEqualTo(1.3e-136);
        assertThat(hits.get(0).description()).isEqualTo("Ribosomal  kinase Split=0");
        assertThat(hits.get(1).description()).isEmpty();
    }

    @Test
    void mergingInAnyShapeGivesTheSameTable() throws IOException {
        Path atOnce = folder.resolve("at once");
        HitTable.merge(List.of(table("1", FIRST), table("2", SECOND), table("3", THIRD)), atOnce);
        Path two = folder.resolve("two");
        HitTable.merge(List.of(table("3", THIRD), table("1", FIRST)), two);
        Path inSteps = folder.resolve("in steps");
        HitTable.merge(List.of(table("2", SECOND), two), inSteps);

        assertThat(inSteps).hasSameTextualContentAs(atOnce);
    }

    @Test
    void aTableThatEndsTooEarlyIsAnError() throws IOException {
        Path table = Files.writeString(folder.resolve("cut.tbl"), "# target\n" + FIRST + "\n");

        assertThatThrownBy(() -> HitTable.read(table))
                .hasMessageContaining("cut.tbl")
                .hasMessageContaining("# [ok]");
    }

    @Test
    void aLineThatIsNoHitIsAnErrorThatNamesTheFile() throws IOException {
        Path noColumns = table("short.tbl", "abc def");
        Path noNumber = table("words.tbl", FIRST.replace("454.2", "high"));

        assertThatThrownBy(() -> HitTable.read(noColumns))
                .hasMessageContaining("short.tbl")
                .hasMessageContaining("abc def");
        assertThatThrownBy(() -> HitTable.read(noNumber)).hasMessageContaining("words.tbl");
    }

    @Test
    void differencesAreSeenOneByOne() {
        Hit first = Hit.parse(FIRST);
        Hit second = Hit.parse(SECOND);
        Hit third = Hit.parse(THIRD);
        Hit changed = Hit.parse(SECOND.replace("0.022", "0.023"));

        assertThat(SequentialSearch.difference(List.of(first, second, third), List.of(third, first, second)))
                .isEmpty();
        assertThat(SequentialSearch.difference(List.of(first, second), List.of(first)))
                .containsExactly(second);
        assertThat(SequentialSearch.difference(List.of(first, second, second), List.of(second, first)))
                .containsExactly(second);
        assertThat(SequentialSearch.difference(List.of(first, changed, third), List.of(first, second, third)))
                .containsExactly(changed);
    }

    private Path table(String name, String... lines) throws IOException {
        String text = "# target name  accession\n" + String.join("\n", lines) + "\n#\n# Program: hmmsearch\n# [ok]\n";
        return Files.writeString(folder.resolve(name), text);
    }

    private static String line(String target, String family, String evalue, String score, String description) {
        return target + "   -     " + family + "     PF00069.17  " + evalue + "  " + score
                + "   0.0   1.9e-67  227.6   0.0   2.1   2   0   0   2   2   2   2 " + description;
    }
}
