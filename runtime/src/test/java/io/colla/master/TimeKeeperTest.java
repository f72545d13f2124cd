package io.colla.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.master.TimeKeeper.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeKeeperTest {
    private static final Instant START = Instant.parse("2026-11-26T10:00:00Z");
    private static final Instant END = START.plusSeconds(300);

    private final TimeKeeper keeper = new TimeKeeper("job 7", END, START);

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }

    @Test
    void theMarginIsATenthWithinLimits() {
        assertThat(TimeKeeper.margin(Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(5));
        assertThat(TimeKeeper.margin(Duration.ofSeconds(300))).isEqualTo(Duration.ofSeconds(30));
        assertThat(TimeKeeper.margin(Duration.ofHours(3))).isEqualTo(Duration.ofSeconds(60));
        assertThat(keeper.lastStart()).isEqualTo(at(270));
    }

    @Test
    void letsRunningTasksEndUntilHalfOfTheMarginIsLeft() {
        State state = new State(2, 5, false);
        assertThat(keeper.isDraining(at(269))).isFalse();
        assertThat(keeper.whyOver(state, at(269))).isNull();
        assertThat(keeper.isDraining(at(270))).isTrue();
        assertThat(keeper.whyOver(state, at(284))).isNull();
        assertThat(keeper.whyOver(state, at(285)))
                .contains("job 7 ends at", "(in 15 s)", "3 tasks were not begun", "2 tasks are broken off")
                .contains("--time", "--max-jobs");
        assertThat(keeper.whyOver(state, at(286))).as("said once").isNull();
    }

    @Test
    void endsAsSoonAsNothingRunsAnyMore() {
        assertThat(keeper.whyOver(new State(0, 3, false), at(271))).contains("3 tasks were not begun");
    }

    @Test
    void letsAProgramWithoutTasksGoOnForAWhile() {
        assertThat(keeper.whyOver(new State(0, 0, false), at(284))).isNull();
        assertThat(keeper.whyOver(new State(0, 0, false), at(285))).doesNotContain("--max-jobs", "task");
    }

    @Test
    void endsEarlyWhenNothingThatWaitsWouldEndInTime() {
        State stuck = new State(0, 4, true);
        assertThat(keeper.whyOver(stuck, at(100))).isNull();
        assertThat(keeper.whyOver(new State(1, 4, true), at(103)))
                .as("one runs again")
                .isNull();
        assertThat(keeper.whyOver(stuck, at(104))).isNull();
        assertThat(keeper.whyOver(stuck, at(106)))
                .contains("4 tasks were not begun, as those that are next take longer");
    }

    @Test
    void aWarningCountsOnlyNearTheEnd() {
        assertThat(keeper.warned(at(200))).isFalse();
        assertThat(keeper.isDraining(at(200))).isFalse();
        assertThat(keeper.warned(at(245))).isTrue();
        assertThat(keeper.isDraining(at(245))).isTrue();
    }
}
