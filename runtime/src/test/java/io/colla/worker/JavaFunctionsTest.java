package io.colla.worker;

import static io.colla.worker.WorkerKit.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.api.InOut;
import io.colla.api.Out;
import io.colla.api.Task;
import io.colla.api.TaskFunction;
import io.colla.api.UsageException;
import io.colla.wire.Message.Argument;
import io.colla.wire.Message.Finished;
import java.io.Serializable;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaFunctionsTest {
    @TempDir
    Path folder;

    @Task(
            name = "mix",
            cores = 2,
            memory = "1G",
            resources = "gpu=1",
            properties = "arch=x",
            onFailure = FailurePolicy.FAIL,
            timeout = 0.5)
    private static int mix(List<String> in, @InOut List<String> changed, @Out int[] made) {
        return in.size() + changed.size() + made.length;
    }

    private static int twice(int number) {
        return 2 * number;
    }

    record Scale(int factor) implements Serializable {
        private int times(int number) {
            return factor * number;
        }
    }

    /** Counts in what it captured, which must not leak from one call to the next. */
    static final class Counter implements Serializable {
        int count;
    }

    static final class Greeter {
        String greet(String name) {
            return "hello " + name;
        }
    }

    @Test
    void annotationsBecomeOptionsAndDirections() {
        JavaFunctions.Function function = JavaFunctions.definition(
                (TaskFunction.F3<List<String>, List<String>, int[], Integer>) JavaFunctionsTest::mix);

        assertThat(function.name()).isEqualTo("mix");
        assertThat(function.directions()).containsExactly(Direction.IN, Direction.INOUT, Direction.OUT);
        assertThat(function.parameters()).containsExactly("in", "changed", "made");
        assertThat(function.types()).containsExactly(List.class, List.class, int[].class);
        assertThat(function.returnsValue()).isTrue();
        assertThat(function.options().cores()).isEqualTo(2);
        assertThat(function.options().memory()).isEqualTo(1L << 30);
        assertThat(function.options().resources()).containsEntry("gpu", 1);
        assertThat(function.options().properties()).containsEntry("arch", "x");
        assertThat(function.options().onFailure()).isEqualTo(FailurePolicy.FAIL);
        assertThat(function.options().timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(function.options().retries()).isNull();
    }

    @Test
    void aFunctionThatCapturesNothingIsDescribedOnce() {
        List<JavaFunctions.Function> made = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            made.add(JavaFunctions.definition((TaskFunction.F1<Integer, Integer>) JavaFunctionsTest::twice));
        }
        assertThat(made.get(0)).isSameAs(made.get(1));
        assertThat(made.get(0).name()).isEqualTo("JavaFunctionsTest.twice");
    }

    @Test
    void capturingTheSameGivesAnEqualImplementation() {
        assertThat(capturing(1)).isEqualTo(capturing(1)).isNotEqualTo(capturing(2));
    }

    private static Object capturing(int number) {
        return JavaFunctions.definition((TaskFunction.F0<Integer>) () -> number).implementation();
    }

    @Test
    void capturingWhatCannotTravelIsAUserError() {
        Thread thread = Thread.currentThread();
        assertThatThrownBy(() -> JavaFunctions.definition((TaskFunction.F0<String>) () -> thread.getName()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("JavaFunctionsTest.")
                .hasMessageContaining("java.lang.Thread");
    }

    @Test
    void anInnerClassIsNotATaskFunction() {
        TaskFunction.F0<Integer> function = new TaskFunction.F0<>() {
            @Override
            public Integer call() {
                return 1;
            }
        };
        assertThatThrownBy(() -> JavaFunctions.definition(function))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("neither a method reference nor a lambda");
    }

    private @Nullable Object call(TaskFunction function, @Nullable Object... values) {
        try (WorkerKit kit = new WorkerKit(folder, 1)) {
            // As it arrives on another node.
            JavaFunctions.Function described = JavaFunctions.definition(function);
            byte[] body = Bootstrap.bodies(getClass().getClassLoader())
                    .write(described.implementation().body());
            Object arrived = kit.codec.fromBytes(body);
            assertThat(arrived).isEqualTo(described.implementation().body());
            int definition = kit.define(function);
            List<Argument> arguments = new ArrayList<>();
            for (Object value : values) {
                arguments.add(new Argument.Value(value));
            }
            for (int task = 1; task <= 2; task++) {
                kit.accept(run(task, definition, 0, arguments, WorkerKit.result(task)));
                kit.link.await(Finished.class, task);
            }
            assertThat(kit.store.value(1)).isEqualTo(kit.store.value(2));
            return kit.store.value(2);
        }
    }

    @Test
    void everyKindOfFunctionRuns() {
        Scale scale = new Scale(3);
        int captured = 5;
        long wide = 7;
        assertThat(call((TaskFunction.F1<Integer, Integer>) JavaFunctionsTest::twice, 4))
                .isEqualTo(8);
        assertThat(call((TaskFunction.F2<Integer, Integer, Integer>) Math::addExact, 4, 5))
                .isEqualTo(9);
        assertThat(call((TaskFunction.F1<Integer, Integer>) scale::times, 4)).isEqualTo(12);
        assertThat(call((TaskFunction.F1<String, Integer>) String::length, "abc"))
                .isEqualTo(3);
        assertThat(call((TaskFunction.F1<String, BigInteger>) BigInteger::new, "12"))
                .isEqualTo(BigInteger.valueOf(12));
        assertThat(call((TaskFunction.F1<Integer, Long>) n -> n + captured + wide, 1))
                .isEqualTo(13L);
        assertThat(call((TaskFunction.F1<String, String>) name -> new Greeter().greet(name), "you"))
                .isEqualTo("hello you");
    }

    @Test
    void whatALambdaCapturesIsFreshForEachCall() {
        Counter counter = new Counter();
        assertThat(call((TaskFunction.F0<Integer>) () -> ++counter.count)).isEqualTo(1);
        assertThat(counter.count).isZero();
    }
}
