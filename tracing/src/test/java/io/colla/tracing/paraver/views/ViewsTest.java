package io.colla.tracing.paraver.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.EventTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ViewsTest {
    @TempDir
    Path folder;

    static Stream<View> views() {
        return Views.all().stream();
    }

    @ParameterizedTest
    @MethodSource("views")
    void aViewIsWhatParaverReads(View view) {
        CfgReader read = CfgReader.read(view.text());
        assertThat(read.types.keySet()).isEqualTo(view.events());
        read.types.forEach((type, label) -> assertThat(label)
                .as("Paraver looks types up by label first")
                .isEqualTo(EventTypes.of(type).label())
                .isNotEqualTo("Event " + type));
    }

    @Test
    void viewsHaveNamesOfTheirOwn() {
        assertThat(views().map(View::name)).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z_]+"));
    }

    @Test
    void aTraceHasTheViewsThatShowSomethingOfIt() throws IOException {
        List<Path> files = Views.write(Views.of(Set.of(EventTypes.TASK, EventTypes.TASK_TYPE)), folder.resolve("cfgs"));
        assertThat(files)
                .contains(folder.resolve("cfgs/tasks.cfg"), folder.resolve("cfgs/overhead.cfg"))
                .contains(folder.resolve("cfgs/transfers.cfg"))
                .doesNotContain(folder.resolve("cfgs/inside_tasks.cfg"))
                .allSatisfy(file -> CfgReader.read(Files.readString(file)));
    }
}
