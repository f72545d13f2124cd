package io.colla.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/**
 * Ways to start things on this machine.
 *
 * @param root of the source tree, built
 * @param threads how many tasks or programs run at once
 */
record Setup(Path root, int threads, Processes processes) {
    private static final String MAIN = "io.colla.benchmarks.app.WorkloadMain";
    /** Each task has one core, so numerical libraries may not start threads of their own; true of all contenders. */
    private static final Map<String, String> ONE_THREAD =
            Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1", "MKL_NUM_THREADS", "1");

    /** How much of a workload is done: rounds of so many tasks, the first {@code warm} of which do not count. */
    record Size(int tasks, int warm, int rounds) {}

    private String application() {
        return root.resolve("benchmarks/target/colla-benchmarks.jar").toString();
    }

    private List<String> java(String classPath) {
        String java =
                Path.of(System.getProperty("java.home", "/usr"), "bin", "java").toString();
        return new ArrayList<>(List.of(java, "-XX:+UseG1GC", "-cp", classPath));
    }

    Processes.Run jvmVersion() throws UnavailableException, InterruptedException {
        List<String> command = java(application());
        command.add("-version");
        return processes.run(command, Map.of());
    }

    /** A class of the application in a plain JVM, without a runtime. */
    Processes.Run plain(String main, List<String> arguments) throws UnavailableException, InterruptedException {
        List<String> command = java(application());
        command.add(main);
        command.addAll(arguments);
        return processes.run(command, Map.of());
    }

    /** A class of the application as a user starts it. */
    Processes.Run colla(List<String> options, String main, List<String> arguments)
            throws UnavailableException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(installed().toString(), "run"));
        command.addAll(options);
        command.addAll(List.of("-cp", application(), main));
        command.addAll(arguments);
        return processes.run(command, Map.of());
    }

    /** A script as a user starts it. */
    Processes.Run collaPython(List<String> options, String script, List<String> arguments)
            throws UnavailableException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(installed().toString(), "run", "--quiet", "--python", interpreter()));
        command.addAll(options);
        command.add(script);
        command.addAll(arguments);
        return processes.run(command, ONE_THREAD);
    }

    /** A script with plain Python. */
    Processes.Run python(String script, List<String> arguments) throws UnavailableException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(interpreter(), script));
        command.addAll(arguments);
        return processes.run(command, ONE_THREAD);
    }

    /** The Python with the contenders' packages, if somebody has installed it; else the one on the PATH. */
    private String interpreter() {
        Path own = root.resolve("benchmarks/target/python/bin/python");
        return Files.isExecutable(own) ? own.toString() : "python3";
    }

    private Path installed() throws UnavailableException {
        Path colla = root.resolve("dist/colla/bin/colla");
        if (!Files.isExecutable(colla)) {
            throw new UnavailableException("there is no dist/colla/bin/colla");
        }
        return colla;
    }

    /** A class of the application with the runtime on its class path. */
    Processes.Run embedded(String main, List<String> arguments) throws UnavailableException, InterruptedException {
        List<String> command = java(application() + ":" + root.resolve("dist/colla/lib/*"));
        command.add(main);
        command.addAll(arguments);
        return processes.run(command, Map.of());
    }

    /** A class of the runtime's tests, with a large heap. */
    Processes.Run tests(String main) throws UnavailableException, InterruptedException {
        List<String> command =
                java(root.resolve("runtime/target/test-classes") + ":" + root.resolve("dist/colla/lib/*"));
        command.addAll(List.of("-Xmx4g", main));
        return processes.run(command, Map.of());
    }

    /** Starts a class or a script with these arguments. */
    interface Starter {
        Processes.Run start(String main, List<String> arguments) throws UnavailableException, InterruptedException;
    }

    /**
     * Several rounds of a workload in one process: their median, as {@code toValue} makes it of seconds.
     *
     * @param way colla or plain
     */
    Observation rounds(Starter starter, String way, String workload, Size size, DoubleUnaryOperator toValue)
            throws UnavailableException, InterruptedException {
        return rounds(starter, MAIN, way, workload, size, toValue);
    }

    /**
     * The same for any class or script that takes the arguments of {@code WorkloadMain} and answers as it does.
     *
     * @param main class or script
     */
    Observation rounds(
            Starter starter, String main, String way, String workload, Size size, DoubleUnaryOperator toValue)
            throws UnavailableException, InterruptedException {
        Path file = processes.folder().resolve("seconds");
        try {
            Files.deleteIfExists(file);
            Processes.Run run = starter.start(
                    main,
                    List.of(
                            way,
                            workload,
                            Integer.toString(size.tasks),
                            Integer.toString(size.warm + size.rounds),
                            file.toString(),
                            Integer.toString(threads)));
            if (!Files.exists(file)) {
                throw new UnavailableException("the application ended without results");
            }
            List<String> lines = Files.readAllLines(file).subList(0, size.warm + size.rounds);
            double[] seconds = column(lines, 0);
            return new Observation(
                    toValue.applyAsDouble(Summary.median(Arrays.copyOfRange(seconds, size.warm, seconds.length))),
                    toValue.applyAsDouble(seconds[0]),
                    run.wall(),
                    run.cpu(),
                    Summary.median(Arrays.copyOfRange(column(lines, 1), size.warm, seconds.length)) / size.tasks * 1e6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double[] column(List<String> lines, int index) {
        return lines.stream()
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[index]))
                .toArray();
    }

    /** Whether there is such a program on the PATH. */
    static boolean has(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(":"))
                        .anyMatch(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, program)));
    }
}
