package io.colla.python.gateway.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamBrokerTest {
    private static final int PROGRAM = -1;
    private static final int FOREVER = -1;

    @TempDir
    Path folder;

    private StreamBroker broker;

    @BeforeEach
    void open() {
        broker = new StreamBroker(folder, 64);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void anAliasNamesOneStreamAndNoAliasNone() {
        assertThat(open("numbers", 0)).isEqualTo(0);
        assertThat(open("", 0)).isEqualTo(1);
        assertThat(open("", 0)).isEqualTo(2);
        assertThat(open("numbers", 0)).isEqualTo(0);
    }

    @Test
    void aPollTakesAllThatIsThere() {
        int stream = open("", 0);
        publish(stream, "a", "b");
        assertThat(texts(poll(stream, 1, 1, 0))).containsExactly("a", "b");
        assertThat(texts(poll(stream, 1, 1, 0))).isEmpty();
    }

    @Test
    void aWaitingPollIsAnsweredByTheNextPublicationAndTheOldestFirst() {
        int stream = open("", 0);
        BlockingQueue<byte[]> first = poll(stream, 1, 1, FOREVER);
        BlockingQueue<byte[]> second = poll(stream, 2, 1, FOREVER);
        assertThat(first).isEmpty();
        publish(stream, "a");
        assertThat(texts(first)).containsExactly("a");
        assertThat(second).isEmpty();
        publish(stream, "b");
        assertThat(texts(second)).containsExactly("b");
    }

    @Test
    void aPollIsAnsweredWhenItsTimeIsOverAndTakesNothingAfterThat() throws InterruptedException {
        int stream = open("", 0);
        BlockingQueue<byte[]> poll = poll(stream, 1, 1, 10);
        assertThat(poll.poll(10, TimeUnit.SECONDS)).containsExactly(0);
        publish(stream, "a");
        assertThat(texts(poll(stream, 2, 1, 0))).containsExactly("a");
    }

    @Test
    void closingAnswersThoseWhoWait() {
        int stream = open("", 0);
        BlockingQueue<byte[]> poll = poll(stream, 1, 1, FOREVER);
        BlockingQueue<byte[]> closing = ask(message(7, stream).number(FOREVER));
        close(stream, PROGRAM);
        assertThat(texts(poll)).isEmpty();
        assertThat(closing.poll()).containsExactly(0, 1);
    }

    @Test
    void aStreamIsClosedForReadersWhenNothingIsLeft() {
        int stream = open("", 0);
        publish(stream, "a");
        assertThat(isClosed(stream)).isFalse();
        close(stream, PROGRAM);
        assertThat(isClosed(stream)).isFalse();
        poll(stream, 1, 1, 0);
        assertThat(isClosed(stream)).isTrue();
    }

    @Test
    void aStreamIsClosedWhenAllItsWritersHaveClosedItOrEnded() {
        int stream = open("", 0);
        ask(message(4, stream));
        ask(message(4, stream));
        ask(message(4, stream));
        ask(message(9, stream).number(5).number(1));
        close(stream, 6);
        close(stream, 6);
        assertThat(isClosed(stream)).isFalse();
        ask(message(9, stream).number(7).number(1));
        assertThat(isClosed(stream)).isTrue();
    }

    @Test
    void writersThatEndWithoutAnybodyClosingLeaveTheStreamOpen() {
        int stream = open("", 0);
        ask(message(4, stream));
        ask(message(9, stream).number(5).number(1));
        assertThat(isClosed(stream)).isFalse();
        close(stream, PROGRAM);
        assertThat(isClosed(stream)).isTrue();
    }

    @Test
    void whatAFailedAttemptPolledIsGoneIfEachElementIsDeliveredAtMostOnce() {
        int stream = open("", 0);
        publish(stream, "a");
        poll(stream, 1, 1, 0);
        assertThat(texts(poll(stream, 1, 2, 0))).isEmpty();
    }

    @Test
    void theLastPollOfAFailedAttemptIsRepeatedIfEachElementIsDeliveredAtLeastOnce() {
        int stream = open("", 1);
        publish(stream, "a");
        poll(stream, 1, 1, 0);
        publish(stream, "b");
        poll(stream, 1, 1, 0);
        publish(stream, "c");
        assertThat(texts(poll(stream, 1, 2, 0))).containsExactly("b", "c");
    }

    @Test
    void allPollsOfAFailedAttemptAreRepeatedIfEachElementIsDeliveredExactlyOnce() {
        int stream = open("", 2);
        publish(stream, "a");
        poll(stream, 1, 1, 0);
        publish(stream, "b");
        poll(stream, 1, 1, 0);
        publish(stream, "c");
        assertThat(texts(poll(stream, 9, 1, 0))).containsExactly("c");
        assertThat(texts(poll(stream, 1, 2, 0))).containsExactly("a", "b");
        assertThat(texts(poll(stream, 1, 3, 0))).containsExactly("a", "b");
    }

    @Test
    void whatAFailedAttemptPolledIsGivenToOthersAtOnceIfTheModeSaysSo() {
        for (int mode = 0; mode < 3; mode++) {
            int stream = open("", mode);
            publish(stream, "a");
            poll(stream, 1, 1, 0);
            publish(stream, "b");
            poll(stream, 1, 1, 0);
            BlockingQueue<byte[]> other = poll(stream, 2, 1, 0);
            assertThat(texts(other)).isEmpty();
            other = poll(stream, 2, 1, FOREVER);
            ended(1, 1, false);
            switch (mode) {
                case 0 -> assertThat(other).isEmpty();
                case 1 -> assertThat(texts(other)).containsExactly("b");
                default -> assertThat(texts(other)).containsExactly("a", "b");
            }
            ended(2, 1, true);
        }
    }

    @Test
    void whatAnAttemptPolledThatSucceededIsForgotten() {
        int stream = open("", 2);
        publish(stream, "a");
        poll(stream, 1, 1, 0);
        ended(1, 1, true);
        assertThat(texts(poll(stream, 1, 2, 0))).isEmpty();
    }

    @Test
    void anAttemptThatHasEndedOrIsLostGetsNothingMore() {
        int stream = open("", 0);
        BlockingQueue<byte[]> ended = poll(stream, 1, 1, FOREVER);
        BlockingQueue<byte[]> lost = poll(stream, 2, 1, FOREVER);
        ended(1, 1, false);
        broker.lost(2, 1);
        publish(stream, "a");
        assertThat(ended).isEmpty();
        assertThat(lost).isEmpty();
        assertThat(texts(poll(stream, 3, 1, 0))).containsExactly("a");
    }

    @Test
    void anAttemptThatIsReplacedGetsNothingMore() {
        int stream = open("", 0);
        BlockingQueue<byte[]> former = poll(stream, 1, 1, FOREVER);
        BlockingQueue<byte[]> next = poll(stream, 1, 2, FOREVER);
        publish(stream, "a");
        assertThat(former).isEmpty();
        assertThat(texts(next)).containsExactly("a");
    }

    @Test
    void aQuestionThatIsWithdrawnTakesNothing() {
        int stream = open("", 0);
        List<byte[]> answers = new ArrayList<>();
        Runnable withdraw = broker.ask(
                message(2, stream).number(1).number(1).number(FOREVER).bytes.toByteArray(), answers::add);
        withdraw.run();
        publish(stream, "a");
        assertThat(answers).isEmpty();
        assertThat(texts(poll(stream, 1, 1, 0))).containsExactly("a");
    }

    @Test
    void afterTheRunEveryQuestionIsAnsweredBySayingSo() {
        int stream = open("", 0);
        broker.close();
        assertThat(ask(message(6, stream)).remove()[0]).isEqualTo((byte) 1);
    }

    @Test
    void elementsBeyondTheMemoryAreKeptOnDiskInOrderAndLeaveNothing() throws Exception {
        int stream = open("", 0);
        String[] published = new String[20];
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < published.length; i++) {
                published[i] = "element " + round + " " + i;
            }
            publish(stream, published);
            assertThat(texts(poll(stream, 1, 1, 0))).containsExactly(published);
        }
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aNameIsClaimedOnce() {
        int stream = open("", 0);
        assertThat(texts(ask(message(3, stream).part("a").part("b")))).containsExactly("a", "b");
        assertThat(texts(ask(message(8, stream).part("a").part("c")))).containsExactly("c");
        assertThat(texts(ask(message(3, stream).part("c").part("b")))).containsExactly("c");
        assertThat(texts(ask(message(3, stream).part("\u00e9").part("\u00e8")))).containsExactly("\u00e9", "\u00e8");
    }

    @Test
    void whatIsNotAMessageIsAnsweredBySayingSo() {
        for (byte[] message : List.of(new byte[0], new byte[] {1, 0}, new byte[] {2, 9, 0, 0, 0}, new byte[] {0, 7})) {
            List<byte[]> answers = new ArrayList<>();
            broker.ask(message, answers::add);
            assertThat(answers).hasSize(1);
            assertThat(answers.get(0)[0]).isEqualTo((byte) 1);
        }
        int stream = open("", 0);
        assertThat(ask(message(1, stream).number(99)).remove()[0]).isEqualTo((byte) 1);
        assertThat(ask(message(77, stream)).remove()[0]).isEqualTo((byte) 1);
    }

    private int open(String alias, int mode) {
        byte[] answer = ask(new Message(0).octet(mode).text(alias)).remove();
        return ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).getInt(1);
    }

    private void publish(int stream, String... elements) {
        Message message = message(1, stream);
        for (String element : elements) {
            message.part(element);
        }
        assertThat(ask(message).remove()).containsExactly(0);
    }

    private BlockingQueue<byte[]> poll(int stream, int task, int attempt, int millis) {
        return ask(message(2, stream).number(task).number(attempt).number(millis));
    }

    private void close(int stream, int task) {
        ask(message(5, stream).number(task).number(1));
    }

    private void ended(int task, int attempt, boolean succeeded) {
        ask(new Message(10).number(task).number(attempt).octet(succeeded ? 1 : 0));
    }

    private boolean isClosed(int stream) {
        return ask(message(6, stream)).remove()[1] == 1;
    }

    private BlockingQueue<byte[]> ask(Message message) {
        BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
        broker.ask(message.bytes.toByteArray(), answers::add);
        return answers;
    }

    private static List<String> texts(BlockingQueue<byte[]> answers) {
        ByteBuffer answer = ByteBuffer.wrap(answers.remove()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(answer.get()).isZero();
        List<String> texts = new ArrayList<>();
        while (answer.hasRemaining()) {
            byte[] text = new byte[answer.getInt()];
            answer.get(text);
            texts.add(new String(text, StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static Message message(int operation, int stream) {
        return new Message(operation).number(stream);
    }

    private static final class Message {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message(int operation) {
            octet(operation);
        }

        Message octet(int value) {
            bytes.write(value);
            return this;
        }

        Message number(int value) {
            bytes.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
            return this;
        }

        Message text(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        Message part(String text) {
            number(text.getBytes(StandardCharsets.UTF_8).length);
            return text(text);
        }
    }
}
