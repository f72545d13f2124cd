package io.colla.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.CollaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFolderTest {
    @TempDir
    Path parent;

    private Path leave(ScratchFolder.Owner owner) throws IOException {
        Path folder = Files.createTempDirectory(parent, "colla-scratch-");
        Files.createDirectories(folder.resolve("data/1"));
        Files.writeString(folder.resolve("data/1/x"), "x");
        Files.writeString(folder.resolve("owner"), owner.format());
        return folder;
    }

    @Test
    void removesOnlyWhatIsSurelyLeftOver() throws IOException {
        ScratchFolder.Owner self = ScratchFolder.Owner.self();
        long gonePid = 4_194_999;
        try (ScratchFolder own = ScratchFolder.create(parent)) {
            Path gone = leave(new ScratchFolder.Owner(self.host(), self.boot(), self.namespace(), gonePid, 1));
            Path reused = leave(
                    new ScratchFolder.Owner(self.host(), self.boot(), self.namespace(), self.pid(), self.start() + 1));
            Path rebooted = leave(
                    new ScratchFolder.Owner(self.host(), "other-boot", self.namespace(), self.pid(), self.start()));
            Path alive = leave(self);
            Path otherHost = leave(new ScratchFolder.Owner("other", "other-boot", self.namespace(), gonePid, 1));
            Path container = leave(new ScratchFolder.Owner(self.host(), self.boot(), "pid:[1]", gonePid, 1));
            Path unknown = Files.createDirectory(parent.resolve("colla-scratch-unknown"));
            Path old = Files.createDirectory(parent.resolve(".colla-new-old"));
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(3, ChronoUnit.DAYS)));
            Path foreign = Files.createDirectory(parent.resolve("something"));

            Path outside = Files.writeString(parent.resolve("outside"), "x");
            Files.createSymbolicLink(gone.resolve("link"), outside);

            assertThat(ScratchFolder.sweep(parent)).hasSizeBetween(3, 4);
            assertThat(gone).doesNotExist();
            assertThat(reused).doesNotExist();
            assertThat(old).doesNotExist();
            assertThat(Files.exists(rebooted)).isEqualTo(self.host().startsWith("localhost"));
            assertThat(alive).exists();
            assertThat(otherHost).exists();
            assertThat(container).exists();
            assertThat(unknown).exists();
            assertThat(foreign).exists();
            assertThat(outside).exists();
            assertThat(own.path()).exists();
        }
        assertThat(ScratchFolder.sweep(parent.resolve("none"))).isEmpty();
    }

    @Test
    void saysWhereItCouldNotBeMade() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> ScratchFolder.create(file.resolve("below")))
                .isInstanceOf(CollaException.class)
                .hasMessageContaining("file/below");
    }

    @Test
    @Tag("process")
    void sweepsAfterAKilledProcessButNotBefore() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        parent.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            byte[] line = process.getInputStream().readNBytes(1);
            assertThat(line).containsExactly('.');
            assertThat(ScratchFolder.sweep(parent)).isEmpty();
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(ScratchFolder.sweep(parent)).hasSize(1);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Makes a folder and waits to be killed. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            ScratchFolder.create(Path.of(arguments[0]));
            System.out.print('.');
            System.out.flush();
            System.in.read();
        }
    }
}
