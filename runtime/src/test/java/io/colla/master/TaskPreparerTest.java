package io.colla.master;

import static io.colla.api.TaskOptions.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.BinaryTask;
import io.colla.api.Layout;
import io.colla.api.MpmdTask;
import io.colla.api.Ranks;
import io.colla.api.TaskCall;
import io.colla.api.TaskFunction;
import io.colla.api.TaskOptions;
import io.colla.api.UsageException;
import io.colla.platform.Ranked;
import io.colla.platform.TaskDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskPreparerTest {
    private final Definitions definitions = new Definitions();

    private static int sum(List<Integer> xs) {
        return xs.size();
    }

    private TaskDefinition.Implementation first(TaskOptions options, TaskCall call) {
        PreparedTask prepared = new TaskPreparer(definitions, 0, requirements -> null, options).prepare(call);
        return definitions
                .get(prepared.template().definition())
                .implementations()
                .get(0);
    }

    private static TaskCall call(TaskFunction function) {
        return new TaskCall(function, null, null, List.of(), List.of());
    }

    private static TaskCall call(BinaryTask program) {
        return new TaskCall(null, program, null, List.of(), List.of());
    }

    private static TaskFunction.F1<List<Integer>, Integer> sum() {
        return TaskPreparerTest::sum;
    }

    @Test
    void aFunctionWithRanksBecomesAnMpiTaskThatKnowsThem() {
        Ranks ranks = Ranks.of(3).layout(0, Layout.blocks(2));

        TaskDefinition.Implementation made = first(options().ranks(ranks), call(sum()));

        assertThat(made.kind()).isEqualTo("mpi-java");
        assertThat(((Ranked) made.body()).ranks()).isEqualTo(ranks);
        assertThat(((Ranked) made.body()).function())
                .isEqualTo(first(options(), call(sum())).body());
    }

    @Test
    void aLayoutOfNoParameterIsNamed() {
        assertThatThrownBy(() -> first(options().ranks(Ranks.of(3).layout("ys", Layout.blocks(2))), call(sum())))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("layout of 'ys'")
                .hasMessageContaining("TaskPreparerTest.sum");
        assertThatThrownBy(() -> first(options().ranks(Ranks.of(3).layout(1, Layout.blocks(2))), call(sum())))
                .hasMessageContaining("layout of '1'");
    }

    @Test
    void aProgramWithRanksIsAnMpiProgramWithThoseOfTheCall() {
        BinaryTask program = BinaryTask.of("solve").ranks(2);

        TaskDefinition.Implementation made = first(options().ranks(5), call(program));

        assertThat(made.kind()).isEqualTo("mpi");
        assertThat(((BinaryTask) made.body()).options().ranks()).isEqualTo(Ranks.of(5));
        assertThat(first(options(), call(BinaryTask.of("solve"))).kind()).isEqualTo("binary");
    }

    @Test
    void severalProgramsKeepTheirRanksAndTakeThePlaceFromTheCall() {
        MpmdTask job = MpmdTask.of(
                BinaryTask.of("a/ocean").ranks(2), BinaryTask.of("ice").ranks(1));

        TaskDefinition.Implementation made =
                first(options().ranks(Ranks.of(1).spread()), new TaskCall(null, null, job, List.of(), List.of()));

        assertThat(made.kind()).isEqualTo("mpi");
        assertThat(((MpmdTask) made.body()).options().ranks())
                .isEqualTo(Ranks.of(3).spread());
    }

    @Test
    void aPlaceholderOfAJobThatNothingIsBoundToIsNamed() {
        MpmdTask job = MpmdTask.of(BinaryTask.of("ocean", "{{grid}}").ranks(2));

        assertThatThrownBy(() -> first(options(), new TaskCall(null, null, job, List.of(), List.of())))
                .hasMessageContaining("'{{grid}}' of program ocean needs a binding for grid");
        assertThatThrownBy(() -> first(
                        options(),
                        new TaskCall(
                                null,
                                null,
                                MpmdTask.of(BinaryTask.of("ocean").ranks(2)).stdout("{{log}}"),
                                List.of(),
                                List.of())))
                .hasMessageContaining("'{{log}}' of an MPI job needs a binding for log");
    }
}
