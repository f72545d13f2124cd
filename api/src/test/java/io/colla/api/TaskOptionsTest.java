package io.colla.api;

import static io.colla.api.TaskOptions.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TaskOptionsTest {
    @Test
    void whatIsPutOverTheOptionsReplacesOnlyWhatItSets() {
        TaskOptions below = options().cores(2).memory("1G").gpus(1).priority(5).retries(1);
        TaskOptions above = options().cores(4).resource("licence", 2).timeout(Duration.ofSeconds(3));

        TaskOptions both = below.and(above);

        assertThat(both.cores()).isEqualTo(4);
        assertThat(both.memory()).isEqualTo(1L << 30);
        assertThat(both.resources()).containsOnlyKeys("gpu", "licence");
        assertThat(both.priority()).isEqualTo(5);
        assertThat(both.retries()).isEqualTo(1);
        assertThat(both.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(both.onFailure()).isNull();
    }

    @Test
    void anImpossibleAmountIsNamed() {
        assertThatThrownBy(() -> options().cores(0))
                .isInstanceOf(UsageException.class)
                .hasMessage("task option cores is 0; it must be at least 1");
        assertThatThrownBy(() -> options().memory("4 apples"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'4 apples'");
    }

    @Test
    void aProgramsShorthandsKeepWhatItHad() {
        BinaryTask program = BinaryTask.of("solve", "{{mesh}}")
                .with(options().retries(7))
                .name("solver")
                .cores(2)
                .memory("4G");

        assertThat(program.options())
                .isEqualTo(options().retries(7).name("solver").cores(2).memory(4L << 30));
        assertThat(program.arguments()).containsExactly("{{mesh}}");
    }
}
