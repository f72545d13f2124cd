import static io.colla.api.Args.in;
import static io.colla.api.Args.out;
import static io.colla.api.Binding.bind;
import static io.colla.api.TaskOptions.options;

import io.colla.api.BinaryTask;
import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.Layout;
import io.colla.api.Ranks;
import io.colla.api.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far heat gets into plates of six metals: for each, a task makes the plate's file, the MPI program heat.c and the Java method {@link HeatSolver#solve}
 * compute the temperatures on 2 to 6 ranks, and tasks draw the result and compare both with a sequential solution, bit by bit.
 *
 * <pre>
 * javac -parameters -cp dist/colla/lib/colla-api-0.1.0.jar:mpi.jar -d classes examples/mpi/*.java
 * colla run -cp classes:mpi.jar Heat --source examples/mpi/heat.c
 * </pre>
 */
public class Heat {
    /** A metal and its thermal diffusivity in mm²/s. */
    private enum Metal {
        SILVER(165.6, 2),
        GOLD(127, 3),
        COPPER(111, 4),
        ALUMINIUM(97, 5),
        IRON(23, 6),
        STEEL(4.2, 4);

        private final double diffusivity;
        private final int ranks;

        Metal(double diffusivity, int ranks) {
            this.diffusivity = diffusivity;
            this.ranks = ranks;
        }

        /** For cells of 1 mm and steps of 1.4 ms. */
        double k() {
            return diffusivity * 0.0014;
        }

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What comes of one metal. */
    private record Result(Metal metal, int ranks, Data<String> description, List<Data<Integer>> differences) {}

    private static final List<String> OPTIONS = List.of("--source", "--rows", "--columns", "--steps", "--folder");

    private final Colla colla;
    private final Path folder;
    private final int rows;
    private final int columns;
    private final int steps;

    private Heat(Colla colla, Path folder, Map<String, String> line) {
        this.colla = colla;
        this.folder = folder;
        rows = number(line, "--rows", 120);
        columns = number(line, "--columns", 160);
        steps = number(line, "--steps", 2000);
    }

    private static int number(Map<String, String> line, String option, int byDefault) {
        String given = line.getOrDefault(option, "" + byDefault);
        if (!given.matches("[1-9][0-9]{0,7}")) {
            throw new UsageException(option + " is " + given + "; it must be a whole number of at least 1");
        }
        return Integer.parseInt(given);
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> line = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!OPTIONS.contains(args[i]) || i + 1 == args.length) {
                System.err.println("Heat: " + args[i] + " is no option, or has no value");
                System.err.println(
                        "usage: Heat [--source heat.c] [--rows N] [--columns N] [--steps N] [--folder FOR-RESULTS]");
                System.exit(2);
            }
            line.put(args[i], args[i + 1]);
        }
        Path folder = Files.createDirectories(Path.of(line.getOrDefault("--folder", "heat-results")));
        boolean right;
        try (Colla colla = Colla.start()) {
            right = new Heat(colla, folder.toAbsolutePath(), line).sweep(line.getOrDefault("--source", "heat.c"));
        }
        if (!right) {
            System.exit(1);
        }
    }

    private boolean sweep(String source) {
        Path program = build(Path.of(source).toAbsolutePath());
        List<Result> results = new ArrayList<>();
        for (Metal metal : Metal.values()) {
            results.add(solve(
                    metal, program, Math.min(metal.ranks, colla.resources().cores())));
        }
        boolean right = true;
        for (Result result : results) {
            int different = result.differences.stream().mapToInt(Data::get).sum();
            right &= different == 0;
            System.out.printf("%-9s %s (%d ranks)%n", result.metal.text(), result.description.get(), result.ranks);
        }
        System.out.println(
                right ? "verified: C and Java give the bits of the sequential solution" : "WRONG: results differ");
        return right;
    }

    /** Compiles the C program, in a task. */
    private Path build(Path source) {
        Data<Path> program = colla.file(folder.resolve("heat"));
        BinaryTask mpicc = BinaryTask.of("mpicc", "-O2", "-ffp-contract=off", "-o", "{{program}}", "{{source}}");
        colla.exec(mpicc, bind("program", out(program)), bind("source", in(colla.file(source))));
        return program.get();
    }

    /** The tasks of one metal; nothing here waits. */
    private Result solve(Metal metal, Path program, int ranks) {
        Data<Path> before = colla.file(folder.resolve(metal.text() + ".plate"));
        colla.run(Plate::make, in(rows), in(columns), out(before));

        Data<Path> after = colla.file(folder.resolve(metal.text() + ".heated"));
        BinaryTask heat = BinaryTask.of(program.toString(), "{{before}}", "{{k}}", "{{steps}}", "{{after}}")
                .name("heat.c")
                .ranks(Ranks.of(ranks).spread());
        colla.exec(
                heat,
                bind("before", before),
                bind("k", in(metal.k())),
                bind("steps", in(steps)),
                bind("after", out(after)));

        // Each rank gets its rows, and one more above and below: the blocks overlap by two rows.
        int each = (rows - 2 + ranks - 1) / ranks;
        Ranks overlapping = Ranks.of(ranks)
                .spread()
                .layout(0, new Layout(ranks, each + 2, each))
                .gathered();
        Data<double[][]> plate = colla.call(Plate::read, before);
        Data<List<double[][]>> parts = Ranks.results(
                colla.with(options().ranks(overlapping)).call(HeatSolver::solve, plate, in(metal.k()), in(steps)));
        Data<double[][]> byJava = colla.call(Plate::join, plate, parts);

        Data<double[][]> byC = colla.call(Plate::read, after);
        Data<double[][]> expected = colla.call(Plate::sequential, plate, in(metal.k()), in(steps));
        colla.run(Plate::draw, byC, out(colla.file(folder.resolve(metal.text() + ".pgm"))));
        return new Result(
                metal,
                ranks,
                colla.call(Plate::describe, byC),
                List.of(
                        colla.call(Plate::differences, byC, expected),
                        colla.call(Plate::differences, byJava, expected)));
    }
}
