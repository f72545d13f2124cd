package io.colla.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    @Test
    void optionsTakeTheirValuesAndLeaveTheOperands() {
        CommandLine line = new CommandLine("a", "--verify", "b", "--top", "3", "c", "--files", "x", "y");

        assertThat(line.flag("--verify")).isTrue();
        assertThat(line.flag("--quick")).isFalse();
        assertThat(line.count("--top", 10)).isEqualTo(3);
        assertThat(line.paths("--files", List.of())).containsExactly(Path.of("x"), Path.of("y"));
        assertThat(line.operands()).containsExactly("a", "b", "c");
    }

    @Test
    void whatIsNotThereHasItsDefault() {
        CommandLine line = new CommandLine();

        assertThat(line.count("--top", 10)).isEqualTo(10);
        assertThat(line.bytes("--bytes", "2K")).isEqualTo(2048);
        assertThat(line.path("--out")).isNull();
        line.noOperands();
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertThatThrownBy(() -> new CommandLine("--chunk", "3").operands())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--chunk");
    }

    @Test
    void aBadValueIsNamedWithItsOption() {
        for (String bad : List.of("0", "-1", "many", "99999999999")) {
            assertThatThrownBy(() -> new CommandLine("--top", bad).count("--top", 1))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("--top")
                    .hasMessageContaining(bad);
        }
        assertThatThrownBy(() -> new CommandLine("--top").count("--top", 1)).hasMessage("option --top needs a value");
        assertThatThrownBy(() -> new CommandLine("--f").paths("--f", List.of()))
                .hasMessage("option --f needs at least one file");
    }

    @Test
    void anOperandWhereNoneIsTakenIsNamed() {
        assertThatThrownBy(() -> new CommandLine("x").noOperands()).hasMessageContaining("'x'");
    }
}
