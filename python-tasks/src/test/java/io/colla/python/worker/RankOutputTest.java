package io.colla.python.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class RankOutputTest {
    @TempDir
    Path folder;

    private final List<String> shown = Collections.synchronizedList(new ArrayList<>());

    @Test
    void showsLinesAsTheyComeAndKeepsAll() throws IOException {
        Path kept = folder.resolve("ranks");
        String text = "größer\n".repeat(30_000);
        try (RankOutput output = RankOutput.open(kept, shown::add)) {
            assertThat(output.file()).isNotEqualTo(kept);
            Files.writeString(output.file(), text, StandardOpenOption.WRITE);
            Files.writeString(output.file(), "not en", StandardOpenOption.WRITE);
            Files.writeString(output.file(), "ded", StandardOpenOption.WRITE);
        }
        assertThat(String.join("", shown)).isEqualTo(text + "not ended");
        assertThat(shown.subList(0, shown.size() - 1)).allMatch(part -> part.endsWith("\n"));
        assertThat(kept).content(StandardCharsets.UTF_8).isEqualTo(text + "not ended");
        assertThat(folder).isDirectoryNotContaining("glob:**.pipe");
    }

    @Test
    void isAPlainFileWhenNobodyLooks() throws IOException {
        Path kept = folder.resolve("ranks");
        try (RankOutput output = RankOutput.open(kept, null)) {
            assertThat(output.file()).isEqualTo(kept);
        }
    }
}
