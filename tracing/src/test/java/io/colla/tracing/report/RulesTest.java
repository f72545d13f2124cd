package io.colla.tracing.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.EventTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule on a trace where it must speak, and on one that is near where it must not. */
class RulesTest {
    @TempDir
    Path folder;

    private List<Advice> advice(SmallTrace trace, double length) throws IOException {
        return trace.report(folder, length).advice();
    }

    private static void assertSilent(List<Advice> advice, String... kinds) {
        assertThat(advice).extracting(Advice::kind).doesNotContain(kinds);
    }

    private static Advice only(List<Advice> advice, String kind) {
        List<Advice> found =
                advice.stream().filter(each -> each.kind().equals(kind)).toList();
        assertThat(found).as(kind + " in " + advice).hasSize(1);
        return found.get(0);
    }

    /** Tasks one after the other on every core, back to back with what the runtime takes. */
    private static SmallTrace bag(int nodes, int cores, int each, double lasts, double before) {
        SmallTrace trace = new SmallTrace(nodes, cores);
        for (int i = 0; i < each; i++) {
            for (int node = 1; node <= nodes; node++) {
                for (int core = 0; core < cores; core++) {
                    trace.task("f", node, core, before + i * (lasts + before), lasts, before, 0, 1, 0);
                }
            }
        }
        return trace;
    }

    @Test
    void aWellFilledRunNeedsNoAdvice() throws IOException {
        SmallTrace trace = bag(2, 4, 50, 10, 0.1).call(0, 505, 6);
        assertThat(advice(trace, 505)).isEmpty();
        assertThat(ReportText.of(trace.report(folder, 505), false))
                .contains("Nothing stands out: the cores were in tasks for 99 % of their time.");
    }

    @Test
    void shortTasksAreToBeLarger() throws IOException {
        Advice advice = only(advice(bag(1, 2, 50, 0.8, 0.1), 45), "short-tasks");
        assertThat(advice.what()).isEqualTo("Tasks of `f` last 800 µs; the runtime costs 100 µs each.");
        assertThat(advice.todo()).isEqualTo("Make them about 7 times larger: let one task do the work of 7.");
        assertSilent(advice(bag(1, 2, 50, 1.1, 0.1), 60), "short-tasks");
    }

    @Test
    void aFewShortTasksAreNothingToSpeakOf() throws IOException {
        assertSilent(advice(bag(1, 2, 3, 0.2, 0.1), 1), "short-tasks");
        SmallTrace beside = bag(1, 2, 50, 10, 0.01);
        for (int i = 0; i < 30; i++) {
            beside.task("tiny", 1, 0, 501 + i * 0.02, 0.01, 0.005, 0, 1, 0);
        }
        assertSilent(advice(beside, 502), "short-tasks");
    }

    @Test
    void tooFewTasksForTheCores() throws IOException {
        SmallTrace five = new SmallTrace(2, 4);
        for (int i = 0; i < 5; i++) {
            five.task("f", 1 + i / 4, i % 4, 0, 100);
        }
        assertThat(only(advice(five, 100), "few-tasks").what())
                .isEqualTo(
                        "There are fewer tasks (5) than cores (8): cores were idle 38 % of the time between the first task and the last.");
        SmallTrace twice = new SmallTrace(1, 4);
        for (int i = 0; i < 5; i++) {
            twice.task("f", 1, i % 4, i / 4 * 100, 100);
        }
        assertThat(only(advice(twice, 200), "few-tasks").what())
                .startsWith("There are only 1.3 tasks for each of the 4 cores");
        SmallTrace wide = new SmallTrace(1, 4);
        wide.task("f", 1, 0, 0, 100, 0, 0, 4, 0);
        assertSilent(advice(wide, 100), "few-tasks");
    }

    @Test
    void aLongChainIsNotHelpedByNodes() throws IOException {
        SmallTrace chain = new SmallTrace(1, 4);
        SmallTrace wide = new SmallTrace(1, 4);
        int before = 0;
        for (int i = 0; i < 20; i++) {
            int next = chain.task("step", 1, 0, i * 10, 10);
            chain.task("side", 1, 1, i * 10, 5);
            if (before > 0) {
                chain.dependency(before, next);
            }
            before = next;
            for (int core = 0; core < 4; core++) {
                int same = wide.task("step", 1, core, i * 10, 10);
                if (i > 0) {
                    wide.dependency(same - 4, same);
                }
            }
        }
        Advice advice = only(advice(chain, 200), "critical-path");
        assertThat(advice.what())
                .isEqualTo(
                        "A chain of 20 tasks that need each other takes 200 ms of the 200 ms from the first task to the last; it could keep only 1.50 cores busy.");
        assertThat(advice.todo())
                .isEqualTo("More nodes will not help. Shorten the chain: `step` is 100 % of it (20 tasks).");
        assertSilent(advice(chain, 200), "few-tasks", "tail");
        assertThat(advice(wide, 200))
                .as("as long a chain that leaves no core idle")
                .isEmpty();
    }

    @Test
    void aMainProgramThatDoesTheWorkItself() throws IOException {
        SmallTrace own = new SmallTrace(1, 2);
        SmallTrace waiting = new SmallTrace(1, 2);
        for (int i = 0; i < 10; i++) {
            own.call(i * 20, 10, 6);
            waiting.call(i * 20, 20, 6);
            for (int core = 0; core < 2; core++) {
                own.task("f", 1, core, i * 20, 10);
                waiting.task("f", 1, core, i * 20, 10);
            }
        }
        Advice advice = only(advice(own, 190), "main-program");
        assertThat(advice.what())
                .isEqualTo(
                        "Cores had nothing to do for 47 % of their time while the main program ran code of its own (it waited for tasks 53 % of the time).");
        assertSilent(advice(waiting, 190), "main-program");
        assertThat(only(advice(waiting, 190), "nothing-ready").what()).contains("while the main program waited");
    }

    @Test
    void callingTasksMayBeWhatTakesLong() throws IOException {
        SmallTrace slow = new SmallTrace(1, 2);
        for (int i = 0; i < 20; i++) {
            slow.call(i * 10, 9, 4);
            slow.task("f", 1, 0, i * 10 + 9, 2);
        }
        assertThat(only(advice(slow, 201), "submission").what()).contains("a call takes 9.00 ms");
        assertSilent(advice(bag(1, 2, 30, 10, 0.1).call(0, 300, 4), 304), "submission");
    }

    @Test
    void oneTaskThatIsWaitedForAtTheEnd() throws IOException {
        SmallTrace trace = bag(1, 4, 10, 10, 0);
        int last = trace.task("long", 1, 2, 100, 60);
        Advice advice = only(advice(trace, 160), "tail");
        assertThat(advice.what())
                .isEqualTo("For the last 60.0 ms not all cores had a task (28 % of all cores' time): task " + last
                        + " of `long` on w1 ran until the end, 60.0 ms long.");
        assertThat(advice.todo()).startsWith("Call the long tasks of `long` first");
        SmallTrace later = bag(1, 4, 10, 10, 0);
        later.task("long", 1, 2, 130, 30);
        assertSilent(advice(later, 160), "tail");
        assertSilent(advice(bag(1, 4, 10, 10, 0), 100), "tail");
    }

    @Test
    void aNodeThatIsSlower() throws IOException {
        SmallTrace slow = new SmallTrace(2, 1);
        SmallTrace other = new SmallTrace(2, 1);
        for (int i = 0; i < 30; i++) {
            slow.task("f", 1, 0, i * 10, 10);
            other.task("f", 1, 0, i * 10, 10);
            if (i < 20) {
                slow.task("f", 2, 0, i * 15, 15);
                // Longer too, but of another function.
                other.task("g", 2, 0, i * 15, 15);
            }
        }
        assertThat(only(advice(slow, 300), "slow-node").what())
                .isEqualTo("On w2 tasks last 1.50 times as long as the same functions' elsewhere (20 tasks compared).");
        assertSilent(advice(other, 300), "slow-node");
    }

    @Test
    void aNodeThatHasMoreToDo() throws IOException {
        SmallTrace uneven = new SmallTrace(2, 2);
        for (int i = 0; i < 20; i++) {
            uneven.task("f", 1, i % 2, i / 2 * 10, 10);
        }
        uneven.task("f", 2, 0, 0, 10);
        Advice advice = only(advice(uneven, 100), "imbalance");
        assertThat(advice.what())
                .isEqualTo("The cores of w1 were in tasks for 100 ms on average, those of w2 for 5.00 ms.");
        assertSilent(advice(bag(2, 2, 10, 10, 0), 100), "imbalance");
    }

    @Test
    void oneTaskFarBeyondItsLikes() throws IOException {
        SmallTrace trace = bag(1, 2, 40, 10, 0);
        SmallTrace spread = new SmallTrace(1, 1);
        int late = trace.task("f", 1, 0, 400, 100);
        for (int i = 0; i < 40; i++) {
            spread.task("f", 1, 0, i * 40, 1 + i);
        }
        assertThat(only(advice(trace, 500), "stragglers").what())
                .isEqualTo("Task " + late
                        + " of `f` on w1 took 100 ms, while 95 % of that function's take 10.0 ms or less.");
        assertSilent(advice(spread, 1600), "stragglers");
    }

    @Test
    void dataThatTasksWaitFor() throws IOException {
        SmallTrace moving = new SmallTrace(2, 1);
        SmallTrace fetching = new SmallTrace(2, 1);
        SmallTrace beside = new SmallTrace(2, 1);
        for (int i = 0; i < 20; i++) {
            for (int node = 1; node <= 2; node++) {
                moving.task("f", node, 0, i * 20 + 10, 10);
                fetching.task("f", node, 0, i * 20 + 10, 10, 10, 0, 1, 0);
                beside.task("f", node, 0, i * 20, 20);
            }
            moving.transfer(1, 2, i * 20, 10, 1_000_000, 7);
            fetching.transfer(1, 2, i * 20, 10, 1_000_000, i);
            beside.transfer(1, 2, i * 20, 10, 1_000_000, 7);
        }
        assertThat(only(advice(moving, 400), "transfers").what())
                .isEqualTo(
                        "Moving 20.0 MB between nodes kept cores waiting 48 % of their time. Most was content 7: 20.0 MB in 20 transfers.");
        assertThat(only(advice(fetching, 400), "transfers").what())
                .isEqualTo(
                        "Moving 20.0 MB between nodes kept cores waiting 25 % of their time; a task of `f` waits 10.0 ms before it begins.");
        assertSilent(advice(beside, 400), "transfers");
    }

    @Test
    void readyTasksAndIdleCores() throws IOException {
        SmallTrace plain = new SmallTrace(1, 1);
        SmallTrace late = new SmallTrace(1, 2);
        SmallTrace wide = new SmallTrace(1, 3);
        SmallTrace none = new SmallTrace(1, 2);
        for (int i = 0; i < 15; i++) {
            plain.task("f", 1, 0, i * 20, 10);
        }
        for (int i = 0; i < 30; i++) {
            late.task("f", 1, 0, i * 10, 10);
            wide.task("f", 1, 0, i * 10, 10, 0, 0, 2, 800);
            none.task("f", 1, 0, i * 10, 10);
        }
        plain.ready(0, 9).ready(300, 0);
        late.ready(0, 9).ready(300, 0);
        wide.ready(0, 9).ready(300, 0);
        none.ready(0, 2).ready(1, 0);
        assertThat(only(advice(plain, 300), "dispatch").what())
                .isEqualTo(
                        "Cores were idle 47 % of their time although tasks were ready: 52 tasks a second ended on 1 core.");
        assertThat(only(advice(late, 300), "dispatch").what())
                .isEqualTo(
                        "Cores were idle 50 % of their time although tasks were ready, most of that in a few long gaps: the median gap is 0 ns.");
        assertThat(only(advice(wide, 300), "constraints").what()).contains("`f` (2 cores, 800 MiB)");
        assertSilent(advice(wide, 300), "dispatch");
        assertSilent(advice(none, 300), "dispatch", "constraints");
    }

    @Test
    void failuresComeFirst() throws IOException {
        SmallTrace trace = bag(1, 2, 20, 10, 0).failed(1, 0, 10).failed(1, 1, 20);
        Advice first = advice(trace, 1000).get(0);
        assertThat(first.kind()).isEqualTo("failures");
        assertThat(first.what()).isEqualTo("2 tasks failed: 2 of 40 of `f`; about 20.0 ms of tasks was for nothing.");
        assertSilent(advice(bag(1, 2, 20, 10, 0), 200), "failures");
    }

    @Test
    void startAndEndOfShortAndOfLongRuns() throws IOException {
        SmallTrace trace = bag(1, 1, 40, 10, 0);
        Advice advice = only(advice(trace, 600), "start-and-end");
        assertThat(advice.what()).isEqualTo("Of 600 ms, 0 ns passed before the first task and 200 ms after the last.");
        assertThat(advice.todo()).startsWith("The run is short");
        assertThat(only(advice(bag(1, 1, 40, 1000, 0), 60_000), "start-and-end").todo())
                .startsWith("See what the main");
        assertSilent(advice(trace, 450), "start-and-end");
    }

    @Test
    void coresAndMemoryThatAreAskedForAndNotUsed() throws IOException {
        SmallTrace trace = new SmallTrace(1, 4);
        SmallTrace used = new SmallTrace(1, 4);
        for (int i = 0; i < 30; i++) {
            trace.task("f", 1, 0, i * 10, 10, 0, 0, 3, 4000);
            used.task("f", 1, 0, i * 10, 10, 0, 0, 3, 4000);
            trace.counter(i * 10, 1, EventTypes.NODE_CPU, 1000).counter(i * 10, 1, EventTypes.NODE_MEMORY, 900);
            used.counter(i * 10, 1, EventTypes.NODE_CPU, 2960).counter(i * 10, 1, EventTypes.NODE_MEMORY, 3900);
        }
        trace.ready(0, 5).ready(300, 0);
        used.ready(0, 5).ready(300, 0);
        List<Advice> advice = advice(trace, 300);
        assertThat(only(advice, "unused-cores").what())
                .isEqualTo("Tasks held 3.00 cores on average and kept 1.00 busy.");
        assertThat(only(advice, "unused-memory").todo()).contains("Ask for less than 4,000 MiB for `f`");
        assertSilent(advice(used, 300), "unused-cores", "unused-memory");
    }
}
