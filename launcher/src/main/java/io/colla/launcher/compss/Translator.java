package io.colla.launcher.compss;

import io.colla.api.UsageException;
import io.colla.launcher.compss.CompssLine.Given;
import io.colla.launcher.compss.Translation.Asked;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says a command line of {@code runcompss} or {@code enqueue_compss} in the words of {@code colla}. For one line only. */
public final class Translator {
    private static final String DEFAULT_NODES = "2";
    private static final String DEFAULT_MINUTES = "10";
    private static final String DEBUGGER_PORT = "9999";

    private final CompssCommand command;
    private final Path directory;
    private final List<String> sources = new ArrayList<>();
    private final List<String> exports = new ArrayList<>();
    private final List<String> before = new ArrayList<>();
    private final List<String> after = new ArrayList<>();
    private final List<String> submit = new ArrayList<>();
    private final List<String> run = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final ProgramWords program;
    private final DifferentNodes parts;
    private String minutes = DEFAULT_MINUTES;
    private String site = "";
    private boolean quiet;
    private final TraceWords trace = new TraceWords();
    /** Where its flags belong among the others. */
    private int traceAt;

    private Asked asked = Asked.DO;

    private Translator(CompssCommand command, Path directory) {
        this.command = command;
        this.directory = directory;
        this.program = new ProgramWords(command, directory);
        this.parts = new DifferentNodes(directory);
    }

    /**
     * @param words what was typed behind the command
     * @param directory the working folder
     * @throws UsageException for what cannot be meant
     */
    public static Translation translate(CompssCommand command, List<String> words, Path directory) {
        CompssLine line = CompssLine.parse(command, CompssTable.of(command), words);
        return new Translator(command, directory).translate(line);
    }

    private Translation translate(CompssLine line) {
        for (Given given : line.given()) {
            switch (given.option().what()) {
                case "quiet" -> {}
                case "warn" -> warn(given, given.option().words());
                case "do" -> translate(given);
                default -> pass(given);
            }
        }
        run.addAll(traceAt, trace.flags());
        if (asked == Asked.HELP || asked == Asked.VERSION) {
            return done(List.of());
        }
        if (command == CompssCommand.ENQUEUE_COMPSS) {
            sizes(line);
        }
        List<String> words = program.words(line.program(), line.given(), exports);
        run.addAll(exported());
        return done(words);
    }

    private Translation done(List<String> words) {
        List<String> setup =
                Stream.of(sources, exports, before).flatMap(List::stream).toList();
        List<String> unheard = quiet ? List.of() : warnings;
        return new Translation(setup, after, submit, run, words, program.command(), site, unheard, asked);
    }

    private void pass(Given given) {
        CompssOption option = given.option();
        List<String> flags = option.section().startsWith("Submission") && !isOfRun(option) ? submit : run;
        String value = option.value().equals("DIR") ? absolute(given.value()) : given.value();
        flags.add(value.isEmpty() ? option.what() : option.what() + "=" + value);
    }

    private static boolean isOfRun(CompssOption option) {
        return option.what().startsWith("--master-");
    }

    /** Number and kind of nodes, and the time: what the original has defaults for. */
    private void sizes(CompssLine line) {
        submit.add("--time=" + Values.clock("--exec_time", minutes));
        if (parts.given()) {
            submit.addAll(parts.flags());
            return;
        }
        if (!has(line, "--num_nodes")) {
            submit.add("--nodes=" + DEFAULT_NODES);
        }
        if (!has(line, "--cpus_per_node")) {
            submit.add("--exclusive");
        }
        boolean alone = line.given().stream()
                .anyMatch(given ->
                        given.name().equals("--num_nodes") && given.value().equals("1"));
        if (alone && run.remove("--master-cores=0")) {
            warnings.add("--worker_in_master_cpus=0 has no effect: the job's only node has to do the work");
        }
    }

    private static boolean has(CompssLine line, String name) {
        return line.given().stream().anyMatch(given -> given.name().equals(name));
    }

    private void translate(Given given) {
        String value = given.value();
        switch (given.name()) {
            case "--help", "--opts" -> asked = Asked.HELP;
            case "--version" -> asked = Asked.VERSION;
            case "--dry-run" -> asked = Asked.SHOW;
            case "--quiet" -> beQuiet();
            case "--exec_time" -> minutes = value;
            case "--sc_cfg" -> site = stem(value);
            case "--job_dependency" -> submit.add("--depends-on=afterany:" + value);
            case "--extra_submit_flag" -> submit.add("--extra=" + value.replace('#', ' '));
            case "--cluster" -> submit.add("--extra=--clusters=" + value);
            case "--file_systems" -> submit.add("--extra=-l filesystems=" + value);
            case "--num_switches" -> submit.add("--extra=--switches=" + value);
            case "--pre_env_script" -> sources.add(0, Shell.source(absolute(value)));
            case "--env_script" -> sources.add(Shell.source(absolute(value)));
            case "--agents" -> run.add("--nested");
            case "--heterogeneous" -> parts.ask();
            case "--type_cfg" -> parts.types(value);
            case "--master" -> parts.master(value);
            case "--workers" -> parts.workers(value);
            case "--node_memory" -> submit.add("--mem-per-node=" + Values.megabytes(given));
            case "--worker_in_master_memory" -> run.add("--master-memory=" + Values.megabytes(given));
            case "--prolog" -> before.add(value.replace(',', ' '));
            case "--epilog" -> after.add(value.replace(',', ' '));
            case "--worker_working_dir" -> scratch(value);
            case "--worker_port_range" -> run.add("--ports=" + Values.ports(given));
            case "--elasticity" -> run.add("--max-jobs=" + value);
            case "--graph" -> run.add("--graph");
            case "--tracing" -> trace(given);
            case "--extrae_config_file" -> trace.extrae(absolute(value));
            case "--tracing_task_dependencies" -> trace.dependencies(value);
            case "--monitoring" -> run.add("--progress=always");
            case "--scheduler" -> schedule(given);
            case "--checkpoint" -> checkpoint(given);
            case "--log_level" -> logLevel(given);
            case "--wall_clock_limit" -> run.add("--time-limit=" + Values.seconds(given));
            case "--library_path" -> exports.add(Shell.inFront("LD_LIBRARY_PATH", paths(value), ":"));
            case "--jvm_master_opts" -> exports.add(Shell.behind("COLLA_JVM_OPTS", value.replace(',', ' '), " "));
            case "--external_debugger" -> debugger(value.isEmpty() ? DEBUGGER_PORT : value);
            case "--jvm_workers_opts" -> workerOptions(value);
            case "--python_worker_cache" -> workerCache(given);
            default -> program.option(given);
        }
    }

    private void trace(Given given) {
        traceAt = run.size();
        trace.level(given, warnings);
    }

    private void beQuiet() {
        quiet = true;
        run.add("--quiet");
    }

    private static String stem(String file) {
        return file.endsWith(".cfg") ? file.substring(0, file.length() - ".cfg".length()) : file;
    }

    /** {@code local_disk}, the usual, never comes here. */
    private void scratch(String value) {
        switch (value) {
            case "shared_disk" -> run.add("--scratch=.");
            case "gpfs", "scratch" -> run.add("--scratch=.");
            default -> run.add("--scratch=" + absolute(value));
        }
    }

    private void schedule(Given given) {
        String name = given.value().toLowerCase(Locale.ROOT);
        if (name.contains("data") || name.contains("locality")) {
            run.add("--scheduler=locality");
        } else if (name.contains("fifo")) {
            run.add("--scheduler=fifo");
        } else if (name.contains("lifo")) {
            run.add("--scheduler=lifo");
        } else {
            run.add("--scheduler=locality");
            if (!name.endsWith("taskscheduler") && !name.contains("ready") && !name.contains("loadbalancing")) {
                warnings.add(given.text()
                        + " is not known; tasks are placed near their data (fifo and lifo are the others)");
            }
        }
    }

    private void checkpoint(Given given) {
        if (!given.value().endsWith("NoCheckpoint")) {
            warn(
                    given,
                    "there are no checkpoints; let tasks write their results to files, and leave out those that are there");
        }
    }

    private void logLevel(Given given) {
        switch (given.value().toLowerCase(Locale.ROOT)) {
            case "debug", "trace" -> run.add("--debug");
            default -> throw new UsageException(given.text() + ": expected off, info, api, debug or trace");
        }
    }

    private void debugger(String port) {
        String options = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=" + port;
        exports.add(Shell.behind("COLLA_JVM_OPTS", options, " "));
    }

    private void workerOptions(String value) {
        String heap = "";
        List<String> others = new ArrayList<>();
        for (String option : value.split("[, ]+")) {
            if (option.startsWith("-Xmx")) {
                heap = option.substring("-Xmx".length());
            } else if (!option.isEmpty()) {
                others.add(option);
            }
        }
        if (!heap.isEmpty()) {
            run.add("--worker-heap=" + heap);
        }
        if (!others.isEmpty()) {
            run.add("--worker-jvm-opts=" + String.join(" ", others));
        }
    }

    private void workerCache(Given given) {
        if (given.value().contains("gpu")) {
            warn(given, "objects are shared between the tasks of a node in its memory, not on its GPUs");
        }
    }

    /** Variables that tasks are to see as the program does. */
    private List<String> exported() {
        return Stream.of("PYTHONPATH", "LD_LIBRARY_PATH")
                .filter(name -> exports.stream().anyMatch(line -> line.startsWith("export " + name + "=")))
                .map(name -> "--env=" + name)
                .toList();
    }

    private void warn(Given given, String words) {
        warnings.add(given.text() + " has no effect: " + words);
    }

    private String absolute(String path) {
        return Values.absolute(directory, path);
    }

    private String paths(String list) {
        return Stream.of(list.split(":"))
                .filter(path -> !path.isEmpty())
                .map(this::absolute)
                .collect(Collectors.joining(":"));
    }
}
