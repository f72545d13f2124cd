package io.colla.python.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.TaskError;
import org.junit.jupiter.api.Test;

class RankNoteTest {
    /** As worker/rank.py writes it. */
    private static final String LINE =
            "colla-rank-failed eJxjYGCUL/zNcppRi4GBoSgxL1vBSCE/TcFYIT9PIS8/JdXISiEsMac01bWoKL/ISiG96PC2w/NTi9SBqv3zFLBq4AopSkxOTUpMzlZ41LCMi5GJGQAFjR9D";

    @Test
    void tellsWhatTheRankSaysAfterWhatItPrinted() {
        RankNote note = RankNote.in("a warning\n" + LINE + "\n").orElseThrow();
        assertThat(note.nanos()).isEqualTo(1234567890123L);
        TaskError failure = note.failure();
        assertThat(failure).hasMessage("rank 2 of 3 on node2: ValueError: größer");
        assertThat(failure.output()).isEqualTo("On rank 2 of 3 on node2:\nTraceback …\n");
        assertThat(failure.retriable()).isTrue();
        assertThat(failure.exception()).containsExactly(1, 2, 3);
    }

    @Test
    void doesNotTellWhatWasCut() {
        assertThat(RankNote.in(LINE.substring(0, LINE.length() - 20))).isEmpty();
        assertThat(RankNote.in("Traceback (most recent call last):")).isEmpty();
    }

    @Test
    void tellsWhyAnInterpreterWillNotDo() {
        assertThat(RankNote.unusable("x\ncolla.worker.rank: there is no mpi4py\ny"))
                .contains("there is no mpi4py");
        assertThat(RankNote.unusable("Segmentation fault")).isEmpty();
    }
}
