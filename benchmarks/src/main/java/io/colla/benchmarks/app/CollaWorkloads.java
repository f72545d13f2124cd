package io.colla.benchmarks.app;

import static io.colla.api.Args.in;

import io.colla.api.BinaryTask;
import io.colla.api.Colla;
import io.colla.api.Data;
import java.util.ArrayList;
import java.util.List;

/** The workloads as a user of Colla writes them. */
final class CollaWorkloads {
    private CollaWorkloads() {}

    /** @param name as in {@link PlainWorkloads#of}, or millisecond or programs */
    static Workload of(String name, Colla colla) {
        return switch (name) {
            case "noop" -> (Round) tasks -> noop(colla, tasks);
            case "millisecond" -> (Round) tasks -> milliseconds(colla, tasks);
            case "values" -> (Round) tasks -> values(colla, tasks);
            case "chain" -> (Round) tasks -> chain(colla, tasks);
            case "tree" -> (Round) tasks -> tree(colla, tasks);
            case "array" -> (Round) tasks -> array(colla, tasks);
            case "programs" -> (Round) tasks -> programs(colla, tasks);
            default -> throw new IllegalArgumentException("no workload is called " + name);
        };
    }

    /** A workload that has nothing to close: the session is the caller's. */
    private interface Round extends Workload {
        @Override
        default void close() {}
    }

    private static void noop(Colla colla, int tasks) {
        for (int i = 0; i < tasks; i++) {
            colla.run(Functions::nothing);
        }
        colla.barrier();
    }

    private static void milliseconds(Colla colla, int tasks) {
        for (int i = 0; i < tasks; i++) {
            colla.run(Functions::millisecond);
        }
        colla.barrier();
    }

    private static void values(Colla colla, int tasks) {
        Data<Integer> last = colla.call(Functions::same, in(0));
        for (int i = 1; i < tasks; i++) {
            last = colla.call(Functions::same, in(i));
        }
        colla.barrier();
        Functions.check(tasks - 1, last.get());
    }

    private static void chain(Colla colla, int tasks) {
        Data<Integer> sum = colla.call(Functions::add, in(0), in(1));
        for (int i = 1; i < tasks; i++) {
            sum = colla.call(Functions::add, sum, in(1));
        }
        Functions.check(tasks, sum.get());
    }

    private static void tree(Colla colla, int leaves) {
        List<Data<Integer>> level = new ArrayList<>();
        for (int i = 0; i < leaves; i++) {
            level.add(colla.call(Functions::same, in(i)));
        }
        while (level.size() > 1) {
            List<Data<Integer>> next = new ArrayList<>();
            for (int i = 0; i + 1 < level.size(); i += 2) {
                next.add(colla.call(Functions::add, level.get(i), level.get(i + 1)));
            }
            if (level.size() % 2 == 1) {
                next.add(level.get(level.size() - 1));
            }
            level = next;
        }
        Functions.check(PlainWorkloads.sumTo(leaves), level.get(0).get());
    }

    private static void array(Colla colla, int tasks) {
        Data<double[]> array = colla.data(Functions.ones(PlainWorkloads.ARRAY_LENGTH));
        List<Data<Double>> sums = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            sums.add(colla.call(Functions::sum, array));
        }
        for (Data<Double> sum : sums) {
            Functions.check(PlainWorkloads.ARRAY_LENGTH, sum.get());
        }
        array.close();
    }

    private static void programs(Colla colla, int tasks) {
        BinaryTask program = BinaryTask.of("/bin/true");
        for (int i = 0; i < tasks; i++) {
            colla.exec(program);
        }
        colla.barrier();
    }
}
