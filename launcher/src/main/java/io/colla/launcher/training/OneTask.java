package io.colla.launcher.training;

import static io.colla.api.Args.in;

import io.colla.api.Colla;
import io.colla.api.CollaException;
import io.colla.api.Data;

/** One task with two arguments and a result. */
public final class OneTask {
    private OneTask() {}

    public static void main(String[] arguments) {
        try (Colla colla = Colla.start()) {
            Data<Integer> sum = colla.call(Math::addExact, in(1), in(2));
            System.out.println(sum.get());
        } catch (CollaException e) {
            System.out.println(e.getMessage());
        }
    }
}
