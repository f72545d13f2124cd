package io.colla.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.platform.NodeShare;
import io.colla.transport.PortRange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final Bootstrap SAMPLE = new Bootstrap(
            List.of("10.0.0.1", "fd00::1"),
            4711,
            "5ec7e7",
            Path.of("/runs/a=b\\n\nend"),
            ".seen",
            List.of(Path.of("/app.jar"), Path.of("/lib.jar")),
            Path.of("/tmp"),
            Duration.ofMillis(1500),
            true,
            new PortRange(7000, 7010),
            List.of("10.0.0.1/8", "fd00::1/64"),
            "FULL TASKS,API",
            List.of(
                    new NodeShare(
                            "n1",
                            4,
                            List.of(0, 1, 2, 7),
                            1L << 33,
                            Map.of("gpu", 2),
                            Map.of("feature.ib", "yes", "a=b", "c")),
                    new NodeShare("n2", 2, 0)));

    @Test
    void whatIsWrittenIsReadAndWhatFollowsStaysInTheStream() throws IOException {
        byte[] text = SAMPLE.toBytes();
        byte[] more = java.util.Arrays.copyOf(text, text.length + 1);
        more[text.length] = 'x';
        ByteArrayInputStream input = new ByteArrayInputStream(more);

        assertThat(Bootstrap.read(input)).isEqualTo(SAMPLE);
        assertThat(input.read()).isEqualTo('x');
    }

    @Test
    void theSecretIsNotPrinted() {
        assertThat(SAMPLE.toString()).doesNotContain("5ec7e7");
    }

    @Test
    void aWrongTextIsRefusedWithoutRepeatingIt() {
        assertThatThrownBy(() -> read("")).isInstanceOf(IOException.class).hasMessageContaining("ended too early");
        assertThatThrownBy(() -> read("secret abc\n\n"))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("abc");
        assertThatThrownBy(() -> read("port=1\n\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lacks");
        String unknown = new String(SAMPLE.toBytes(), StandardCharsets.UTF_8).replace("probe=", "colour=red\nprobe=");
        assertThatThrownBy(() -> read(unknown)).isInstanceOf(IOException.class).hasMessageContaining("[colour]");
    }

    private static Bootstrap read(String text) throws IOException {
        return Bootstrap.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
