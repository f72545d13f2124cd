package io.colla.python.gateway;

import io.colla.api.CollaException;
import io.colla.api.Direction;
import io.colla.api.UsageException;
import io.colla.core.Failure;
import io.colla.master.ForeignSession;
import io.colla.master.ForeignTask;
import io.colla.master.Master;
import io.colla.python.FrameException;
import io.colla.python.FrameInput;
import io.colla.python.Json;
import io.colla.python.JsonObject;
import io.colla.python.PythonSetup;
import io.colla.python.gateway.streams.StreamBroker;
import io.colla.worker.store.Blob;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the frames of one session, be it the program's or that of a task which calls tasks. Frames are carried out by one thread at a time; answers come from others.
 */
final class Conversation implements ForeignSession.Events {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    private static final int PROTOCOL = 1;
    /** After so many frames the engine gets to work on them, also when more have come. */
    private static final int BATCH = 512;

    /** Numbers for data that a program, or a task, is given at a time. */
    private static final int PROGRAM_BLOCK = 1 << 20;

    private static final int TASK_BLOCK = 1 << 12;
    /** The channel of questions about streams. */
    private static final int STREAMS = 1;

    private static final Direction[] DIRECTIONS = {
        Direction.IN, Direction.OUT, Direction.INOUT, Direction.CONCURRENT, Direction.COMMUTATIVE, Direction.IN_DELETE
    };

    /**
     * What all conversations of a run have in common.
     *
     * @param wishes how tasks are to run
     * @param asides runs what may wait for a disk or the engine
     */
    record Setting(Master master, Wishes wishes, Definitions definitions, StreamBroker streams, Executor asides) {}

    private final FrameInput in;
    private final Executor inOrder;
    private final boolean nested;
    private final Wishes wishes;
    private final Answers answers;
    private final Definitions definitions;
    private final ForeignSession session;
    private final Tasks tasks;
    private final Gets gets;
    private final Questions questions;
    private final StreamBroker streams;
    /** By the number of a question: what withdraws it. */
    private final Map<Integer, Runnable> unanswered = new ConcurrentHashMap<>();

    private Direction[] directions = new Direction[16];
    private boolean leaving;
    private volatile @Nullable ProgramEnd end;

    /** Of the program. */
    static Conversation ofProgram(Setting setting, FrameInput in, Sink out) {
        return new Conversation(setting, in, out, false, true, setting.asides());
    }

    /**
     * Of a task.
     *
     * @param near whether it sees the files of the master's store
     * @param inOrder on which all its frames are carried out
     */
    static Conversation ofTask(Setting setting, FrameInput in, Sink out, boolean near, Executor inOrder) {
        return new Conversation(setting, in, out, true, near, inOrder);
    }

    private Conversation(Setting setting, FrameInput in, Sink out, boolean nested, boolean near, Executor inOrder) {
        this.in = in;
        this.inOrder = inOrder;
        this.nested = nested;
        this.wishes = setting.wishes();
        this.answers = new Answers(out);
        this.definitions = setting.definitions();
        this.session =
                nested ? setting.master().nestedSession(this) : setting.master().foreignSession(this);
        this.tasks = new Tasks(session, definitions);
        this.gets = new Gets(session, answers, setting.asides(), near);
        this.questions = new Questions(
                setting.master(), session, answers, setting.asides(), nested ? TASK_BLOCK : PROGRAM_BLOCK);
        this.streams = setting.streams();
    }

    /** Does what all frames say that have come as a whole. */
    void carryOut() throws FrameException {
        int left = BATCH;
        for (int type = in.next(); type >= 0; type = in.next()) {
            carryOut(type);
            if (--left == 0) {
                session.work();
                left = BATCH;
            }
        }
        session.work();
        answers.flush();
    }

    private void carryOut(int type) throws FrameException {
        switch (type) {
            case FrameType.SUBMIT -> tell(this::submit);
            case FrameType.SUBMIT_PROGRAM -> tell(this::submitProgram);
            case FrameType.PUT -> tell(this::put);
            case FrameType.CLOSE -> close();
            case FrameType.RELEASE -> release(in.u32());
            case FrameType.GET -> ask(request -> gets.get(request, in.u32()));
            case FrameType.HELLO -> hello();
            case FrameType.FUNCTION -> function();
            case FrameType.TEMPLATE -> ask(this::template);
            case FrameType.BARRIER -> ask(this::barrier);
            case FrameType.GROUP -> tell(this::group);
            case FrameType.CANCEL -> session.cancel(in.u32());
            case FrameType.FILE -> tell(this::file);
            case FrameType.ASK -> ask(request -> questions.ask(request, Json.parseObject(in.string())));
            case FrameType.BYE -> ask(this::bye);
            case FrameType.NEW -> tell(() -> session.create(in.u32()));
            case FrameType.HEARD -> heard();
            case FrameType.QUESTION -> ask(this::question);
            default -> throw new FrameException("there is no frame of type " + type);
        }
    }

    private interface Telling {
        void run() throws FrameException;
    }

    private interface Asking {
        void run(int request) throws FrameException;
    }

    /** A frame that is not answered. */
    private void tell(Telling telling) throws FrameException {
        try {
            telling.run();
        } catch (UsageException e) {
            answers.refused(e.getMessage());
        } catch (CollaException e) {
            answers.broken(String.valueOf(e.getMessage()));
        }
    }

    /** A frame that is answered. */
    private void ask(Asking asking) throws FrameException {
        int request = in.u32();
        answers.expect(request);
        try {
            asking.run(request);
        } catch (UsageException e) {
            answers.refused(request, e.getMessage());
        } catch (CollaException e) {
            answers.broken(request, String.valueOf(e.getMessage()));
        }
    }

    private void hello() throws FrameException {
        JsonObject said = Json.parseObject(in.string());
        long protocol = said.number("protocol", 0);
        if (protocol != PROTOCOL) {
            throw new FrameException("it speaks protocol " + protocol + " and not " + PROTOCOL);
        }
        definitions.setUp(new PythonSetup(
                said.text("executable", "python3"),
                said.texts("path"),
                said.text("cwd", "/"),
                said.text("main"),
                wishes.stream(),
                wishes.nested()));
        answers.expect(0);
        Map<String, Object> answer = questions.block();
        answer.put("shm", session.sharedFolders().memory().toString());
        answer.put("disk", session.sharedFolders().disk().toString());
        answer.put("run_folder", session.runFolder().toString());
        answer.put("cores", session.resources().cores());
        answer.put("stream", wishes.stream());
        answers.done(0, answer);
        LOG.debug("Python {}, process {}", said.text("python", "?"), said.number("pid", -1));
    }

    private void function() throws FrameException {
        int number = in.u32();
        String name = in.string();
        List<String> preload =
                in.string().lines().filter(line -> !line.isEmpty()).toList();
        tasks.addFunction(number, definitions.function(name, preload, in.rest()));
    }

    private void template(int request) throws FrameException {
        tasks.define(in.u32(), in.string());
        answers.done(request, Map.of());
    }

    private void heard() {
        answers.heard();
        if (!nested) {
            session.heardOfFailure();
        }
    }

    private void submit() throws FrameException {
        ForeignTask task = tasks.template(in.u32());
        int group = in.u32();
        int count = in.u16();
        int results = results(count);
        int[] data = accesses(count);
        session.submit(task, group, data, directions, results, in.rest());
    }

    private int results(int accesses) throws FrameException {
        int results = in.u16();
        if (results > accesses) {
            throw new FrameException("a call with more results than accesses");
        }
        return results;
    }

    /** The data; their directions are in {@link #directions}. */
    private int[] accesses(int count) throws FrameException {
        if (count > directions.length) {
            directions = new Direction[count];
        }
        int[] data = new int[count];
        for (int i = 0; i < count; i++) {
            data[i] = in.u32();
            int direction = in.u8();
            if (direction >= DIRECTIONS.length) {
                throw new FrameException("there is no direction " + direction);
            }
            directions[i] = DIRECTIONS[direction];
        }
        return data;
    }

    private void submitProgram() throws FrameException {
        ForeignTask task = tasks.template(in.u32());
        int group = in.u32();
        int count = in.u16();
        int results = results(count);
        int[] data = accesses(count);
        int arguments = in.u16();
        List<ForeignSession.Argument> passed = new ArrayList<>(arguments);
        for (int i = 0; i < arguments; i++) {
            passed.add(argument(count));
        }
        session.submitProgram(task, group, data, directions, results, passed);
    }

    private ForeignSession.Argument argument(int accesses) throws FrameException {
        int kind = in.u8();
        switch (kind) {
            case 0 -> {
                Object value = in.value();
                if (value instanceof Blob) {
                    throw new UsageException(
                            "a program is given a Python object as an argument: give it a text, a number or a file");
                }
                return new ForeignSession.Argument.Value(value instanceof Path path ? path.toString() : value);
            }
            case 1 -> {
                return new ForeignSession.Argument.Single(access(accesses));
            }
            case 2 -> {
                int count = in.u16();
                List<Integer> many = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    many.add(access(accesses));
                }
                return new ForeignSession.Argument.Many(many);
            }
            default -> throw new FrameException("there is no kind of argument " + kind);
        }
    }

    private int access(int accesses) throws FrameException {
        int access = in.u16();
        if (access >= accesses) {
            throw new FrameException("an argument names access " + access + " of " + accesses);
        }
        return access;
    }

    private void put() throws FrameException {
        int datum = in.u32();
        session.put(datum, in.value());
    }

    private void close() throws FrameException {
        while (in.remaining() > 0) {
            session.close(in.u32());
        }
    }

    private void group() throws FrameException {
        int group = in.u32();
        int what = in.u8();
        switch (what) {
            case 0 -> session.openGroup(group);
            case 1 -> session.closeGroup(group);
            case 2 -> session.cancelGroup(group);
            default -> throw new FrameException("nothing can be done to a group by " + what);
        }
    }

    private void file() throws FrameException {
        int datum = in.u32();
        boolean folder = in.u8() != 0;
        String path = in.string();
        try {
            session.file(datum, Path.of(path), folder);
        } catch (InvalidPathException e) {
            throw new UsageException("'" + path + "' cannot be the path of a file: " + e.getReason(), e);
        }
    }

    private void barrier(int request) throws FrameException {
        session.barrier(in.u32(), new Acknowledgement(request));
    }

    private void question(int request) throws FrameException {
        int asked = in.u8();
        if (asked != STREAMS) {
            throw new FrameException("a question on channel " + asked);
        }
        boolean[] answered = new boolean[1];
        Runnable withdraw = streams.ask(in.rest(), content -> {
            synchronized (answered) {
                answered[0] = true;
                unanswered.remove(request);
            }
            answers.answer(request, content);
            answers.flush();
        });
        synchronized (answered) {
            if (!answered[0]) {
                unanswered.put(request, withdraw);
            }
        }
    }

    private void release(int request) {
        Runnable withdraw = unanswered.remove(request);
        if (withdraw == null) {
            gets.release(request);
        } else {
            withdraw.run();
        }
    }

    private void bye(int request) throws FrameException {
        boolean failed = in.u8() != 0;
        leaving = true;
        if (failed) {
            session.cancelAll("the program has failed");
        }
        ProgramEnd.Way way = failed ? ProgramEnd.Way.FAILED : ProgramEnd.Way.IN_ORDER;
        session.end(new ForeignSession.Answer<>() {
            @Override
            public void done(Object result) {
                Failure unheard = nested || way == ProgramEnd.Way.FAILED ? null : answers.unheard();
                if (unheard != null) {
                    failed(unheard);
                    return;
                }
                end = new ProgramEnd(way, null);
                answers.done(request, Map.of());
                left();
            }

            @Override
            public void failed(Failure failure) {
                end = new ProgramEnd(way, failure);
                answers.failed(request, failure);
                left();
            }

            private void left() {
                if (nested) {
                    // A session that is forgotten is not told any more when answers can go out.
                    answers.flush();
                    inOrder.execute(() -> {
                        session.forget();
                        session.work();
                    });
                }
            }
        });
    }

    private final class Acknowledgement implements ForeignSession.Answer<Object> {
        private final int request;

        Acknowledgement(int request) {
            this.request = request;
        }

        @Override
        public void done(Object result) {
            answers.done(request, Map.of());
        }

        @Override
        public void failed(Failure failure) {
            answers.failed(request, failure);
        }
    }

    /** Whether it has said BYE. */
    boolean isLeaving() {
        return leaving;
    }

    /** How it ended; null if nobody has said so. */
    @Nullable
    ProgramEnd end() {
        return end;
    }

    Answers answers() {
        return answers;
    }

    /** Nobody will say anything more: ends what is not over. */
    void abandon(String why) {
        session.cancelAll(why);
        session.work();
    }

    /** The session of a task is over. */
    void forget() {
        session.forget();
        session.work();
    }

    @Override
    public void allTasksEnded(Failure failure) {
        answers.allEnded(failure);
    }

    @Override
    public void settled() {
        answers.flush();
    }
}
