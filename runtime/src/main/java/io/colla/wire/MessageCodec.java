package io.colla.wire;

import io.colla.platform.TaskDefinition;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.Argument;
import io.colla.wire.Message.Output;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary form of messages: one byte that says which, then its components in order. Numbers are variable in length, strings UTF-8; components that are
 * not simple are in {@link TaskParts} and {@link Values}. Golden files in the tests hold every form; a change of any needs a new
 * {@link Message#PROTOCOL}. Thread-safe when the {@link BodyCodec} is.
 */
public final class MessageCodec {
    private static final int DEFINE = 1;
    private static final int RUN = 2;
    private static final int STOP = 3;
    private static final int GIVE_BACK = 4;
    private static final int HOLD = 5;
    private static final int RELEASE = 6;
    private static final int BEGIN = 7;
    private static final int DROP = 8;
    private static final int PING = 9;
    private static final int SHUTDOWN = 10;
    private static final int ANSWER = 11;
    private static final int DO_ERRAND = 12;
    private static final int STOP_ERRAND = 13;
    private static final int ERRAND_SAID = 14;
    private static final int ERRAND_ENDED = 15;
    private static final int LOG_TAKEN = 16;
    private static final int REGISTER = 32;
    private static final int BEGAN = 33;
    private static final int FINISHED = 34;
    private static final int FAILED = 35;
    private static final int STOPPED = 36;
    private static final int RETURNED = 37;
    private static final int UNFETCHED = 38;
    private static final int HOLDING = 39;
    private static final int FETCHED = 40;
    private static final int PONG = 41;
    private static final int LEAVING = 42;
    private static final int TURNED = 43;
    private static final int PRINTED = 44;
    private static final int ASK = 45;
    private static final int ASK_ERRAND = 46;
    private static final int END_ERRAND = 47;
    private static final int ERRAND_SAYS = 48;
    private static final int ERRAND_ENDS = 49;
    private static final int LOG_PIECE = 50;

    private final BodyCodec bodies;

    public MessageCodec(BodyCodec bodies) {
        this.bodies = bodies;
    }

    /**
     * Appends one message.
     *
     * @throws IllegalArgumentException if a component has no form on the wire; then part of the message may have been written
     */
    public void write(Message message, FrameWriter out) {
        if (message instanceof Message.ToWorker toWorker) {
            writeToWorker(toWorker, out);
        } else if (message instanceof Message.ToMaster toMaster) {
            writeToMaster(toMaster, out);
        }
    }

    /** Reads the messages of one frame, at least one. */
    public List<Message> readFrame(byte[] bytes, int from, int length) throws ProtocolException {
        FrameReader in = new FrameReader(bytes, from, length);
        List<Message> messages = new ArrayList<>();
        do {
            messages.add(read(in));
        } while (in.remaining() > 0);
        return messages;
    }

    /** Reads one message. */
    public Message read(FrameReader in) throws ProtocolException {
        in.reading("message");
        int tag = in.octet();
        return tag < REGISTER ? readToWorker(tag, in) : readToMaster(tag, in);
    }

    private void writeToWorker(Message.ToWorker message, FrameWriter out) {
        if (message instanceof Message.Run run) {
            out.octet(RUN);
            run(run, out);
        } else if (message instanceof Message.Drop drop) {
            out.octet(DROP);
            out.ints(drop.contents());
        } else if (message instanceof Message.Ping ping) {
            out.octet(PING);
            out.signed(ping.sent());
        } else if (message instanceof Message.GiveBack giveBack) {
            attempt(GIVE_BACK, giveBack.task(), giveBack.attempt(), out);
        } else if (message instanceof Message.Stop stop) {
            attempt(STOP, stop.task(), stop.attempt(), out);
            out.string(stop.reason());
        } else if (message instanceof Message.Hold hold) {
            attempt(HOLD, hold.task(), hold.attempt(), out);
            out.number(hold.definition());
            TaskParts.needs(hold.needs(), out);
        } else if (message instanceof Message.Release release) {
            attempt(RELEASE, release.task(), release.attempt(), out);
        } else if (message instanceof Message.Begin begin) {
            attempt(BEGIN, begin.task(), begin.attempt(), out);
        } else if (message instanceof Message.Define define) {
            out.octet(DEFINE);
            define(define, out);
        } else if (message instanceof Message.Answer answer) {
            out.octet(ANSWER);
            out.number(answer.number());
            out.bytes(answer.content());
        } else if (message instanceof Message.Shutdown shutdown) {
            out.octet(SHUTDOWN);
            out.string(shutdown.reason());
        } else if (message instanceof Message.LogTaken) {
            out.octet(LOG_TAKEN);
        } else {
            writeErrand(message, out);
        }
    }

    private void writeToMaster(Message.ToMaster message, FrameWriter out) {
        if (message instanceof Message.Finished finished) {
            attempt(FINISHED, finished.task(), finished.attempt(), out);
            out.signed(finished.run());
            Lists.write(finished.outputs(), TaskParts::output, out);
        } else if (message instanceof Message.Began began) {
            attempt(BEGAN, began.task(), began.attempt(), out);
        } else if (message instanceof Message.Fetched fetched) {
            out.octet(FETCHED);
            out.number(fetched.content());
        } else if (message instanceof Message.Pong pong) {
            out.octet(PONG);
            out.signed(pong.sent());
            out.signed(pong.now());
        } else if (message instanceof Message.Returned returned) {
            attempt(RETURNED, returned.task(), returned.attempt(), out);
        } else if (message instanceof Message.Stopped stopped) {
            attempt(STOPPED, stopped.task(), stopped.attempt(), out);
            out.signed(stopped.run());
            out.bool(stopped.touched());
        } else if (message instanceof Message.Failed failed) {
            attempt(FAILED, failed.task(), failed.attempt(), out);
            failed(failed, out);
        } else if (message instanceof Message.Unfetched unfetched) {
            attempt(UNFETCHED, unfetched.task(), unfetched.attempt(), out);
            out.number(unfetched.content());
            out.ints(unfetched.failed());
            out.string(unfetched.why());
        } else if (message instanceof Message.Turned turned) {
            out.octet(TURNED);
            out.number(turned.task());
            out.number(turned.attempt());
            out.number(turned.turn());
        } else if (message instanceof Message.Holding holding) {
            attempt(HOLDING, holding.task(), holding.attempt(), out);
        } else if (message instanceof Message.Register register) {
            out.octet(REGISTER);
            register(register, out);
        } else if (message instanceof Message.Printed printed) {
            out.octet(PRINTED);
            out.number(printed.task());
            out.string(printed.text());
        } else if (message instanceof Message.Ask ask) {
            out.octet(ASK);
            out.number(ask.number());
            out.number(ask.task());
            out.number(ask.attempt());
            out.octet(ask.channel());
            out.bytes(ask.question());
        } else if (message instanceof Message.LogPiece piece) {
            out.octet(LOG_PIECE);
            out.string(piece.file());
            out.signed(piece.position());
            out.bytes(piece.content());
        } else if (message instanceof Message.Leaving leaving) {
            out.octet(LEAVING);
            out.string(leaving.reason());
        } else {
            writeErrand(message, out);
        }
    }

    private static void writeErrand(Message message, FrameWriter out) {
        if (message instanceof Message.DoErrand asked) {
            errand(DO_ERRAND, asked.task(), asked.attempt(), asked.errand(), out);
            out.string(asked.kind());
            out.bytes(asked.request());
        } else if (message instanceof Message.StopErrand stop) {
            errand(STOP_ERRAND, stop.task(), stop.attempt(), stop.errand(), out);
        } else if (message instanceof Message.ErrandSaid said) {
            errand(ERRAND_SAID, said.task(), said.attempt(), said.errand(), out);
            out.bytes(said.content());
        } else if (message instanceof Message.ErrandEnded ended) {
            errand(ERRAND_ENDED, ended.task(), ended.attempt(), ended.errand(), out);
            out.optionalString(ended.error());
        } else if (message instanceof Message.AskErrand ask) {
            errand(ASK_ERRAND, ask.task(), ask.attempt(), ask.errand(), out);
            out.number(ask.node());
            out.string(ask.kind());
            out.bytes(ask.request());
        } else if (message instanceof Message.EndErrand end) {
            errand(END_ERRAND, end.task(), end.attempt(), end.errand(), out);
            out.number(end.node());
        } else if (message instanceof Message.ErrandSays says) {
            errand(ERRAND_SAYS, says.task(), says.attempt(), says.errand(), out);
            out.bytes(says.content());
        } else if (message instanceof Message.ErrandEnds ends) {
            errand(ERRAND_ENDS, ends.task(), ends.attempt(), ends.errand(), out);
            out.optionalString(ends.error());
        } else {
            throw noForm(message);
        }
    }

    private static void errand(int tag, int task, int attempt, int errand, FrameWriter out) {
        attempt(tag, task, attempt, out);
        out.number(errand);
    }

    private static IllegalStateException noForm(Message message) {
        return new IllegalStateException(
                "no form on the wire for " + message.getClass().getName());
    }

    private Message readToWorker(int tag, FrameReader in) throws ProtocolException {
        switch (tag) {
            case RUN:
                in.reading("Run");
                return run(in);
            case DEFINE:
                in.reading("Define");
                return define(in);
            case STOP:
                in.reading("Stop");
                return new Message.Stop(in.number(), in.number(), in.string());
            case GIVE_BACK:
                in.reading("GiveBack");
                return new Message.GiveBack(in.number(), in.number());
            case HOLD:
                in.reading("Hold");
                return new Message.Hold(in.number(), in.number(), in.number(), TaskParts.needs(in));
            case RELEASE:
                in.reading("Release");
                return new Message.Release(in.number(), in.number());
            case BEGIN:
                in.reading("Begin");
                return new Message.Begin(in.number(), in.number());
            case DROP:
                in.reading("Drop");
                return new Message.Drop(in.ints());
            case PING:
                in.reading("Ping");
                return new Message.Ping(in.signed64());
            case ANSWER:
                in.reading("Answer");
                return new Message.Answer(in.number(), in.bytes());
            case SHUTDOWN:
                in.reading("Shutdown");
                return new Message.Shutdown(in.string());
            case LOG_TAKEN:
                in.reading("LogTaken");
                return new Message.LogTaken();
            case DO_ERRAND:
                in.reading("DoErrand");
                return new Message.DoErrand(in.number(), in.number(), in.number(), in.string(), in.bytes());
            case STOP_ERRAND:
                in.reading("StopErrand");
                return new Message.StopErrand(in.number(), in.number(), in.number());
            case ERRAND_SAID:
                in.reading("ErrandSaid");
                return new Message.ErrandSaid(in.number(), in.number(), in.number(), in.bytes());
            case ERRAND_ENDED:
                in.reading("ErrandEnded");
                return new Message.ErrandEnded(in.number(), in.number(), in.number(), in.optionalString());
            default:
                throw in.wrong("there is no message " + tag);
        }
    }

    private Message readToMaster(int tag, FrameReader in) throws ProtocolException {
        switch (tag) {
            case FINISHED:
                in.reading("Finished");
                return new Message.Finished(
                        in.number(), in.number(), in.signed64(), Lists.<Output>read(in, 3, TaskParts::output));
            case BEGAN:
                in.reading("Began");
                return new Message.Began(in.number(), in.number());
            case FAILED:
                in.reading("Failed");
                return failed(in);
            case STOPPED:
                in.reading("Stopped");
                return new Message.Stopped(in.number(), in.number(), in.signed64(), in.bool());
            case RETURNED:
                in.reading("Returned");
                return new Message.Returned(in.number(), in.number());
            case UNFETCHED:
                in.reading("Unfetched");
                return new Message.Unfetched(in.number(), in.number(), in.number(), in.ints(), in.string());
            case TURNED:
                in.reading("Turned");
                return new Message.Turned(in.number(), in.number(), in.number());
            case HOLDING:
                in.reading("Holding");
                return new Message.Holding(in.number(), in.number());
            case FETCHED:
                in.reading("Fetched");
                return new Message.Fetched(in.number());
            case PONG:
                in.reading("Pong");
                return new Message.Pong(in.signed64(), in.signed64());
            case REGISTER:
                in.reading("Register");
                return register(in);
            case PRINTED:
                in.reading("Printed");
                return new Message.Printed(in.number(), in.string());
            case ASK:
                in.reading("Ask");
                return new Message.Ask(in.number(), in.number(), in.number(), in.octet(), in.bytes());
            case LOG_PIECE:
                in.reading("LogPiece");
                return new Message.LogPiece(in.string(), in.signed64(), in.bytes());
            case LEAVING:
                in.reading("Leaving");
                return new Message.Leaving(in.string());
            case ASK_ERRAND:
                in.reading("AskErrand");
                return new Message.AskErrand(
                        in.number(), in.number(), in.number(), in.number(), in.string(), in.bytes());
            case END_ERRAND:
                in.reading("EndErrand");
                return new Message.EndErrand(in.number(), in.number(), in.number(), in.number());
            case ERRAND_SAYS:
                in.reading("ErrandSays");
                return new Message.ErrandSays(in.number(), in.number(), in.number(), in.bytes());
            case ERRAND_ENDS:
                in.reading("ErrandEnds");
                return new Message.ErrandEnds(in.number(), in.number(), in.number(), in.optionalString());
            default:
                throw in.wrong("there is no message " + tag);
        }
    }

    private static void attempt(int tag, int task, int attempt, FrameWriter out) {
        out.octet(tag);
        out.number(task);
        out.number(attempt);
    }

    private static void run(Message.Run run, FrameWriter out) {
        out.number(run.task());
        out.number(run.attempt());
        out.number(run.definition());
        out.number(run.implementation());
        out.signed(run.priority());
        TaskParts.needs(run.needs(), out);
        Lists.write(run.nodes(), (node, o) -> o.string(node), out);
        if (!run.nodes().isEmpty()) {
            Lists.write(run.ranks(), (count, o) -> o.number(count), out);
            out.number(run.coresPerRank());
            out.optionalString(run.folder());
        }
        out.signed(run.timeout());
        Lists.write(run.arguments(), TaskParts::argument, out);
        Lists.write(run.accesses(), TaskParts::access, out);
        out.optional(run.result());
    }

    private static Message.Run run(FrameReader in) throws ProtocolException {
        int task = in.number();
        int attempt = in.number();
        int definition = in.number();
        int implementation = in.number();
        int priority = in.signed32();
        Message.Needs needs = TaskParts.needs(in);
        List<String> nodes = Lists.<String>read(in, 1, FrameReader::string);
        List<Integer> ranks = nodes.isEmpty() ? List.of() : Lists.<Integer>read(in, 1, FrameReader::number);
        int coresPerRank = nodes.isEmpty() ? 0 : in.number();
        String folder = nodes.isEmpty() ? null : in.optionalString();
        return new Message.Run(
                task,
                attempt,
                definition,
                implementation,
                priority,
                needs,
                nodes,
                ranks,
                coresPerRank,
                folder,
                in.signed64(),
                Lists.<Argument>read(in, 2, TaskParts::argument),
                Lists.<Access>read(in, 4, TaskParts::access),
                in.optional());
    }

    private void define(Message.Define define, FrameWriter out) {
        out.number(define.definition());
        TaskDefinition content = define.content();
        out.string(content.name());
        Lists.write(content.parameters(), (parameter, o) -> o.string(parameter), out);
        Lists.write(
                content.implementations(),
                (implementation, o) -> {
                    o.string(implementation.kind());
                    o.bytes(bodies.write(implementation.body()));
                },
                out);
    }

    private Message.Define define(FrameReader in) throws ProtocolException {
        return new Message.Define(
                in.number(),
                new TaskDefinition(
                        in.string(),
                        Lists.<String>read(in, 1, FrameReader::string),
                        Lists.<TaskDefinition.Implementation>read(in, 2, this::implementation)));
    }

    private TaskDefinition.Implementation implementation(FrameReader in) throws ProtocolException {
        String kind = in.string();
        byte[] body = in.bytes();
        return new TaskDefinition.Implementation(kind, body(in, kind, body));
    }

    private Serializable body(FrameReader in, String kind, byte[] body) throws ProtocolException {
        try {
            return bodies.read(body);
        } catch (ClassNotFoundException e) {
            throw in.wrong("the task's class is not on this process' class path: " + e.getMessage(), e);
        } catch (IOException | RuntimeException | LinkageError e) {
            throw in.wrong("the body of a task of kind " + kind + " cannot be read: " + e, e);
        }
    }

    private static void register(Message.Register register, FrameWriter out) {
        out.number(register.protocol());
        out.string(register.node());
        out.string(register.host());
        out.signed(register.pid());
        out.string(register.java());
        out.signed(register.cores());
        out.signed(register.memory());
        Lists.write(register.resources(), (amount, o) -> o.signed(amount.intValue()), out);
        Lists.write(register.properties(), (value, o) -> o.string(value), out);
        Lists.write(register.addresses(), (address, o) -> o.string(address), out);
        out.number(register.port());
        out.bool(register.sharesRunFolder());
        Lists.write(
                register.mounts(),
                (mount, o) -> {
                    o.string(mount.point());
                    o.string(mount.type());
                    o.string(mount.source());
                },
                out);
    }

    private static Message.Register register(FrameReader in) throws ProtocolException {
        int protocol = in.number();
        if (protocol != Message.PROTOCOL) {
            throw ProtocolException.version(protocol);
        }
        return new Message.Register(
                protocol,
                in.string(),
                in.string(),
                in.signed64(),
                in.string(),
                in.signed32(),
                in.signed64(),
                Lists.<Integer>readMap(in, FrameReader::signed32),
                Lists.<String>readMap(in, FrameReader::string),
                Lists.<String>read(in, 1, FrameReader::string),
                in.number(),
                in.bool(),
                Lists.<Message.Mount>read(
                        in, 3, mount -> new Message.Mount(mount.string(), mount.string(), mount.string())));
    }

    private static void failed(Message.Failed failed, FrameWriter out) {
        out.signed(failed.run());
        out.string(failed.message());
        byte[] exception = failed.exception();
        out.bool(exception != null);
        if (exception != null) {
            out.bytes(exception);
        }
        out.string(failed.stack());
        out.bool(failed.touched());
        out.bool(failed.retriable());
        out.bool(failed.endsGroup());
    }

    private static Message.Failed failed(FrameReader in) throws ProtocolException {
        return new Message.Failed(
                in.number(),
                in.number(),
                in.signed64(),
                in.string(),
                in.bool() ? in.bytes() : null,
                in.string(),
                in.bool(),
                in.bool(),
                in.bool());
    }
}
