package io.colla.launcher.compss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import io.colla.launcher.compss.Translation.Asked;
import io.colla.platform.ShellWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TranslatorTest {
    /** Lines that begin with a command, each followed by what becomes of it, indented. {@code -Dcolla.golden=write} writes it anew. */
    private static final Path GOLDEN = Path.of("src/test/resources/io/colla/launcher/compss/translations.txt");

    @TempDir
    Path directory;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createFile(directory.resolve("app.py"));
        Files.writeString(
                directory.resolve("types.cfg"),
                """
                master(){
                  cpus_per_node=4
                  node_memory=2000
                }
                thin(){
                  cpus_per_node=2   # two of them
                  node_memory=disabled
                  gpus_per_node=0
                  constraints="ib"
                }
                empty(){
                }
                """);
    }

    private Translation translate(String line) {
        List<String> words = List.of(line.split(" (?=\\S)"));
        CompssCommand command = CompssCommand.byWord(words.get(0));
        assertThat(command).isNotNull();
        return Translator.translate(command, words.subList(1, words.size()), directory);
    }

    private String shown(String line) {
        Translation translation = translate(line);
        List<String> lines = new ArrayList<>();
        lines.add(line);
        add(
                lines,
                "asks for",
                translation.asked() == Asked.DO
                        ? List.of()
                        : List.of(translation.asked().name()));
        translation.setup().forEach(each -> lines.add("    setup   " + each));
        add(lines, "site", translation.site().isEmpty() ? List.of() : List.of(translation.site()));
        add(lines, "submit", translation.submit());
        add(lines, "run", translation.runWords());
        add(lines, "instead", translation.command());
        translation.after().forEach(each -> lines.add("    after   " + each));
        translation.warnings().forEach(each -> lines.add("    warns   " + each));
        return String.join("\n", lines).replace(directory.toString(), "HERE") + "\n";
    }

    private static void add(List<String> lines, String title, List<String> words) {
        if (!words.isEmpty()) {
            lines.add(String.format("    %-7s %s", title, ShellWords.quote(words)));
        }
    }

    private static List<String> commandLines() throws IOException {
        return Files.readAllLines(GOLDEN).stream()
                .filter(line -> line.contains("compss "))
                .filter(line -> !line.startsWith(" "))
                .toList();
    }

    @Test
    void everyLineBecomesWhatTheFileSays() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line : commandLines()) {
            all.append(shown(line));
        }
        if ("write".equals(System.getProperty("colla.golden"))) {
            Files.writeString(GOLDEN, all);
        }
        assertThat(all.toString()).isEqualTo(Files.readString(GOLDEN));
    }

    @ParameterizedTest
    @EnumSource(CompssCommand.class)
    void theFileHasEveryOption(CompssCommand command) throws IOException {
        CompssTable table = CompssTable.of(command);
        List<String> seen = commandLines().stream()
                .filter(line -> command == CompssCommand.ENQUEUE_COMPSS || line.startsWith("runcompss "))
                .flatMap(line -> Stream.of(line.split(" ")))
                .map(word -> word.replaceFirst("=.*", ""))
                .collect(Collectors.toList());
        seen.add("--ipython"); // an error, below
        for (CompssOption option : table.options()) {
            assertThat(seen).as(option.usage()).anyMatch(option::isCalled);
        }
    }

    @ParameterizedTest
    @EnumSource(CompssCommand.class)
    void helpFitsEightyColumnsAndNamesEveryOption(CompssCommand command) {
        String help = CompssHelp.of(command);
        assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        for (CompssOption option : CompssTable.of(command).options()) {
            assertThat(help).contains(option.usage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "runcompss --grph app.py|runcompss has no option '--grph'; did you mean '--graph'?; see 'runcompss --help'",
                "runcompss --num_nodes=3 app.py|runcompss has no option '--num_nodes'; it is enqueue_compss's; see 'runcompss --help'",
                "enqueue_compss --num_nodes 3 app.py|--num_nodes needs its value behind an equals sign: --num_nodes=N; see 'enqueue_compss --help'",
                "runcompss --summary=yes app.py|--summary takes no value, but was given 'yes'; see 'runcompss --help'",
                "runcompss --graph|nothing to run; name the program behind the options: runcompss app.py",
                "runcompss --lang=c app|--lang=c: main programs are in Java or Python; programs in other languages can be their tasks (@binary)",
                "runcompss --lang=cobol app|--lang=cobol: expected java or python",
                "runcompss --lang=python simple.Simple|--lang=python, but simple.Simple is no Python script: name a file that ends in .py",
                "runcompss --lang=java app.py|--lang=java, but app.py is a Python script",
                "runcompss --log_level=loud app.py|--log_level=loud: expected off, info, api, debug or trace",
                "runcompss --wall_clock_limit=1h app.py|--wall_clock_limit: '1h': expected a whole number of seconds, such as --wall_clock_limit=3600",
                "enqueue_compss --exec_time=soon app.py|--exec_time: 'soon': expected a whole number of minutes, such as --exec_time=30",
                "enqueue_compss --exec_time=0 app.py|--exec_time: '0': expected a whole number of minutes, such as --exec_time=30",
                "enqueue_compss --node_memory=much app.py|--node_memory: 'much': expected a whole number of megabytes, such as --node_memory=32000",
                "enqueue_compss --worker_port_range=43001 app.py|--worker_port_range: '43001': expected two ports, such as --worker_port_range=43001,43005",
                "enqueue_compss --heterogeneous app.py|different nodes need all of --type_cfg=FILE, --master=TYPE and --workers=TYPE:N,...; or use 'colla submit --part nodes=1,cpus-per-node=4 --part ...'",
                "enqueue_compss --type_cfg=none.cfg --master=thin --workers=thin:1 app.py|--type_cfg: cannot read none.cfg; name a file with lines such as 'thin(){', 'cpus_per_node=24', '}'",
                "enqueue_compss --type_cfg=types.cfg --master=thim --workers=thin:1 app.py|types.cfg describes no type 'thim'; did you mean 'thin'?",
                "enqueue_compss --type_cfg=types.cfg --master=thin --workers=thin app.py|--workers: 'thin': expected a type and a number of nodes, such as --workers=thin:2,fat:1",
                "enqueue_compss --ipython|--ipython needs a terminal, which a batch job has not; start ipython in 'salloc' or 'qsub -I', where ipycompss.start() uses the job's nodes",
            })
    void saysInOneSentenceWhatIsWrong(String line, String sentence) {
        assertThatThrownBy(() -> translate(line))
                .isInstanceOf(UsageException.class)
                .hasMessage(sentence);
    }

    @Test
    void aTypeOfNodesHasToSaySomething() {
        assertThatThrownBy(
                        () -> translate("enqueue_compss --type_cfg=types.cfg --master=empty --workers=thin:1 app.py"))
                .hasMessage("types.cfg: type 'empty' says nothing; give it a line such as cpus_per_node=24");
    }

    @Test
    void argumentsOfTheProgramAreLeftAlone() {
        assertThat(Translator.translate(
                                CompssCommand.RUNCOMPSS,
                                List.of("app.py", "--graph", "-t", "--num_nodes=2", "a b", "$x", ""),
                                directory)
                        .runWords())
                .containsExactly("app.py", "--graph", "-t", "--num_nodes=2", "a b", "$x", "");
    }

    @Test
    void theScriptForAShellIsQuoted() {
        Translation translation = Translator.translate(
                CompssCommand.RUNCOMPSS,
                List.of("--env_script=my env.sh", "--pythonpath=lib:/opt/it's", "app.py", "two words", "it's", ""),
                directory);
        assertThat(translation.script("colla"))
                .isEqualTo(
                        """
                        . 'HERE/my env.sh'
                        export PYTHONPATH='HERE/lib:/opt/it'\\''s'"${PYTHONPATH:+:$PYTHONPATH}"
                        exec colla run --env=PYTHONPATH app.py 'two words' 'it'\\''s' ''
                        """
                                .replace("HERE", directory.toString()));
    }
}
