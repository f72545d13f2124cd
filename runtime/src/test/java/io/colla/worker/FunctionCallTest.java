package io.colla.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.TaskFunction;
import io.colla.worker.store.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionCallTest {
    private static int add(int a, int b) {
        return a + b;
    }

    private static int fail(int a) {
        throw new ArithmeticException("cannot " + a);
    }

    private static Object call(TaskFunction function, Object... arguments) throws Exception {
        return FunctionCall.call(
                JavaFunctions.definition(function).implementation().body(), arguments);
    }

    @Test
    void methodsOfAllSorts() throws Exception {
        TaskFunction.F2<Integer, Integer, Integer> ofOurs = FunctionCallTest::add;
        TaskFunction.F1<Integer, Integer> ofTheJdk = Math::abs;
        TaskFunction.F1<String, Integer> ofAnArgument = String::length;
        TaskFunction.F1<List<Integer>, List<Integer>> constructor = ArrayList::new;
        int captured = 40;
        TaskFunction.F1<Integer, Integer> lambda = x -> captured + x;
        List<Integer> receiver = new ArrayList<>(List.of(7));
        TaskFunction.F1<Integer, Integer> bound = receiver::get;

        assertThat(call(ofOurs, 1, 2)).isEqualTo(3);
        assertThat(call(ofTheJdk, -5)).isEqualTo(5);
        assertThat(call(ofAnArgument, "four")).isEqualTo(4);
        assertThat(call(constructor, List.of(1))).isEqualTo(List.of(1));
        assertThat(call(lambda, 2)).isEqualTo(42);
        assertThat(call(bound, 0)).isEqualTo(7);
    }

    @Test
    void whatTheFunctionThrowsComesAsItIsAndWithoutOurFrames() {
        TaskFunction.F1<Integer, Integer> failing = FunctionCallTest::fail;

        assertThatThrownBy(() -> call(failing, 3))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("cannot 3")
                .satisfies(thrown -> {
                    ValueCodec codec = new ValueCodec(FunctionCallTest.class.getClassLoader());
                    FunctionCall.Thrown described = FunctionCall.describe(thrown, codec, true, 1 << 20);
                    assertThat(described.message()).isEqualTo("java.lang.ArithmeticException: cannot 3");
                    assertThat(((Throwable) codec.fromBytes(described.exception())).getStackTrace())
                            .extracting(StackTraceElement::getMethodName)
                            .containsExactly("fail");
                    assertThat(FunctionCall.describe(thrown, codec, true, 10).exception())
                            .isNull();
                });
    }
}
