package io.colla.mpi.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireTest {

    @Test
    void requestsArriveAsTheyAre() {
        Wire.Request daemon =
                new Wire.Request("job-1", "orted 'ä' \"$x\"", 3, "/work", true, Map.of("A", "x\ny", "B", ""));
        Wire.Request hold = new Wire.Request("job-2", null, 1, null, false, Map.of());
        assertThat(Wire.request(Wire.of(daemon))).isEqualTo(daemon);
        assertThat(Wire.request(Wire.of(hold))).isEqualTo(hold);
    }

    @Test
    void whatNodesSayArrivesAsItIs() {
        assertThat(Wire.said(Wire.ofVariables(Map.of("A", "1")))).isEqualTo(new Wire.Said.Variables(Map.of("A", "1")));
        assertThat(Wire.said(Wire.ofErrors(Map.of(4, "oh\ndear"))))
                .isEqualTo(new Wire.Said.Errors(Map.of(4, "oh\ndear")));
    }

    @Test
    void aMessageThatBreaksOffIsRefused() {
        byte[] whole = Wire.of(new Wire.Request("job", "x", 1, null, true, Map.of("A", "1")));
        assertThatThrownBy(() -> Wire.request(Arrays.copyOf(whole, whole.length - 9)))
                .isInstanceOf(UncheckedIOException.class);
    }
}
