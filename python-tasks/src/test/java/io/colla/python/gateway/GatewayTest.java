package io.colla.python.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.core.EngineSettings;
import io.colla.master.Master;
import io.colla.master.MasterSettings;
import io.colla.platform.Allocation;
import io.colla.platform.NodeShare;
import io.colla.python.gateway.FakeProgram.Told;
import io.colla.scheduler.PlacementPolicy;
import io.colla.transport.PortRange;
import io.colla.worker.store.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The frames of a program against a whole run in this process, whose tasks are programs. */
@Tag("process")
@Timeout(60)
class GatewayTest {
    private static final int USAGE = 0;
    private static final int TASK = 1;
    private static final int CANCELLED = 2;
    private static final int ALL = -1;
    private static final int WINDOW = 4;

    @TempDir
    Path folder;

    private Master master;
    private Gateway gateway;
    private FakeProgram program;

    @BeforeEach
    void start() throws IOException {
        Allocation here = new Allocation("local", null, List.of(new NodeShare("here", 2, 1L << 30)), null, List.of());
        MasterSettings settings = new MasterSettings(
                here,
                null,
                Files.createDirectories(folder.resolve("run")),
                Files.createDirectories(folder.resolve("scratch")),
                List.of(),
                List.of(),
                getClass().getClassLoader(),
                PlacementPolicy.LOCALITY,
                EngineSettings.DEFAULTS,
                0,
                WINDOW,
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                PortRange.ANY,
                List.of());
        master = Master.start(settings);
        gateway = Gateway.listen(Map.of("TMPDIR", "/tmp"));
        Path socket = gateway.socket();
        gateway.serve(master, new Wishes(false, false));
        program = new FakeProgram(socket);
        assertThat(gateway.folder()).doesNotExist();
    }

    @AfterEach
    void end() throws IOException {
        program.close();
        gateway.close();
        master.close();
        assertThat(folder.resolve("scratch")).isEmptyDirectory();
    }

    private static String shell(String script) {
        return "{\"name\": \"shell\", \"implementations\": [{\"kind\": \"binary\", \"program\": \"/bin/sh\","
                + " \"arguments\": [\"-c\", \"" + script + "\", \"sh\", \"{{x}}\"], \"parameters\": [\"x\"],"
                + " \"fail_by_exit_value\": false}]}";
    }

    private static String failing() {
        return "{\"name\": \"fails\", \"implementations\": [{\"kind\": \"binary\", \"program\": \"/bin/sh\","
                + " \"arguments\": [\"-c\", \"exit $0\", \"{{x}}\"], \"parameters\": [\"x\"]}], \"retries\": 0}";
    }

    private ProgramEnd ended() throws Exception {
        return gateway.ended().get(20, TimeUnit.SECONDS);
    }

    @Test
    void givesBackEachKindOfValue() throws Exception {
        List<Object> values = new ArrayList<>(
                List.of(true, false, 42L, -1L << 40, 0.5, "", "größer", new Blob.Inline(new byte[] {1, 2, 3})));
        values.add(null);
        for (Object value : values) {
            int datum = program.datum();
            program.say(FrameType.PUT, frame -> frame.u32(datum).value(value));
            assertThat(program.value(program.get(datum))).isEqualTo(value);
        }
    }

    @Test
    void answersSeveralRequestsThatCameTogether() throws Exception {
        int template = program.template(7, shell("exit $1"));
        int three = program.get(program.call(template, ALL, 3L));
        assertThat(program.value(three)).isEqualTo(3L);
        int status = program.ask(Map.of("op", "status"));
        assertThat(program.done(status).number("done", -1)).isEqualTo(1);
        int resources = program.ask(Map.of("op", "resources"));
        assertThat(program.done(resources).number("cores", -1)).isEqualTo(2);
    }

    @Test
    void passesTheResultOfOneCallToAnother() throws Exception {
        int template = program.template(0, shell("exit $(($1 + 1))"));
        int first = program.call(template, ALL, 1L);
        int second = program.datum();
        program.say(FrameType.SUBMIT_PROGRAM, frame -> frame.u32(template)
                .u32(ALL)
                .u16(2)
                .u16(1)
                .u32(first)
                .u8(0)
                .u32(second)
                .u8(1)
                .u16(1)
                .u8(1)
                .u16(0));
        assertThat(program.value(program.get(second))).isEqualTo(3L);
    }

    @Test
    void refusesATaskThatNoNodeCanRun() throws Exception {
        int request = program.request();
        String json = "{\"name\": \"wide\", \"implementations\": [{\"kind\": \"binary\", \"program\": \"true\","
                + " \"cores\": 3}]}";
        program.say(FrameType.TEMPLATE, frame -> frame.u32(request).u32(0).string(json));
        Told told = program.failed(request);
        assertThat(told.kind()).isEqualTo(USAGE);
        assertThat(told.message())
                .isEqualTo("task wide can never run: it needs 3 cores on a node and the largest node has 2");
    }

    /** A program on two ranks, each of which ends with the number of all: the exit code is the result. */
    private static String ranks(String more) {
        return "{\"name\": \"ranks\", \"implementations\": [{\"kind\": \"binary\", \"program\": \"/bin/sh\","
                + " \"arguments\": [\"-c\", \"exit $((OMPI_COMM_WORLD_SIZE + $0))\", \"{{x}}\"], \"parameters\": [\"x\"],"
                + " \"fail_by_exit_value\": false, \"ranks\": {" + more + "}}]}";
    }

    @Test
    void runsAProgramOnItsRanks() throws Exception {
        int template =
                program.template(0, ranks("\"count\": 2, \"launcher\": \"openmpi\", \"flags\": [\"--tag-output\"]"));
        assertThat(program.value(program.get(program.call(template, ALL, 5L)))).isEqualTo(7L);
    }

    @Test
    void runsSeveralProgramsAsOneJob() throws Exception {
        String shell =
                "{\"program\": \"/bin/sh\", \"environment\": {\"OWN\": \"4\"}, \"ranks\": 1, \"arguments\": [\"-c\", \"exit %s\"]}";
        String json =
                "{\"name\": \"job\", \"implementations\": [{\"kind\": \"mpmd\", \"parameters\": [\"x\"], \"programs\": ["
                        + shell.formatted("0") + "," + shell.formatted("$((OMPI_COMM_WORLD_SIZE + OWN + {{x}}))")
                        + "], \"fail_by_exit_value\": false, \"ranks\": {\"count\": 2}}]}";
        int template = program.template(0, json);
        assertThat(program.value(program.get(program.call(template, ALL, 3L)))).isEqualTo(9L);
    }

    @Test
    void refusesRanksThatNoNodesHaveRoomFor() throws Exception {
        int request = program.request();
        String json = ranks("\"count\": 4, \"per_node\": 2");
        program.say(FrameType.TEMPLATE, frame -> frame.u32(request).u32(0).string(json));
        Told told = program.failed(request);
        assertThat(told.kind()).isEqualTo(USAGE);
        assertThat(told.message()).startsWith("task ranks can never run: it needs 4 ranks");
    }

    @Test
    void saysWhyTheResultOfARefusedCallIsNotThere() throws Exception {
        int template = program.template(0, shell("exit 0"));
        int result = program.call(template, 5, 0L); // there is no group 5
        Told told = program.told();
        assertThat(told.kind()).isEqualTo(USAGE);
        assertThat(told.message()).contains("group 5 does not exist");
        Told got = program.failed(program.get(result));
        assertThat(got.message()).contains("needs the result of a call that could not be made: group 5");
    }

    @Test
    void endsAllTasksWithAFailureUntilTheProgramHasHeardOfIt() throws Exception {
        int template = program.template(0, failing());
        program.call(template, ALL, 3L);
        Told told = program.told();
        assertThat(told.kind()).isEqualTo(TASK);
        assertThat(told.task()).isEqualTo("fails #1");
        assertThat(told.message()).contains("exited with code 3");
        int dropped = program.barrierOfNewCall(template);
        assertThat(program.failed(dropped).rest()).isEqualTo(told.rest());

        program.call(template, ALL, 4L);
        assertThat(program.told().message()).contains("exited with code 4");
        program.say(FrameType.HEARD, frame -> {});
        assertThat(program.value(program.get(program.call(template, ALL, 0L)))).isEqualTo(0L);
        program.done(program.bye(false));
    }

    @Test
    void answersTheFarewellWithAFailureThatNobodyHasHeardOf() throws Exception {
        int template = program.template(0, failing());
        program.call(template, ALL, 3L);
        Told told = program.told();
        assertThat(program.failed(program.bye(false)).rest()).isEqualTo(told.rest());
        program.close();
        assertThat(ended().how()).isEqualTo(ProgramEnd.Way.IN_ORDER);
        assertThat(ended().failure()).isNotNull();
    }

    @Test
    void cancelsAGroupAndLeavesOthersAlone() throws Exception {
        int template = program.template(0, shell("sleep $1"));
        program.say(FrameType.GROUP, frame -> frame.u32(1).u8(0));
        int cancelled = program.call(template, 1, 600L);
        int other = program.call(template, ALL, 0L);
        int request = program.get(cancelled);
        program.say(FrameType.GROUP, frame -> frame.u32(1).u8(2));
        assertThat(program.failed(request).kind()).isEqualTo(CANCELLED);
        assertThat(program.failed(program.barrier(1)).kind()).isEqualTo(CANCELLED);
        assertThat(program.value(program.get(other))).isEqualTo(0L);
    }

    @Test
    void cancelsEverythingWithoutTellingOfAFailure() throws Exception {
        int template = program.template(0, shell("sleep $1"));
        int endless = program.get(program.call(template, ALL, 600L));
        int asked = program.ask(Map.of("op", "cancel_all"));
        List<Integer> types = List.of(program.read(), program.read());
        assertThat(types).containsExactlyInAnyOrder(FrameType.FAILED, FrameType.DONE);
        assertThat(endless).isNotEqualTo(asked);
        assertThat(program.value(program.get(program.call(template, ALL, 0L)))).isEqualTo(0L);
    }

    /** The window makes the gateway stop reading; what it has read is answered all the same. */
    @Test
    void answersWhileTheWindowIsFull() throws Exception {
        int template = program.template(0, shell("sleep $1"));
        int first = program.get(program.call(template, ALL, 0L));
        List<Integer> more = new ArrayList<>();
        for (int i = 0; i < 5 * WINDOW; i++) {
            more.add(program.call(template, ALL, 0.01));
        }
        assertThat(program.value(first)).isEqualTo(0L);
        for (int datum : more) {
            assertThat(program.value(program.get(datum))).isEqualTo(0L);
        }
    }

    @Test
    void waitsNoLongerForWhatWasReleasedBeforeItCame() throws Exception {
        int template = program.template(0, shell("sleep $1"));
        int datum = program.call(template, ALL, 0.3);
        int given = program.get(datum);
        program.say(FrameType.RELEASE, frame -> frame.u32(given));
        assertThat(program.value(program.get(datum))).isEqualTo(0L);
    }

    @Test
    void bringsFilesToTheirPathsBeforeTheFarewellIsAnswered() throws Exception {
        Path file = folder.resolve("made.txt");
        int datum = program.datum();
        program.say(FrameType.FILE, frame -> frame.u32(datum).u8(0).string(file.toString()));
        int template = program.template(0, shell("echo made > $1"));
        program.say(FrameType.SUBMIT_PROGRAM, frame -> frame.u32(template)
                .u32(ALL)
                .u16(1)
                .u16(0)
                .u32(datum)
                .u8(1)
                .u16(1)
                .u8(1)
                .u16(0));
        assertThat(program.done(program.ask(Map.of("op", "wait_file", "datum", datum)))
                        .text("path"))
                .isEqualTo(file.toString());
        assertThat(file).hasContent("made");
        program.done(program.bye(false));
        program.close();
        assertThat(ended()).isEqualTo(new ProgramEnd(ProgramEnd.Way.IN_ORDER, null));
        assertThat(file).hasContent("made");
    }

    @Test
    void deletesAFileWhenItsLastReaderHasEnded() throws Exception {
        Path file = Files.writeString(folder.resolve("read.txt"), "x");
        Path ready = folder.resolve("ready");
        int datum = program.datum();
        program.say(FrameType.FILE, frame -> frame.u32(datum).u8(0).string(file.toString()));
        int template = program.template(0, shell("while ! [ -e " + ready + " ]; do sleep 0.02; done; grep -c x $1"));
        int result = program.datum();
        program.say(FrameType.SUBMIT_PROGRAM, frame -> frame.u32(template)
                .u32(ALL)
                .u16(2)
                .u16(1)
                .u32(datum)
                .u8(0)
                .u32(result)
                .u8(1)
                .u16(1)
                .u8(1)
                .u16(0));
        int deletion = program.ask(Map.of("op", "delete_file", "datum", datum));
        program.done(program.ask(Map.of("op", "resources")));
        assertThat(file).exists();
        Files.createFile(ready);
        assertThat(program.value(program.get(result))).isEqualTo(0L);
        program.done(deletion);
        assertThat(file).doesNotExist();
        program.done(program.bye(false));
    }

    @Test
    void saysWhatTheyDoNotUnderstandAndEnds() throws Exception {
        program.sayBytes(new byte[] {1, 0, 0, 0, 99});
        Told told = program.told();
        assertThat(told.message()).contains("cannot understand", "no frame of type 99");
        assertThat(program.read()).isEqualTo(-1);
        assertThat(ended().how()).isEqualTo(ProgramEnd.Way.LOST);
    }

    @Test
    void endsTheTasksOfAProgramThatIsGone() throws Exception {
        Path began = folder.resolve("began");
        int template = program.template(0, shell("touch " + began + "; sleep $1"));
        program.call(template, ALL, 600L);
        program.flush();
        while (!Files.exists(began)) {
            Thread.onSpinWait();
        }
        program.close();
        assertThat(ended()).isEqualTo(new ProgramEnd(ProgramEnd.Way.LOST, null));
        assertThat(master.awaitTasks(Duration.ofSeconds(10))).isTrue();
    }
}
