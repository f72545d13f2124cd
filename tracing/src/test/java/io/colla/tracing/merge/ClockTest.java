package io.colla.tracing.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int SEEDS = 100;

    /** A node whose clock is another and goes at another speed, and the way to it, which takes longer in one direction than in the other. */
    private static final class Node {
        final Random random;
        final long offset;
        final double drift;
        /** Changes the speed in the course of the run, by this in all. */
        final double wander;

        final long there;
        final long back;
        final long length;

        Node(Random random, double wander) {
            this.random = random;
            this.offset = random.nextLong() >> 10;
            this.drift = (random.nextDouble() * 2 - 1) * 100e-6;
            this.wander = wander;
            this.there = 5_000 + random.nextInt(200_000);
            this.back = 5_000 + random.nextInt(200_000);
            this.length = SECOND / 5 + (random.nextLong() & Long.MAX_VALUE) % (7200 * SECOND);
        }

        long says(long master) {
            double whole = drift * master + wander * master / length * master / 2;
            return master + offset + Math.round(whole);
        }

        /** A message takes at least its way, and sometimes much longer. */
        long takes(long way) {
            double slow = random.nextInt(4) == 0 ? random.nextDouble() * 20 : random.nextDouble() * 0.3;
            return way + Math.round(way * slow);
        }

        Clock.Reading read(long asked) {
            long said = asked + takes(there);
            long answered = said + takes(back);
            long took = answered - asked;
            return new Clock.Reading(answered - took / 2, says(said), took);
        }

        /** Some when the node joins, one every two seconds, some at the end. */
        List<Clock.Reading> readings(boolean killed) {
            List<Clock.Reading> all = new ArrayList<>();
            long time = 1000;
            for (int i = 0; i < 5; i++) {
                all.add(read(time));
                time += 20_000;
            }
            for (time = 2 * SECOND; time < length - SECOND; time += 2 * SECOND) {
                all.add(read(time));
            }
            for (int i = 0; i < 5 && !killed; i++) {
                all.add(read(length - SECOND / 10 + i * 20_000));
            }
            all.sort((a, b) -> Long.compare(a.node(), b.node()));
            return all;
        }
    }

    @Test
    void noMessageIsReceivedBeforeItWasSent() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Node node = new Node(new Random(seed), 0);
            Clock clock = Clock.of(node.readings(false));
            for (int i = 0; i < 200; i++) {
                long sent = (node.random.nextLong() & Long.MAX_VALUE) % node.length;
                // As those that ask: at most by the tenth that the readings cannot tell.
                long there = node.takes(node.there) * 2;
                assertThat(clock.toMaster(node.says(sent + there)))
                        .as("seed %d, to the node after %d of %d ns", seed, sent, node.length)
                        .isGreaterThanOrEqualTo(sent);
                long back = node.takes(node.back) * 2;
                assertThat(sent + back)
                        .as("seed %d, from the node after %d of %d ns", seed, sent, node.length)
                        .isGreaterThanOrEqualTo(clock.toMaster(node.says(sent)));
            }
        }
    }

    @Test
    void whatWasReadIsBetweenQuestionAndAnswer() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Node node = new Node(new Random(seed), 0);
            List<Clock.Reading> readings = node.readings(seed % 3 == 0);
            Clock clock = Clock.of(readings);
            for (Clock.Reading reading : readings) {
                assertThat(Math.abs(clock.toMaster(reading.node()) - reading.master()))
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(reading.took() / 2 + 2);
            }
        }
    }

    @Test
    void itIsNoMoreWrongThanItSays() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Node node = new Node(new Random(seed), 0);
            Clock clock = Clock.of(node.readings(false));
            assertThat(clock.error()).as("seed %d", seed).isLessThanOrEqualTo(node.there + node.back);
            for (int part = 0; part <= 100; part++) {
                long time = node.length / 100 * part;
                // Where two lines fit, the truth may be a little beside the middle one, but not beyond the bounds.
                assertThat(Math.abs(clock.toMaster(node.says(time)) - time))
                        .as("seed %d, %d %% of %d ns", seed, part, node.length)
                        .isLessThanOrEqualTo(2 * clock.error() + 2);
            }
        }
    }

    @Test
    void aDriftThatChangesIsFollowed() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Node node = new Node(new Random(seed), 40e-6);
            Clock clock = Clock.of(node.readings(false));
            for (int part = 0; part <= 100; part++) {
                long time = node.length / 100 * part;
                assertThat(Math.abs(clock.toMaster(node.says(time)) - time))
                        .as("seed %d, %d %% of %d ns", seed, part, node.length)
                        .isLessThanOrEqualTo(2 * (node.there + node.back));
            }
        }
    }

    @Test
    void aRunThatWasKilledAtOnceHasNoDriftOfItsReadingsErrors() {
        Node node = new Node(new Random(7), 0);
        List<Clock.Reading> first = node.readings(true).subList(0, 5);
        Clock clock = Clock.of(first);
        long later = 2 * SECOND;
        assertThat(Math.abs(clock.toMaster(node.says(later)) - later))
                .isLessThanOrEqualTo(clock.error() + Math.round(later * 100e-6));
    }

    @Test
    void withoutReadingsItIsTheMasters() {
        assertThat(Clock.of(List.of()).toMaster(4711)).isEqualTo(4711);
    }

    @Test
    void oneReadingTellsTheOffset() {
        assertThat(Clock.of(List.of(new Clock.Reading(100, 1100, 20))).toMaster(5000))
                .isEqualTo(4000);
    }
}
