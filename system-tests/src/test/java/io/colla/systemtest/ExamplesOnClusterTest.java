package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples in batch jobs of three nodes: right results, and every node works. */
@Tag("cluster")
@Timeout(180)
class ExamplesOnClusterTest extends Cluster {
    @ParameterizedTest
    @CsvSource({
        "hmmer --quick --verify, verified: all",
        "product --size 512 --block 64 --verify, residual of C against the plain product",
        "cholesky --size 512 --block 64 --verify, residual of L against the plain algorithm",
        "wordcount /usr/share/common-licenses /usr/share/doc/bash --bytes 50000 --verify, verified: equal to counting"
    })
    void anExampleOnThreeNodes(String line, String proof) throws Exception {
        batch("-N3 -n3 -c2 --time=3", Home.example(List.of(), line.split(" ")))
                .await()
                .hasCode(0)
                .prints(proof)
                .says("6 cores on 3 nodes");
        for (String node : NODES) {
            assertThat(placements()).as("placements").anyMatch(row -> row.matches("[^,]*," + node + ",[1-9].*"));
        }
    }
}
