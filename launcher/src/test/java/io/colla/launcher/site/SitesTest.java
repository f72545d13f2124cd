package io.colla.launcher.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import io.colla.launcher.config.BatchOptions;
import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Origin;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.SettingsLoader;
import io.colla.launcher.site.SiteProfile.NodeKind;
import io.colla.platform.JobRequest;
import io.colla.platform.JobRequest.Body;
import io.colla.platform.JobRequest.Gpus;
import io.colla.platform.JobRequest.Part;
import io.colla.platform.JobRequest.Place;
import io.colla.platform.JobRequest.Steps;
import io.colla.platform.JobRequest.Terms;
import io.colla.platform.SiteFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SitesTest {
    private static final Path EXAMPLES = Path.of("../sites");

    @TempDir
    Path root;

    private final Map<String, String> environment = new HashMap<>();
    private final Map<Option<?>, List<String>> flags = new HashMap<>();
    private String host = "login1";

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectories(root.resolve("user"));
        Files.createDirectories(root.resolve("install"));
    }

    private Sites sites() {
        return new Sites(
                root,
                List.of(root.resolve("user"), root.resolve("install")),
                new HostName(host, () -> host + ".site.example"));
    }

    private Path write(String file, String... lines) throws IOException {
        return Files.write(root.resolve(file), List.of(lines));
    }

    private Settings load() {
        return sites().apply(new SettingsLoader(environment, root, null, null).load(flags, null));
    }

    static Stream<Path> examples() throws IOException {
        return Files.list(EXAMPLES).sorted();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theExamplesAreRight(Path file) {
        SiteProfile profile = Sites.read(file);
        assertThat(profile.description()).contains("example");
        assertThat(profile.queues()).isNotEmpty();
        assertThat(profile.node().cores()).isPositive();
        assertThat(profile.hosts()).isEmpty();
    }

    @Test
    void aProfileIsUnderWhatTheUserSays() throws IOException {
        write(
                "user/nimbus.yaml",
                "batch-system: slurm",
                "node: {cores: 48, memory: 100g, gpus: 2}",
                "disks:",
                "  scratch: /scratch",
                "  shared: [/home, /projects]",
                "network: ib0",
                "mpi: srun",
                "modules: [java/17, python/3.11]",
                "env-script: /opt/env.sh",
                "defaults: {queue: main, time: 01:00:00, extra: [--a], retries: 5}",
                "queues:",
                "  debug: {max-time: 00:30:00, cores: 8, qos: quick}");
        environment.put("COLLA_SITE", "nimbus");
        flags.put(BatchOptions.EXTRA, List.of("--b"));
        flags.put(Options.RETRIES, List.of("1"));
        Settings settings = load();
        assertThat(settings.get(BatchOptions.BATCH_SYSTEM)).isEqualTo(BatchOptions.System.SLURM);
        assertThat(settings.get(BatchOptions.QUEUE)).isEqualTo("main");
        assertThat(settings.get(BatchOptions.TIME)).isEqualTo(Duration.ofHours(1));
        assertThat(settings.get(BatchOptions.CPUS_PER_NODE)).isEqualTo(48);
        assertThat(settings.all(BatchOptions.EXTRA)).containsExactly("--a", "--b");
        assertThat(settings.need(Options.RETRIES)).isEqualTo(1);
        assertThat(settings.get(Options.SCRATCH)).isEqualTo(Path.of("/scratch"));
        assertThat(settings.all(Options.SHARED)).containsExactly(Path.of("/home"), Path.of("/projects"));
        assertThat(settings.get(Options.NETWORK)).isEqualTo("ib0");
        assertThat(settings.get(Options.MPI)).isEqualTo("srun");
        assertThat(settings.origin(Options.SCRATCH))
                .isEqualTo(new Origin(Origin.Source.SITE_FILE, root + "/user/nimbus.yaml:4"));
        assertThat(settings.get(Options.SITE)).isEqualTo(root + "/user/nimbus.yaml");
        SiteProfile profile = Sites.profile(settings).orElseThrow();
        assertThat(profile.setup().get(1)).isEqualTo("module load java/17 python/3.11");
        assertThat(profile.setup().get(2)).isEqualTo(". /opt/env.sh");
    }

    @Test
    void whatDependsOnTheQueueIsThatOfTheUsersQueue() throws IOException {
        write(
                "user/nimbus.yaml",
                "node: {cores: 48}",
                "defaults: {queue: main}",
                "queues: {debug: {cores: 8, qos: quick}, main: {}}");
        environment.put("COLLA_SITE", "nimbus");
        assertThat(load().get(BatchOptions.CPUS_PER_NODE)).isEqualTo(48);
        assertThat(load().get(BatchOptions.QOS)).isNull();
        flags.put(BatchOptions.QUEUE, List.of("debug"));
        assertThat(load().get(BatchOptions.CPUS_PER_NODE)).isEqualTo(8);
        assertThat(load().get(BatchOptions.QOS)).isEqualTo("quick");
        flags.put(BatchOptions.PART, List.of("nodes=2"));
        assertThat(load().get(BatchOptions.CPUS_PER_NODE)).isNull();
    }

    @Test
    void theProfileForThisHostIsChosenByItself() throws IOException {
        write("user/other.yaml", "hosts: [other*]");
        write("user/quiet.yaml", "defaults: {queue: q}");
        write("install/mine.yaml", "hosts: [nothing, 'login?']", "defaults: {queue: mine}");
        assertThat(load().get(BatchOptions.QUEUE)).isEqualTo("mine");
        assertThat(load().origin(Options.SITE).where()).isEqualTo("this host's name");
        write("install/mine.yaml", "hosts: ['login*.site.example']", "defaults: {queue: whole}");
        assertThat(load().get(BatchOptions.QUEUE)).isEqualTo("whole");
        write("user/nearer.yaml", "hosts: [log*]", "defaults: {queue: nearer}");
        assertThat(load().get(BatchOptions.QUEUE)).isEqualTo("nearer");
        host = "node1";
        assertThat(load().get(BatchOptions.QUEUE)).isNull();
        host = "login1";
        flags.put(Options.SITE, List.of("none"));
        assertThat(load().get(BatchOptions.QUEUE)).isNull();
    }

    @Test
    void twoProfilesForOneHostAreAMistake() throws IOException {
        write("user/a.yaml", "hosts: [log*]");
        write("user/b.yaml", "hosts: [login1]");
        assertThatThrownBy(this::load)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("user/a.yaml and ")
                .hasMessageContaining("are both for this host; say which with --site");
    }

    @Test
    void aProfileIsNamedByNameOrFile() throws IOException {
        write("user/nimbus.yaml", "defaults: {queue: user}");
        write("install/nimbus.yaml", "defaults: {queue: install}");
        write("here.yaml", "defaults: {queue: here}");
        flags.put(Options.SITE, List.of("nimbus"));
        assertThat(load().get(BatchOptions.QUEUE)).isEqualTo("user");
        flags.put(Options.SITE, List.of("here.yaml"));
        assertThat(load().get(BatchOptions.QUEUE)).isEqualTo("here");
        flags.put(Options.SITE, List.of("nimbsu"));
        assertThatThrownBy(this::load)
                .hasMessageContaining("--site nimbsu: there is no profile of this name; did you mean 'nimbus'?");
        flags.put(Options.SITE, List.of("./none.yaml"));
        assertThatThrownBy(this::load).hasMessage("--site ./none.yaml: there is no such file");
        assertThat(sites().all()).containsExactly(root.resolve("user/nimbus.yaml"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quues: {}|:1: a profile has no 'quues'; did you mean 'queues'?; known are description, hosts",
                "node: {core: 4}|:1: node has no 'core'; did you mean 'cores'?; known are cores, memory, gpus",
                "node: {cores: many}|:1: cores: 'many': expected a whole number from 1 up, such as 'cores: 48'",
                "node: {memory: 4 elephants}|:1: memory: '4 elephants': expected a size, such as 'memory: 256g'",
                "node: 48|:1: node: expected lines such as 'cores: ...'",
                "batch-system: lsf|:1: batch-system: 'lsf': expected slurm or pbs, such as 'batch-system: slurm'",
                "queues: {debug: {max-time: soon}}|:1: max-time: 'soon': expected a time, such as 'max-time: 1-00:00:00'",
                "queues: {debug: {max-tmie: 1h}}|:1: queue debug has no 'max-tmie'; did you mean 'max-time'?",
                "queues: {debug: {}, debug: {}}|:1: 'debug' is there twice; the first is at ",
                "queues: debug|:1: queues: expected lines such as 'debug: {max-time: 02:00:00}'",
                "defaults: {queeu: main}|:1: unknown setting 'queeu'; did you mean 'queue'?",
                "defaults: {site: other}|:1: a profile cannot name another one; leave 'site' out",
                "{network: ib0, defaults: {network: ib1}}|:1: 'network' is there twice",
                "modules: {a: b}|:1: modules: expected a text",
                "hosts: []]|:1: not valid YAML",
            })
    void saysWhichLineIsWrong(String line, String message) throws IOException {
        Path file = write("user/x.yaml", line);
        assertThatThrownBy(() -> Sites.read(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("x.yaml" + message);
    }

    private static JobRequest request(@Nullable String queue, Duration time, Part... parts) {
        return new JobRequest(
                "job",
                List.of(parts),
                new Place(queue, null, null, null, null),
                Terms.of(time),
                new Body(
                        Path.of("/f"),
                        Path.of("/w"),
                        "/o",
                        Map.of(),
                        new Steps(List.of(), List.of("true"), List.of())));
    }

    private SiteProfile limited() throws IOException {
        return Sites.read(write(
                "user/limited.yaml",
                "node: {cores: 48, memory: 100g, gpus: 0}",
                "queues:",
                "  debug: {max-time: 02:00:00, max-nodes: 4}",
                "  main: {max-time: 3-00:00:00}",
                "  gpu: {gpus: 4, memory: 200g, cores: 64}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "debug|72|1|1|1|0|--time 72:00:00 exceeds queue debug's 02:00:00|or for another queue: main, gpu",
                "main|73|1|1|1|0|--time 73:00:00 exceeds queue main's 72:00:00|or for another queue: gpu",
                "debug|1|5|1|1|0|a job of 5 nodes exceeds queue debug's 4|or for another queue: main, gpu",
                "debug|1|1|49|1|0|--cpus-per-node 49 exceeds the 48 cores of a node in queue debug|or for another queue: gpu",
                "|1|1|65|1|0|--cpus-per-node 65 exceeds the 48 cores of a node|; ask for less",
                "main|1|1|1|150|0|--mem-per-node 150g exceeds the 100g of a node in queue main|or for another queue: gpu",
                "main|1|1|1|1|1|--gpus-per-node 1 exceeds the 0 GPUs of a node in queue main|or for another queue: gpu",
                "gpu|1|1|1|1|5|--gpus-per-node 5 exceeds the 4 GPUs of a node in queue gpu|; ask for less",
            })
    void whatExceedsALimitIsRefused(
            @Nullable String queue, int hours, int nodes, int cores, int gib, int gpus, String sentence, String instead)
            throws IOException {
        Part part = new Part(nodes, cores, (long) gib << 30, new Gpus(gpus, null), null, null);
        SiteProfile profile = limited();
        assertThatThrownBy(() -> SiteLimits.check(profile, request(queue, Duration.ofHours(hours), part)))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(sentence)
                .hasMessageContaining("limited.yaml")
                .hasMessageEndingWith(instead);
    }

    @Test
    void whatIsWithinTheLimitsPasses() throws IOException {
        SiteProfile profile = limited();
        Part most = new Part(4, 48, 100L << 30, Gpus.NONE, null, null);
        assertThatCode(() -> SiteLimits.check(profile, request("debug", Duration.ofHours(2), most)))
                .doesNotThrowAnyException();
        Part gpu = new Part(1, 64, 200L << 30, new Gpus(4, "a100"), null, "gpu");
        assertThatCode(() -> SiteLimits.check(profile, request("main", Duration.ofHours(2), most, gpu)))
                .doesNotThrowAnyException();
        assertThatCode(() -> SiteLimits.check(profile, request("unknown", Duration.ofDays(9), most)))
                .doesNotThrowAnyException();
    }

    @Test
    void aNewProfileIsOneThatCanBeRead() throws IOException {
        SiteFacts facts = new SiteFacts(
                "storm",
                "thin",
                List.of(
                        new SiteFacts.Queue(
                                "thin", Duration.ofHours(72), 0, List.of(new SiteFacts.Nodes(90, 48, 192L << 30, 0))),
                        new SiteFacts.Queue(
                                "debug", Duration.ofMinutes(30), 2, List.of(new SiteFacts.Nodes(2, 48, 192L << 30, 0))),
                        new SiteFacts.Queue(
                                "007",
                                null,
                                0,
                                List.of(new SiteFacts.Nodes(8, 64, 0, 4), new SiteFacts.Nodes(1, 32, 0, 2)))));
        Path file = NewSite.write("", root.resolve("user"), "slurm", facts, "login12.storm.example");
        assertThat(file).isEqualTo(root.resolve("user/storm.yaml"));
        SiteProfile profile = Sites.read(file);
        assertThat(profile.hosts()).containsExactly("login*.storm.example");
        assertThat(profile.queues().keySet()).containsExactly("thin", "debug", "007");
        assertThat(profile.queues().get("debug").maxTime()).isEqualTo(Duration.ofMinutes(30));
        assertThat(profile.node("debug")).isEqualTo(new NodeKind(48, 192L << 30, 0));
        assertThat(profile.node("007").cores()).isZero();
        assertThat(Files.readString(file)).contains("# its nodes differ: 8 of 64 cores, 4 GPUs; 1 of 32 cores, 2 GPUs");
        assertThatThrownBy(() -> NewSite.write("storm", root.resolve("user"), "slurm", facts, "login1"))
                .hasMessageContaining("there is a profile")
                .hasMessageContaining("already");
        assertThatThrownBy(() -> NewSite.write("../x", root.resolve("user"), "slurm", facts, "login1"))
                .hasMessageContaining("'../x' is no name for a profile");
    }

    @Test
    void aNewProfileOfASmallSiteSaysWhatANodeHas() throws IOException {
        SiteFacts facts = new SiteFacts(
                "mini",
                "debug",
                List.of(new SiteFacts.Queue("debug", null, 0, List.of(new SiteFacts.Nodes(3, 4, 4000L << 20, 0)))));
        SiteProfile profile = Sites.read(NewSite.write("here", root.resolve("user"), "slurm", facts, "ctl"));
        assertThat(profile.node()).isEqualTo(new NodeKind(4, 4000L << 20, 0));
        assertThat(profile.hosts()).containsExactly("ctl");
        assertThat(profile.settings().get(BatchOptions.QUEUE)).isNotNull();
    }
}
