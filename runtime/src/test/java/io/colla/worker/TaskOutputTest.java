package io.colla.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TaskOutputTest {
    @Test
    void onlyTheEndOfALongOutputIsKept() {
        TaskOutput output = new TaskOutput();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            String line = "line " + i + "\n";
            all.append(line);
            output.write(line.getBytes(StandardCharsets.US_ASCII), 0, line.length());
        }
        String end = all.substring(all.length() - TaskOutput.KEPT);
        assertThat(output.text())
                .isEqualTo("[" + (all.length() - TaskOutput.KEPT) + " bytes before this are left out]\n" + end);

        output.clear();
        assertThat(output.isEmpty()).isTrue();
        output.write(all.toString().getBytes(StandardCharsets.US_ASCII), 0, all.length());
        assertThat(output.text()).endsWith(end);
    }
}
