package io.colla.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsWhatPythonWrites() throws FrameException {
        String text =
                "{\"a\": [1, -2.5, 1e3, true, false, null], \"b\\u00e9\\n\\\"\\\\\": {}, \"big\": 9223372036854775807, \"s\": \"\\ud83d\\ude00\"}";
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("a", Arrays.asList(1L, -2.5, 1000.0, true, false, null));
        expected.put("bé\n\"\\", Map.of());
        expected.put("big", Long.MAX_VALUE);
        expected.put("s", "\ud83d\ude00");
        assertThat(Json.parse(text)).isEqualTo(expected);
    }

    @Test
    void writesWhatItReads() throws FrameException {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("list", Arrays.asList(1L, 0.5, "\u0001 \"quoted\" \\ ü \ud83d\ude00", null, List.of(), Map.of()));
        value.put("flag", true);
        assertThat(Json.parse(Json.text(value))).isEqualTo(value);
        assertThat(Json.text(Map.of("path", Path.of("/a/b")))).isEqualTo("{\"path\":\"/a/b\"}");
        assertThat(Json.text(Double.NaN)).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,",
                "[1 2]",
                "{\"a\" 1}",
                "{a: 1}",
                "\"open",
                "\"\\x\"",
                "\"\\u12\"",
                "tru",
                "1-2",
                "1 2",
                "--1"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("JSON");
    }

    @Test
    void refusesWhatIsNestedWithoutEnd() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(FrameException.class);
    }

    @Test
    void namesTheMemberThatIsOfAnotherKind() throws FrameException {
        JsonObject object = Json.parseObject("{\"cores\": \"two\", \"names\": [1]}");
        assertThatThrownBy(() -> object.number("cores", 1)).hasMessage("JSON whose \"cores\" is not a whole number");
        assertThatThrownBy(() -> object.texts("names")).hasMessage("JSON whose \"names\" is not a list of texts");
        assertThat(object.number("absent", 7)).isEqualTo(7);
    }
}
