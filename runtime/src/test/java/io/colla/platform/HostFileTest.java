package io.colla.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostFileTest {
    private static final long GIB = 1 << 30;

    private static List<NodeShare> parse(String... lines) {
        return HostFile.parse("hosts", List.of(lines));
    }

    @Test
    void readsSharesAndProperties() {
        assertThat(parse(
                        "# our nodes",
                        "",
                        "node1   # whole",
                        "alice@node2 cores=8 memory=4G gpu=1 arch=aarch64",
                        "node3:4",
                        "node4 slots=2 max-slots=4"))
                .containsExactly(
                        new NodeShare("node1", 0, 0),
                        new NodeShare(
                                "node2",
                                8,
                                List.of(),
                                4 * GIB,
                                Map.of("gpu", 1),
                                Map.of("ssh.user", "alice", "arch", "aarch64")),
                        new NodeShare("node3", 4, 0),
                        new NodeShare("node4", 2, 0));
    }

    @Test
    void addsUpWhatIsThereAgain() {
        assertThat(parse("n1", "n2:2", "n1", "n2 cores=3 memory=1G gpu=1", "n2 memory=1G gpu=1"))
                .containsExactly(
                        new NodeShare("n1", 2, 0),
                        new NodeShare("n2", 6, List.of(), 2 * GIB, Map.of("gpu", 2), Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n1 cores=many|line 2: cores=many is not a number of cores",
                "n1 cores=0|line 2: cores=0 is not a number of cores",
                "n1:4 slots=4|line 2: the number of cores is there twice",
                "n1 8|line 2: '8' is not name=value, such as cores=8",
                "n1 memory=lots|line 2: 'lots' is not an amount of memory",
                "-oProxyCommand=x|line 2: '-oProxyCommand=x' is not a host",
                "a@-x|line 2: 'a@-x' is not a host",
                "b@first|line 2: host first is there for user a already"
            })
    void namesFileAndLine(String line, String message) {
        assertThatThrownBy(() -> parse("a@first", line))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("host file hosts, " + message);
    }

    @Test
    void wantsAHost() {
        assertThatThrownBy(() -> parse("# none"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("names no host");
        assertThatThrownBy(() -> HostFile.read(Path.of("there/is/none")))
                .isInstanceOf(UsageException.class)
                .hasMessage("host file there/is/none cannot be read: it does not exist");
    }
}
