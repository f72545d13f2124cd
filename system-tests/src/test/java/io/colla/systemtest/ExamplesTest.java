package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples on this machine, in one JVM and with three worker JVMs. */
@Tag("process")
@Timeout(180)
class ExamplesTest extends ThisMachine {
    @ParameterizedTest
    @CsvSource({
        "hmmer --quick --verify, verified: all, embedded",
        "hmmer --quick --verify, verified: all, local:3",
        "product --size 512 --block 64 --verify, residual of C against the plain product, embedded",
        "product --size 512 --block 64 --verify, residual of C against the plain product, local:3",
        "cholesky --size 512 --block 64 --verify, residual of L against the plain algorithm, embedded",
        "cholesky --size 512 --block 64 --verify, residual of L against the plain algorithm, local:3",
        "wordcount /usr/share/common-licenses --bytes 20000 --verify, verified: equal to counting, embedded",
        "wordcount /usr/share/common-licenses --bytes 20000 --verify, verified: equal to counting, local:3"
    })
    void anExample(String line, String proof, String workers) throws Exception {
        example(List.of("--workers", workers), line.split(" "))
                .await()
                .hasCode(0)
                .prints(proof);
        if (workers.equals("local:3")) {
            for (int i = 1; i <= 3; i++) {
                String node = "local-" + i;
                assertThat(placements()).as("placements").anyMatch(row -> row.matches("[^,]*," + node + ",[1-9].*"));
            }
        }
    }
}
