package io.colla.pbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** exec_host and exec_vnode as PBS and Torque write them. */
class GivenTest {
    private static String cores(String execHost, String execVnode) {
        StringBuilder text = new StringBuilder();
        Given.byHost(execHost, execVnode)
                .forEach((host, given) ->
                        text.append(host).append(' ').append(given.cores()).append(' '));
        return text.toString().strip();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node1/0*2+node1/1*2 | (node1:ncpus=2:mem=204800kb)+(node1:ncpus=2:mem=204800kb) | node1 4",
                "node1/0*4+node2/0*2+node3/0*2 | (node1:ncpus=4)+(node2:ncpus=2)+(node3:ncpus=2) | node1 4 node2 2 node3 2",
                "node1/0*4+node2/0*2 | (node1:ncpus=4)+(node2:ncpus=2) | node1 4 node2 2",
                "node1/0+node1/1+node1/2+node1/3+node2/0 | (node1:ncpus=1)+(node1:ncpus=1)+(node1:ncpus=1)+(node1:ncpus=1)+(node2:ncpus=1) | node1 4 node2 1",
                "node1/0*2+node2/0*2 | (node1:ncpus=2)+(node2:ncpus=2) | node1 2 node2 2",
                "node1/0+node2/0*2+node3/0*2 | (node1:ncpus=1)+(node2:ncpus=2)+(node3:ncpus=2) | node1 1 node2 2 node3 2",
                "node3/0*0 | (node3[0]:ncpus=2+node3[1]:ncpus=1) | node3 3",
                "node1/0*2+node3/0*0 | (node1:ncpus=2)+(node3[0]:ncpus=2:mem=1024kb+node3[1]:ncpus=2) | node1 2 node3 4",
                "n1.site.org:15002/0*2 | (n1:ncpus=2) | n1.site.org 2",
                "n1/0 | n1:ncpus=8 | n1 8",
                "n1/0-3+n2/0-3 | '' | n1 4 n2 4",
                "n1/3+n1/2 | '' | n1 2",
                "n1/0-1,3+n2/7 | '' | n1 3 n2 1",
                "n1/0*4 | '' | n1 4",
                "n1 | '' | n1 1",
            })
    void sumsByHost(String execHost, String execVnode, String expected) {
        assertThat(cores(execHost, execVnode)).isEqualTo(expected);
    }

    @Test
    void sumsMemoryOfVnodesAndChunks() {
        assertThat(Given.byHost("a/0*0+a/1", "(a[0]:ncpus=1:mem=1024kb+a[1]:mem=1kb)+(a[0]:mem=1b:ncpus=1)")
                        .get("a")
                        .memory())
                .isEqualTo(1025 * 1024 + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n1/0+n2/0 | (n1:ncpus=1) | exec_host has 2 chunks and exec_vnode 1",
                "/0 | (n1:ncpus=1) | a chunk without a host",
                "n1/0 | (n1:ncpus=two) | 'two'",
                "'' | '' | a chunk without a host",
            })
    void refusesWhatDoesNotFit(String execHost, String execVnode, String message) {
        assertThatThrownBy(() -> Given.byHost(execHost, execVnode))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
