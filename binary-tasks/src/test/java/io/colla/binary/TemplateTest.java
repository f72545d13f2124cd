package io.colla.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.BinaryTask;
import io.colla.api.Direction;
import io.colla.platform.TaskError;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {

    private static final Path NOWHERE = Path.of("/nonexistent");

    private static FakeContext context() {
        return new FakeContext(NOWHERE, BinaryTask.of("true"));
    }

    private static String text(String template, FakeContext context) throws TaskError {
        return Template.parse(template, context.definition().parameters()).text(context);
    }

    private static List<String> words(String template, FakeContext context) throws TaskError {
        List<String> words = new ArrayList<>();
        Template.parse(template, context.definition().parameters()).addTo(words, context);
        return words;
    }

    @Test
    void valuesBecomeTheirText() throws Exception {
        FakeContext context = context()
                .in("n", 3)
                .in("x", 0.25)
                .in("flag", true)
                .in("day", DayOfWeek.MONDAY)
                .in("uri", URI.create("x:y"))
                .in("text", "a b; $(rm) 'c'")
                .file("data", Path.of("/d/in.txt"), Direction.IN);
        assertThat(text("-n{{n}} {{x}},{{flag}}:{{day}}{{uri}}", context)).isEqualTo("-n3 0.25,true:MONDAYx:y");
        assertThat(words("{{text}}", context)).containsExactly("a b; $(rm) 'c'");
        assertThat(text("file={{data}}", context)).isEqualTo("file=/d/in.txt");
    }

    @Test
    void theTasksOwnValuesAreAlwaysThere() throws Exception {
        FakeContext context = context().cores(4).memory(3L << 30).nodes("a", "b");
        assertThat(text("{{task.cores}} {{task.memory_mb}} {{task.nodes}}", context))
                .isEqualTo("4 3072 a,b");
        assertThat(text("{{task.id}}", context)).isEqualTo(Integer.toString(context.task()));
    }

    @Test
    void aListIsOneArgumentPerElement() throws Exception {
        FakeContext context = context()
                .in("names", List.of("a", "b c"))
                .in("none", List.of())
                .file("files", List.of(Path.of("/x"), Path.of("/y")), Direction.IN);
        assertThat(words("{{names}}", context)).containsExactly("a", "b c");
        assertThat(words("{{none}}", context)).isEmpty();
        assertThat(words("{{files}}", context)).containsExactly("/x", "/y");
        assertThatThrownBy(() -> words("--names={{names}}", context))
                .isInstanceOf(TaskError.class)
                .hasMessage(
                        "parameter 'names' is a list, for which there is no place in '--names={{names}}': as an argument"
                                + " of its own, \"{{names}}\" gives one argument for each element");
    }

    @Test
    void otherBracesAreLeftAlone() throws Exception {
        FakeContext context = context().in("x", 1);
        for (String literal : List.of("", "{{", "{{}}", "{{ x }}", "{{$a+1}}", "{x}", "}}{{", "a{{b c}}")) {
            assertThat(words(literal, context)).containsExactly(literal);
        }
        assertThat(text("{{{x}}}{{$y}}{{x}}", context)).isEqualTo("{1}{{$y}}1");
    }

    @Test
    void anUnboundNameIsRefused() {
        assertThatThrownBy(() -> text("-i {{input}}", context().in("inptu", 1)))
                .isInstanceOfSatisfying(
                        TaskError.class, e -> assertThat(e.retriable()).isFalse())
                .hasMessageContaining("uses {{input}}, which is neither bound ([inptu] are) nor one of {{task.cores}}");
        assertThatThrownBy(() -> text("{{task.core}}", context())).hasMessageContaining("{{task.core}}");
    }

    @Test
    void valuesWithoutATextAreRefusedByName() {
        FakeContext context = context()
                .in("bytes", new byte[3])
                .in("map", Map.of())
                .in("nothing", null)
                .in("nul", "a\0b")
                .out("later");
        assertThatThrownBy(() -> text("{{bytes}}", context))
                .hasMessage(
                        "parameter 'bytes' is an array (byte[]), which has no text for a command line: bind a text, a"
                                + " number or a file");
        assertThatThrownBy(() -> text("{{map}}", context)).hasMessageContaining("parameter 'map' is an object (");
        assertThatThrownBy(() -> text("{{nothing}}", context)).hasMessageContaining("parameter 'nothing' is null");
        assertThatThrownBy(() -> text("{{nul}}", context)).hasMessageContaining("'nul' contains a NUL character");
        assertThatThrownBy(() -> text("-o {{later}}", context))
                .hasMessageContaining("parameter 'later' in '-o {{later}}' is an object that the task writes");
    }
}
