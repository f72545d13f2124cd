package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.python.Interpreter;
import io.colla.tracing.export.CsvExport;
import io.colla.tracing.export.CsvExport.Table;
import io.colla.tracing.export.PerfettoExport;
import io.colla.tracing.paraver.PrvReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla trace export}: traces for other programs than Paraver. */
final class TraceExportCommand implements Subcommand {
    private static final String PERFETTO = "--perfetto";
    private static final String CSV = "--csv";
    private static final String OTF2 = "--otf2";
    private static final String OUT = "-o";
    private static final String TABLES = "--tables";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Writes a trace for Perfetto, as CSV tables, or as OTF2.")
                .customSynopsis("colla trace export --perfetto | --csv | --otf2 [-o OUT] RUN")
                .description("%nWithout -o it is written beside the trace.%n");
        spec.addOption(OptionSpec.builder(PERFETTO)
                .description("JSON for ui.perfetto.dev and Chrome; compressed if OUT ends in .gz.")
                .build());
        spec.addOption(OptionSpec.builder(CSV)
                .description("A folder of tables: tasks, transfers and dependencies.")
                .build());
        spec.addOption(OptionSpec.builder(OTF2)
                .description("An OTF2 archive, for Vampir and others, by Python with the package otf2.")
                .build());
        spec.addOption(OptionSpec.builder(TABLES)
                .paramLabel("NAME,NAME")
                .type(String.class)
                .description("The tables of --csv, of: "
                        + Arrays.stream(Table.values()).map(Table::word).collect(Collectors.joining(", ")) + ".")
                .build());
        spec.addOption(OptionSpec.builder(OUT, "--output")
                .paramLabel("OUT")
                .type(String.class)
                .description("The file (Perfetto) or folder to write.")
                .build());
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("RUN")
                .type(String.class)
                .required(true)
                .description("A run's folder, such as colla-runs/latest, or a .prv or .prv.gz.")
                .build());
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        List<String> formats = List.of(PERFETTO, CSV, OTF2).stream()
                .filter(line::hasMatchedOption)
                .toList();
        if (formats.size() != 1) {
            throw new UsageException("colla trace export needs one of --perfetto, --csv and --otf2");
        }
        Path directory = context.loader().directory();
        Path prv = TraceFiles.find(line, 0, context);
        String given = line.matchedOptionValue(OUT, "");
        Path wanted = given.isEmpty() ? null : directory.resolve(given);
        try {
            switch (formats.get(0)) {
                case PERFETTO -> perfetto(prv, wanted, context);
                case CSV -> csv(prv, tables(line.matchedOptionValue(TABLES, "")), wanted, context);
                default -> otf2(prv, wanted, context);
            }
        } catch (IOException e) {
            throw new UsageException("the export of " + prv + " failed: " + Words.reason(e), e);
        }
        return ExitCode.OK.number();
    }

    private static Path beside(Path prv, @Nullable Path wanted, String ending) {
        return wanted != null ? wanted : prv.resolveSibling(PrvReader.nameOf(prv) + ending);
    }

    private static void perfetto(Path prv, @Nullable Path wanted, Context context) throws IOException {
        Path target = beside(prv, wanted, ".json.gz");
        Path unfinished = target.resolveSibling("." + target.getFileName() + ".part");
        long events;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16)) {
            boolean compress = target.toString().endsWith(".gz");
            events = PerfettoExport.write(PrvReader.open(prv), compress ? new GZIPOutputStream(out, 1 << 16) : out);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        context.out().println(String.format(Locale.ROOT, "%s: %,d events", target, events));
    }

    private static Set<Table> tables(String words) {
        if (words.isEmpty()) {
            return CsvExport.USUAL;
        }
        Set<Table> tables = EnumSet.noneOf(Table.class);
        for (String word : words.split(",")) {
            tables.add(Arrays.stream(Table.values())
                    .filter(table -> table.word().equals(word.strip()))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("--tables: there is no table '" + word.strip()
                            + "'; there are "
                            + Arrays.stream(Table.values()).map(Table::word).collect(Collectors.joining(", ")))));
        }
        return tables;
    }

    private static void csv(Path prv, Set<Table> tables, @Nullable Path wanted, Context context) throws IOException {
        CsvExport.write(PrvReader.open(prv), tables, beside(prv, wanted, ".csv"))
                .forEach(file -> context.out().println(file));
    }

    private static void otf2(Path prv, @Nullable Path wanted, Context context) throws IOException {
        Path target = beside(prv, wanted, ".otf2");
        Interpreter python = Interpreter.find(null, context.loader().environment());
        ProcessBuilder converter =
                new ProcessBuilder(python.path().toString(), "-m", "colla._otf2", prv.toString(), target.toString());
        converter.environment().putAll(PythonPath.variables(context.loader().environment()));
        Process process = converter.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (exitCode(process) != 0) {
            throw new UsageException(said.isEmpty() ? "the converter to OTF2 ended without a word" : said);
        }
        context.out().println(target.resolve("traces.otf2"));
    }

    private static int exitCode(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new UsageException("interrupted");
        }
    }
}
