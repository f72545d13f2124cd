package io.colla.master.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.transport.PortRange;
import io.colla.worker.Bootstrap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JoinTicketTest {
    private static final Bootstrap BOOTSTRAP = new Bootstrap(
            List.of("10.0.0.1"),
            4711,
            "00ff",
            Path.of("/runs/a b"),
            ".seen",
            List.of(Path.of("app.jar")),
            Path.of("/tmp"),
            Duration.ofSeconds(2),
            false,
            PortRange.ANY,
            List.of(),
            "",
            List.of());

    private static final JoinTicket TICKET =
            new JoinTicket(3, List.of("/opt/colla", "worker"), Map.of("A", "x\ny = z", "B", ""), "/work", BOOTSTRAP);

    @Test
    void comesBackAsItWas() throws IOException {
        assertThat(JoinTicket.read(TICKET.toBytes())).isEqualTo(TICKET);
        JoinTicket nowhere = new JoinTicket(1, List.of("w"), Map.of(), null, BOOTSTRAP);
        assertThat(JoinTicket.read(nowhere.toBytes())).isEqualTo(nowhere);
    }

    @Test
    void whatIsDamagedIsRefusedWithoutTellingTheSecret() {
        byte[] bytes = TICKET.toBytes();
        for (int length = 0; length < bytes.length - 1; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> JoinTicket.read(cut))
                    .as("the first %d bytes", length)
                    .isInstanceOf(IOException.class)
                    .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("00ff"));
        }
        assertThatThrownBy(() -> JoinTicket.read("something else".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void doesNotPrintTheSecret() {
        assertThat(TICKET.toString()).doesNotContain("00ff");
    }
}
