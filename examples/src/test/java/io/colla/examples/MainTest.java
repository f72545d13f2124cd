package io.colla.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole programs, run as a person would. */
class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void withoutArgumentsItListsTheExamples() {
        assertThat(run()).isEqualTo(Example.BAD_USAGE);
        assertThat(printed(err)).contains("hmmer", "product", "cholesky", "wordcount");
    }

    @Test
    void anUnknownExampleIsNamed() {
        assertThat(run("hammer")).isEqualTo(Example.BAD_USAGE);
        assertThat(printed(err)).contains("there is no example 'hammer'", "hmmer");
    }

    @Test
    void aWrongOptionIsNamedWithTheUsage() {
        assertThat(run("product", "--sise", "3")).isEqualTo(Example.BAD_USAGE);
        assertThat(printed(err)).contains("there is no option --sise", "usage: product [--size N]");
    }

    @Test
    void aMissingProfileIsNamed() {
        assertThat(run("hmmer", "--profiles", "no/such.hmm")).isEqualTo(Example.BAD_USAGE);
        assertThat(printed(err)).contains("no/such.hmm", "--profiles", "hmmer-examples");
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        assertThat(run("hmmer", "--out", "no/such/folder/hits.tsv")).isEqualTo(Example.BAD_USAGE);
        assertThat(printed(err)).contains("cannot write no/such/folder/hits.tsv", "--out");
    }

    @Test
    void productIsRightWhenTheBlocksDoNotDivideTheSize() {
        assertThat(run("product", "--size", "100", "--block", "32", "--verify")).isEqualTo(Example.DONE);
        assertThat(printed(out)).contains("size 100 in blocks of 32", "GFLOP/s", "against the plain product");
    }

    @Test
    void choleskyIsRightWhenTheBlocksDoNotDivideTheSize() {
        assertThat(run("cholesky", "--size", "100", "--block", "32", "--verify"))
                .isEqualTo(Example.DONE);
        assertThat(printed(out)).contains("size 100 in blocks of 32", "GFLOP/s", "against the plain algorithm");
    }

    @Test
    void wordsAreCountedAcrossFilesAndPieces(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.txt"), "the tower, the crew\nand the Tower\n".repeat(40));
        Files.createDirectory(folder.resolve("below"));
        Files.writeString(folder.resolve("below/b.txt"), "the end");

        int code = run("wordcount", folder.toString(), "--bytes", "100", "--top", "2", "--verify");

        assertThat(printed(err)).isEmpty();
        assertThat(code).isEqualTo(Example.DONE);
        assertThat(printed(out))
                .containsPattern("121  the\n +80  tower\n")
                .contains("2 files and 14 tasks", "verified");
    }

    @Test
    void aMissingFolderIsNamed() {
        assertThat(run("wordcount", "no/such/folder")).isEqualTo(Example.BAD_USAGE);
        assertThat(printed(err)).contains("there is no folder no/such/folder", "usage: wordcount DIR...");
    }

    @Test
    @Tag("process")
    void searchInChunksEqualsOneSearch(@TempDir Path folder) throws IOException {
        Path hits = folder.resolve("hits.tsv");

        int code = run("hmmer", "--quick", "--limit", "200", "--out", hits.toString(), "--verify");

        assertThat(printed(err)).isEmpty();
        assertThat(code).isEqualTo(Example.DONE);
        assertThat(printed(out))
                .contains("globins4", "MYG_ESCGI", "Pkinase", "7LESS_DROME", "in 200 sequences", "verified");
        assertThat(Files.readAllLines(hits)).hasSizeGreaterThan(60);
    }

    private int run(String... args) {
        return Main.run(args, stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String printed(ByteArrayOutputStream to) {
        return to.toString(StandardCharsets.UTF_8);
    }
}
