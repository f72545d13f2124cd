package io.colla.mpi.java;

import static io.colla.api.Args.in;
import static io.colla.api.Args.inout;
import static io.colla.api.Args.out;
import static io.colla.api.TaskOptions.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.FailurePolicy;
import io.colla.api.InOut;
import io.colla.api.Layout;
import io.colla.api.Out;
import io.colla.api.Ranks;
import io.colla.api.Task;
import io.colla.api.TaskFailedException;
import io.colla.api.TaskOptions;
import io.colla.platform.TaskError;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java functions on ranks of this machine's Open MPI, in a run of this JVM. */
@Tag("process")
class JavaRanksTest {
    private static final TaskOptions PAIR =
            options().ranks(2).retries(0).onFailure(FailurePolicy.FAIL).timeout(Duration.ofSeconds(120));

    private Colla colla;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        boolean there = true;
        String why = "";
        try {
            new Bindings(System.getenv()).find(JavaRanksTest.class.getClassLoader());
        } catch (TaskError e) {
            there = false;
            why = e.getMessage();
        }
        assumeTrue(there, why);
        assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "two ranks need two cores");
        colla = Colla.start();
    }

    @AfterEach
    void close() {
        if (colla != null) {
            colla.close();
        }
    }

    static int sumOfRanks(int times) throws Exception {
        return times * World.sum(World.rank() + 1);
    }

    static String who(String greeting) throws Exception {
        return greeting + " from " + World.rank() + " of " + World.size();
    }

    @Test
    void aFunctionRunsOnAllRanksAndTheResultIsThatOfRankZero() {
        assertThat(colla.with(PAIR).call(JavaRanksTest::sumOfRanks, in(10)).get())
                .isEqualTo(30);
    }

    @Test
    void resultsOfAllRanksComeAsAListInTheirOrder() {
        TaskOptions all = PAIR.ranks(Ranks.of(2).gathered());

        Data<List<String>> results = Ranks.results(colla.with(all).call(JavaRanksTest::who, in("hello")));

        assertThat(results.get()).isEqualTo(List.of("hello from 0 of 2", "hello from 1 of 2"));
    }

    static double[] sums(double[] part, List<String> names) throws Exception {
        double sum = Arrays.stream(part).sum();
        return new double[] {World.rank(), part.length, sum, names.size(), Integer.parseInt(names.get(0))};
    }

    @Test
    void eachRankGetsItsPartOfArraysAndLists() {
        TaskOptions all = PAIR.ranks(Ranks.of(2)
                .layout(0, Layout.blocks(500_000))
                .layout(1, new Layout(0, 3, 1))
                .gathered());
        double[] numbers = new double[1_000_000];
        Arrays.setAll(numbers, i -> i < 500_000 ? 1 : 2);

        Data<List<double[]>> results = Ranks.results(
                colla.with(all).call(JavaRanksTest::sums, in(numbers), in(new ArrayList<>(List.of("7", "8", "9")))));

        assertThat(results.get())
                .usingRecursiveComparison()
                .isEqualTo(
                        List.of(new double[] {0, 500_000, 500_000, 3, 7}, new double[] {1, 500_000, 1_000_000, 2, 8}));
    }

    static void addRank(@InOut int[] part) throws Exception {
        for (int i = 0; i < part.length; i++) {
            part[i] += 100 * (World.rank() + 1);
        }
    }

    @Test
    void partsThatRanksChangeGoBackToWhereTheyCameFrom() {
        Data<int[]> numbers = colla.data(new int[] {0, 1, 2, 3, 4, 5});

        colla.with(PAIR.ranks(Ranks.of(2).layout(0, Layout.blocks(3, 2)))).run(JavaRanksTest::addRank, inout(numbers));

        assertThat(numbers.get()).containsExactly(100, 101, 202, 203, 104, 105);
    }

    /** An object that is made on the ranks. */
    static final class Notes implements Serializable {
        private static final long serialVersionUID = 1L;
        final List<String> lines = new ArrayList<>();
    }

    static void note(@Out Notes notes, @InOut List<String> log, Path file) throws Exception {
        int sum = World.sum(World.rank());
        notes.lines.add("rank " + World.rank() + " read " + Files.readString(file) + sum);
        log.add("rank " + World.rank());
        World.barrier();
    }

    @Test
    void objectsAreThoseOfRankZeroAndFilesArePaths() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "text");
        Data<Notes> notes = colla.empty(Notes.class);
        Data<List<String>> log = colla.data(new ArrayList<>(List.of("begin")));

        colla.with(PAIR).run(JavaRanksTest::note, out(notes), inout(log), in(colla.file(file)));

        assertThat(notes.get().lines).containsExactly("rank 0 read text1");
        assertThat(log.get()).containsExactly("begin", "rank 0");
    }

    static int failOnOne(int number) throws Exception {
        if (World.rank() == 1) {
            throw new IllegalArgumentException("no such number: " + number);
        }
        World.barrier();
        return number;
    }

    @Test
    void whatARankThrowsIsTheTasksFailureAndEndsTheOthers() {
        assertThatThrownBy(() ->
                        colla.with(PAIR).call(JavaRanksTest::failOnOne, in(4)).get())
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("rank 1 of 2 on node")
                .hasMessageContaining("no such number: 4")
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such number: 4")
                .satisfies(cause ->
                        assertThat(cause.getStackTrace()[0].getMethodName()).isEqualTo("failOnOne"));
    }

    static int sendWrongly(int number) throws Exception {
        World.sendToNobody();
        return number;
    }

    @Test
    void anErrorOfMpiIsAnExceptionOfTheFunction() {
        assertThatThrownBy(() ->
                        colla.with(PAIR).call(JavaRanksTest::sendWrongly, in(4)).get())
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("MPI_ERR_RANK: invalid rank");
    }

    static int exit(int code) throws Exception {
        if (World.rank() == 1) {
            System.exit(code);
        }
        World.barrier();
        return code;
    }

    @Test
    void aFunctionThatEndsItsJvmIsToldFromAFailureOfMpi() {
        assertThatThrownBy(
                        () -> colla.with(PAIR).call(JavaRanksTest::exit, in(0)).get())
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("rank 1 of 2")
                .hasMessageContaining("the function called System.exit");
    }

    static Object unserializable(int number) {
        return new Object();
    }

    @Test
    void aResultThatCannotBeSentIsNamed() {
        assertThatThrownBy(() -> colla.with(PAIR)
                        .call(JavaRanksTest::unserializable, in(0))
                        .get())
                .hasMessageContaining("java.lang.Object")
                .hasMessageContaining("cannot be serialized");
    }

    @Task(ranks = 2)
    static int annotated() throws Exception {
        return World.size();
    }

    @Test
    void theAnnotationMakesAnMpiTaskToo() {
        assertThat(colla.call(JavaRanksTest::annotated).get()).isEqualTo(2);
    }

    static long wait(int number) throws Exception {
        Thread.sleep(600_000);
        return number;
    }

    @Test
    void ranksAreEndedWhenTheTimeOfTheTaskIsOver() {
        assertThatThrownBy(() -> colla.with(PAIR.timeout(Duration.ofSeconds(3)))
                        .call(JavaRanksTest::wait, in(0))
                        .get())
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("3 s");
        assertThat(ProcessHandle.allProcesses()
                        .filter(each -> each.info()
                                .arguments()
                                .map(words -> Arrays.asList(words).contains(RankMain.class.getName()))
                                .orElse(false))
                        .filter(each -> each.parent().isPresent()))
                .noneMatch(each -> isOfThisTest(each));
    }

    private static boolean isOfThisTest(ProcessHandle rank) {
        return rank.info()
                .arguments()
                .map(words -> String.join(" ", words).contains(System.getProperty("java.class.path")))
                .orElse(false);
    }
}
