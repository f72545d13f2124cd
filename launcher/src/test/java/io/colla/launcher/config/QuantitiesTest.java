package io.colla.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "1,1",
        "512,512",
        "4k,4096",
        "512m,536870912",
        "4g,4294967296",
        "1.5G,1610612736",
        "4GiB,4294967296",
        "2GB,2147483648",
        "1t,1099511627776"
    })
    void readsSizes(String text, long bytes) {
        assertThat(Quantities.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "4x", "-1g", "0", "1e3", "4 g", "NaN", "99999999999t", "1.2.3g", "b"})
    void refusesOtherSizes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Quantities.bytes(text));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1023, 1024, 1536L << 20, 4L << 30, 1L << 40})
    void writesSizesThatItReads(long bytes) {
        assertThat(Quantities.bytes(Quantities.bytes(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"01:30:00,5400", "1:30,90", "2-00:00:00,172800", "90s,90", "5m,300", "1.5h,5400", "1d,86400"})
    void readsDurations(String text, long seconds) {
        assertThat(Quantities.duration(text)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "90", "0s", "00:00:00", "-5s", "1:2:3:4", "5 m", "m"})
    void refusesOtherDurations(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Quantities.duration(text));
    }

    @Test
    void writesDurationsThatItReads() {
        for (Duration duration :
                new Duration[] {Duration.ofMillis(250), Duration.ofSeconds(2), Duration.ofSeconds(5400)}) {
            assertThat(Quantities.duration(Quantities.duration(duration))).isEqualTo(duration);
        }
    }
}
