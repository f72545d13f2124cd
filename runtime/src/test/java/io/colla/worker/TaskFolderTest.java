package io.colla.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskFolderTest {
    @TempDir
    Path root;

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    @Test
    void whatIsLeftEmptyIsUsedAgain() throws IOException {
        TaskFolder folder = new TaskFolder(root.resolve("tasks"));
        Path work = folder.work();
        Path output = Files.createFile(folder.output("stdout"));
        Object key = Files.getAttribute(work, "unix:ino");
        folder.reuse();

        assertThat(folder.work()).isEqualTo(work).isEmptyDirectory();
        assertThat(Files.getAttribute(work, "unix:ino")).isEqualTo(key);
        assertThat(folder.output("stdout")).isEqualTo(output).isEmptyFile();
        assertThat(output).doesNotHaveToString(work.resolve("stdout").toString());
    }

    @Test
    void nothingOfATaskIsFoundByTheNext() throws IOException {
        TaskFolder folder = new TaskFolder(root.resolve("tasks"));
        Files.createDirectories(folder.work().resolve("a/b"));
        Files.writeString(folder.work().resolve("a/b/c"), "mine");
        Files.writeString(folder.output("stdout"), "printed");
        folder.reuse();

        assertThat(folder.work()).isEmptyDirectory();
        assertThat(folder.output("stdout")).doesNotExist();
    }

    @Test
    void aFolderThatWasTakenAwayOrReplacedIsMadeAgain() throws IOException {
        TaskFolder folder = new TaskFolder(root.resolve("tasks"));
        Files.delete(folder.work());
        folder.reuse();
        assertThat(folder.work()).isEmptyDirectory();

        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("precious"), "kept");
        Path work = folder.work();
        Files.delete(work);
        Files.createSymbolicLink(work, elsewhere);
        folder.reuse();
        assertThat(folder.work().toRealPath())
                .isNotEqualTo(elsewhere.toRealPath())
                .isEmptyDirectory();
        assertThat(elsewhere.resolve("precious")).hasContent("kept");

        Files.setPosixFilePermissions(folder.work(), PosixFilePermissions.fromString("r-x------"));
        folder.reuse();
        assertThat(Files.getPosixFilePermissions(folder.work()))
                .isNotEqualTo(PosixFilePermissions.fromString("r-x------"));
    }

    @Test
    void aFailedTaskKeepsWhatItPrintedAndItsFolderIsNotUsedAgain() throws IOException {
        TaskFolder folder = new TaskFolder(root.resolve("tasks"));
        Path work = folder.work();
        Path output = folder.output("stdout");
        Files.writeString(output, "printed");
        Files.createFile(folder.output("stderr"));
        Path kept = root.resolve("run/tasks");
        folder.replace(kept, "name-7.1");

        assertThat(entries(kept)).containsExactly(kept.resolve("name-7.1.stdout"));
        assertThat(kept.resolve("name-7.1.stdout")).hasContent("printed");
        assertThat(work).doesNotExist();
        assertThat(output).doesNotExist();
        assertThat(folder.work()).isNotEqualTo(work).isEmptyDirectory();
        assertThat(folder.output("stdout")).isNotEqualTo(output);
        folder.remove();
        assertThat(entries(root.resolve("tasks"))).isEmpty();
    }
}
