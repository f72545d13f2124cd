package io.colla.api;

import static io.colla.api.TaskOptions.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RanksTest {
    private static int[] elements(Layout layout, int rank, int ranks, int elements) {
        return layout.blocksOf(rank, ranks, elements)
                .flatMapToInt(block -> IntStream.range(block.from(), block.to()))
                .toArray();
    }

    @Test
    void eachRankGetsItsBlock() {
        Layout halves = new Layout(2, 3, 3);
        assertThat(elements(halves, 0, 2, 6)).containsExactly(0, 1, 2);
        assertThat(elements(halves, 1, 2, 6)).containsExactly(3, 4, 5);
    }

    @Test
    void blocksMayOverlapAndTheLastMayBeShort() {
        Layout halo = new Layout(0, 4, 2);
        assertThat(elements(halo, 0, 3, 7)).containsExactly(0, 1, 2, 3);
        assertThat(elements(halo, 1, 3, 7)).containsExactly(2, 3, 4, 5);
        assertThat(elements(halo, 2, 3, 7)).containsExactly(4, 5, 6);
    }

    @Test
    void moreBlocksThanRanksGoRound() {
        Layout rows = Layout.blocks(5, 2);
        assertThat(elements(rows, 0, 2, 10)).containsExactly(0, 1, 4, 5, 8, 9);
        assertThat(elements(rows, 1, 2, 10)).containsExactly(2, 3, 6, 7);
    }

    @Test
    void aRankWithoutBlockGetsNothing() {
        assertThat(elements(Layout.blocks(1, 2), 1, 2, 10)).isEmpty();
        assertThat(elements(new Layout(0, 2, Integer.MAX_VALUE), 3, 4, 10)).isEmpty();
    }

    @Test
    void anImpossibleNumberIsNamed() {
        assertThatThrownBy(() -> Ranks.of(0))
                .isInstanceOf(UsageException.class)
                .hasMessage("task option ranks is 0; it must be at least 1");
        assertThatThrownBy(() -> Ranks.of(2).perNode(-1)).hasMessageContaining("ranks per node is -1");
        assertThatThrownBy(() -> new Layout(1, 0, 1)).hasMessageContaining("block length of a layout is 0");
        assertThatThrownBy(() -> new Layout(1, 1, 0)).hasMessageContaining("stride of a layout is 0");
    }

    @Test
    void ranksAndNodesExcludeEachOther() {
        assertThatThrownBy(() -> options().nodes(2).and(options().ranks(4)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("either nodes or ranks");
    }

    @Test
    void eachChangeKeepsTheRest() {
        Ranks ranks = Ranks.of(6)
                .perNode(2)
                .spread()
                .exclusive()
                .launcher("srun")
                .flags("-v")
                .layout("xs", Layout.blocks(3))
                .gathered()
                .flags("-x");

        assertThat(ranks.count(4))
                .isEqualTo(new Ranks(
                        4,
                        2,
                        Fill.SPREAD,
                        true,
                        "srun",
                        java.util.List.of("-v", "-x"),
                        java.util.Map.of("xs", new Layout(0, 3, 3)),
                        true));
        assertThat(ranks.packed().fill()).isEqualTo(Fill.PACKED);
    }

    @Test
    void theRanksOfAJobAreThoseOfItsPrograms() {
        MpmdTask job = MpmdTask.of(
                        BinaryTask.of("ocean", "{{grid}}").ranks(4),
                        BinaryTask.of("ice").ranks(1))
                .place(ranks -> ranks.perNode(2).count(99))
                .cores(2)
                .program(BinaryTask.of("air").ranks(2));

        assertThat(job.options().ranks()).isEqualTo(Ranks.of(7).perNode(2));
        assertThat(job.options().cores()).isEqualTo(2);
    }

    @Test
    void aProgramOfAJobSetsItsRanksOnly() {
        BinaryTask ocean = BinaryTask.of("ocean").ranks(4);
        assertThatThrownBy(() -> MpmdTask.of(BinaryTask.of("ocean")))
                .hasMessageContaining("program ocean of an MPI job needs its number of ranks");
        assertThatThrownBy(() -> MpmdTask.of(ocean.stdout("out"))).hasMessageContaining("sets stdout");
        assertThatThrownBy(() -> MpmdTask.of(ocean.cores(2))).hasMessageContaining("only the number of ranks");
        assertThatThrownBy(() -> MpmdTask.of()).hasMessageContaining("at least one program");
    }
}
