package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import io.colla.tracing.merge.SubTraces;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TraceMergeCommandTest {
    private static final Path HERE = Path.of("/here");

    @Test
    void aTraceIsNamedWithItsHostAndTime() {
        assertThat(TraceMergeCommand.named("heat.prv", HERE))
                .isEqualTo(new SubTraces.Named(Path.of("/here/heat.prv"), null, null));
        assertThat(TraceMergeCommand.named("/a/b.c@d+1.prv.gz@node-3.site+2.5", HERE))
                .isEqualTo(new SubTraces.Named(Path.of("/a/b.c@d+1.prv.gz"), "node-3.site", 2_500_000_000L));
        assertThat(TraceMergeCommand.named("x.prv@node-13", HERE))
                .as("hosts are often called so")
                .isEqualTo(new SubTraces.Named(Path.of("/here/x.prv"), "node-13", null));
        assertThat(TraceMergeCommand.named("x.prv-0.000000001", HERE).offset()).isEqualTo(-1L);
    }

    @Test
    void anythingElseIsSaidSo() {
        assertThatThrownBy(() -> TraceMergeCommand.named("heat.txt", HERE))
                .isInstanceOf(UsageException.class)
                .hasMessage("--with 'heat.txt' is no FILE.prv[@HOST][+SECONDS], such as heat.prv@node3+2.5");
    }
}
