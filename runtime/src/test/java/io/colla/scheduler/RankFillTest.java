package io.colla.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankFillTest {
    private static int[] fill(int count, int perNode, boolean spread, int... room) {
        return RankFill.distribute(new Requirement.Ranks(count, perNode, spread, false), room);
    }

    @Test
    void packedRanksTakeTheNodeThatFitsThemBest() {
        assertThat(fill(3, 0, false, 8, 4, 3, 2)).containsExactly(0, 0, 3, 0);
        assertThat(fill(3, 0, false, 8, 4, 4, 2)).containsExactly(0, 3, 0, 0);
    }

    @Test
    void packedRanksThatNoNodeTakesAloneFillTheRoomiestAndThenTheBestFit() {
        assertThat(fill(6, 0, false, 4, 4, 4)).containsExactly(4, 2, 0);
        assertThat(fill(6, 0, false, 3, 4, 2)).containsExactly(0, 4, 2);
        assertThat(fill(9, 0, false, 4, 1, 4)).containsExactly(4, 1, 4);
    }

    @Test
    void spreadRanksAreOnAsManyNodesAsCanBe() {
        assertThat(fill(6, 0, true, 4, 4, 4)).containsExactly(2, 2, 2);
        assertThat(fill(6, 0, true, 1, 4, 4)).containsExactly(1, 3, 2);
        assertThat(fill(2, 0, true, 1, 4, 3)).containsExactly(0, 1, 1);
    }

    @Test
    void ranksPerNodeLeaveTheRestToOneMore() {
        assertThat(fill(5, 2, false, 4, 2, 3, 1)).containsExactly(0, 2, 2, 1);
        assertThat(fill(4, 2, true, 4, 2, 3, 1)).containsExactly(2, 0, 2, 0);
        assertThat(fill(3, 4, false, 3, 4)).containsExactly(3, 0);
    }

    @Test
    void tooLittleRoomIsNone() {
        assertThat(fill(6, 0, false, 2, 3)).isNull();
        assertThat(fill(4, 2, false, 3, 1, 1)).isNull();
        assertThat(fill(5, 2, false, 2, 2)).isNull();
        assertThat(fill(1, 0, true)).isNull();
    }

    @Test
    void allRanksArePlacedExactlyWhenThereIsRoom() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            int[] room = random.ints(random.nextInt(6), 0, 6).toArray();
            int count = 1 + random.nextInt(12);
            int perNode = random.nextInt(4);
            int[] given = fill(count, perNode, random.nextBoolean(), room);
            assertThat(given != null)
                    .as("%d, %d per node in %s", count, perNode, Arrays.toString(room))
                    .isEqualTo(fits(count, perNode, room));
            if (given != null) {
                check(count, perNode, room, given);
            }
        }
    }

    private static boolean fits(int count, int perNode, int[] room) {
        if (perNode == 0) {
            return Arrays.stream(room).sum() >= count;
        }
        long full = Arrays.stream(room).filter(r -> r >= perNode).count();
        long part = Arrays.stream(room).filter(r -> r >= count % perNode).count();
        return full >= count / perNode && (count % perNode == 0 || part > count / perNode);
    }

    private static void check(int count, int perNode, int[] room, int[] given) {
        assertThat(Arrays.stream(given).sum()).isEqualTo(count);
        int notFull = 0;
        for (int i = 0; i < room.length; i++) {
            assertThat(given[i]).isBetween(0, room[i]);
            notFull += perNode > 0 && given[i] > 0 && given[i] < perNode ? 1 : 0;
            assertThat(perNode == 0 || given[i] <= perNode).isTrue();
        }
        assertThat(notFull).isLessThanOrEqualTo(1);
    }
}
