package io.colla.python.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.python.FrameException;
import io.colla.python.Json;
import org.junit.jupiter.api.Test;

class EndingTest {
    private static String sentence(String told) throws FrameException {
        return Ending.of(Json.parseObject(told)).sentence();
    }

    @Test
    void saysInWordsHowAProcessEnded() throws FrameException {
        assertThat(sentence("{\"code\": 3, \"core\": false}"))
                .startsWith("ended with exit code 3 in the middle of the task");
        assertThat(sentence("{\"signal\": 11, \"core\": true}"))
                .isEqualTo("crashed: segmentation fault (SIGSEGV), an error in compiled code that the task uses;"
                        + " it left a core dump");
        assertThat(sentence("{\"signal\": 9, \"core\": false}")).contains("ran out of memory");
        assertThat(sentence("{\"signal\": 42, \"core\": false}")).isEqualTo("crashed: signal 42");
        assertThat(sentence("{\"pid\": -1, \"error\": \"no process could be made: Cannot allocate memory\"}"))
                .isEqualTo("could not be started: no process could be made: Cannot allocate memory");
        assertThat(Ending.UNKNOWN.sentence()).isEqualTo("ended in the middle of the task");
    }
}
