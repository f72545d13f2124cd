package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.SettingsLoader;
import io.colla.platform.Allocation;
import io.colla.platform.NodeShare;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MasterNodeTest {
    private static final Allocation JOB = allocation("slurm", "node1", "node2.site.example");

    private static Allocation allocation(String source, String... names) {
        List<NodeShare> nodes = List.of(names).stream()
                .map(name -> new NodeShare(name, 4, List.of(0, 1, 2, 3), 1000, Map.of(), Map.of()))
                .toList();
        return new Allocation(source, "7", nodes, null, List.of("a note"));
    }

    private static Settings settings(String cores, String memory) {
        Map<Option<?>, List<String>> flags = new HashMap<>();
        if (!cores.isEmpty()) {
            flags.put(Options.MASTER_CORES, List.of(cores));
        }
        if (!memory.isEmpty()) {
            flags.put(Options.MASTER_MEMORY, List.of(memory));
        }
        return new SettingsLoader(Map.of(), Path.of("/nowhere"), null, null).load(flags, null);
    }

    private static List<String> shares(Allocation allocation) {
        return allocation.nodes().stream()
                .map(node ->
                        node.name() + " " + node.cores() + " " + node.cpus().size() + " " + node.memory())
                .toList();
    }

    @Test
    void limitsOnlyTheNodeOfTheMainProgram() {
        Allocation capped = new MasterNode("node1").capped(JOB, settings("1", "500"));
        assertThat(shares(capped)).containsExactly("node1 1 1 500", "node2.site.example 4 4 1000");
        assertThat(capped.notes()).containsExactly("a note");
    }

    @Test
    void knowsTheNodeWithAndWithoutItsDomain() {
        assertThat(shares(new MasterNode("node2").capped(JOB, settings("2", ""))))
                .containsExactly("node1 4 4 1000", "node2.site.example 2 2 1000");
        assertThat(shares(new MasterNode("node1.site.example").capped(JOB, settings("", "10"))))
                .containsExactly("node1 4 4 10", "node2.site.example 4 4 1000");
    }

    @Test
    void withoutCoresTheNodeIsLeftToTheMainProgram() {
        assertThat(shares(new MasterNode("node1").capped(JOB, settings("0", ""))))
                .containsExactly("node2.site.example 4 4 1000");
    }

    @Test
    void aMainProgramOutsideOfTheJobTakesNothing() {
        assertThat(new MasterNode("login").capped(JOB, settings("0", "1"))).isEqualTo(JOB);
    }

    @Test
    void onOneMachineWithoutABatchSystemNothingIsTaken() {
        Allocation here = allocation("local", "node1");
        assertThat(new MasterNode("node1").capped(here, settings("0", ""))).isSameAs(here);
    }

    @Test
    void saysThatNoNodeIsLeft() {
        Allocation single = allocation("slurm", "node1");
        assertThatThrownBy(() -> new MasterNode("node1").capped(single, settings("0", "")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--master-cores 0 leaves no node");
    }
}
