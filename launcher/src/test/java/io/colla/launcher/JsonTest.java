package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void isReadBackByAnotherParser() throws Exception {
        String odd = "quote \" backslash \\ newline \n tab \t bell \u0007 \u00e9 \ud83d\ude00";
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", odd);
        map.put("number", 1.5);
        map.put("infinite", Double.POSITIVE_INFINITY);
        map.put("nothing", null);
        map.put("empty", List.of());
        map.put("list", List.of(1, true, Map.of("a", "b"), Map.of()));
        JsonNode read = new ObjectMapper().readTree(Json.of(map));
        assertThat(read.get("text").asText()).isEqualTo(odd);
        assertThat(read.get("number").asDouble()).isEqualTo(1.5);
        assertThat(read.get("infinite").asText()).isEqualTo("Infinity");
        assertThat(read.get("nothing").isNull()).isTrue();
        assertThat(read.get("empty")).isEmpty();
        assertThat(read.get("list")).hasSize(4);
        assertThat(read.get("list").get(2).get("a").asText()).isEqualTo("b");
    }
}
