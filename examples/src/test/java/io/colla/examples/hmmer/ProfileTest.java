package io.colla.examples.hmmer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {
    @TempDir
    Path folder;

    @Test
    void longProfilesAndAlignmentsAreSearchedOnTwoCores() throws IOException {
        assertThat(profile("short.hmm", "HMMER3/f [3.3]\nNAME  a\nLENG  149\n//\n")
                        .cores())
                .isEqualTo(1);
        assertThat(profile("two.hmm", "HMMER3/f\nLENG  149\n//\nHMMER3/f\nLENG  52\n//\n")
                        .cores())
                .isEqualTo(2);
        assertThat(profile("some.sto", "# STOCKHOLM 1.0\n").cores()).isEqualTo(2);
        assertThat(profile("another.sto", "# STOCKHOLM 1.0\n").name()).isEqualTo("another");
    }

    @Test
    void anythingElseIsAnErrorThatNamesTheFile() {
        assertThatThrownBy(() -> profile("notes.txt", "hello"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("notes.txt");
        assertThatThrownBy(() -> profile("empty", ""))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> profile("odd.hmm", "HMMER3/f\nLENG  x\n"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("odd.hmm");
    }

    private Profile profile(String name, String text) throws IOException {
        return Profile.of(Files.writeString(folder.resolve(name), text));
    }
}
