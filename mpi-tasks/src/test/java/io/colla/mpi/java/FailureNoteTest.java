package io.colla.mpi.java;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.worker.FunctionCall;
import io.colla.worker.store.ValueCodec;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FailureNoteTest {
    private final ValueCodec codec = new ValueCodec(FailureNoteTest.class.getClassLoader());

    private FailureNote note(int rank, long millis, Throwable thrown) {
        return note(rank, false, millis, thrown);
    }

    private FailureNote note(int rank, boolean ofMpi, long millis, Throwable thrown) {
        return new FailureNote(rank, ofMpi, millis, FunctionCall.describe(thrown, codec, true, 128 << 10));
    }

    @Test
    void theFirstOfSeveralRanksIsFoundBetweenWhatTheyPrinted() {
        String early = "some words\n\n"
                + note(3, 1000, new IllegalStateException("first")).line();
        String late = note(0, 2000, new IllegalStateException("second")).line() + "more\n";

        FailureNote found =
                FailureNote.first(Map.of(0, late, 1, "nothing of it", 3, early)).orElseThrow();

        assertThat(found.rank()).isEqualTo(3);
        assertThat(found.thrown().message()).isEqualTo("java.lang.IllegalStateException: first");
        assertThat(found.thrown().retriable()).isTrue();
        assertThat(codec.fromBytes(found.thrown().exception()))
                .isInstanceOf(IllegalStateException.class)
                .extracting("message")
                .isEqualTo("first");
        assertThat(FailureNote.without(early)).isEqualTo("some words");
        assertThat(FailureNote.without(late)).isEqualTo("more");
    }

    @Test
    void anErrorOfMpiMayBeWhatAnotherRanksFailureLedTo() {
        String own = note(1, 2000, new IllegalStateException("cause")).line();
        String ofMpi =
                note(0, true, 1000, new IllegalStateException("peer is gone")).line();

        assertThat(FailureNote.first(Map.of(0, ofMpi, 1, own)).orElseThrow().rank())
                .isEqualTo(1);
        assertThat(FailureNote.first(Map.of(0, ofMpi)).orElseThrow().rank()).isZero();
    }

    @Test
    void aLineThatWasCutIsNoNote() {
        String line = note(1, 1, new IllegalStateException("cut")).line();

        assertThat(FailureNote.first(Map.of(1, line.substring(0, line.length() / 2))))
                .isEmpty();
        assertThat(FailureNote.first(Map.of(1, line.substring(30)))).isEmpty();
    }

    @Test
    void aLineIsNeverLongerThanWhatIsKept() {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        StringBuilder text = new StringBuilder();
        for (byte each : noise) {
            text.append((char) (' ' + (each & 63)));
        }

        String line = note(1, 1, new IllegalStateException(text.toString())).line();

        assertThat(line.length()).isLessThan(FailureNote.LONGEST + 100);
        FunctionCall.Thrown thrown =
                FailureNote.first(Map.of(1, line)).orElseThrow().thrown();
        assertThat(thrown.exception()).isNull();
        assertThat(thrown.message()).startsWith("java.lang.IllegalStateException: ");
    }
}
