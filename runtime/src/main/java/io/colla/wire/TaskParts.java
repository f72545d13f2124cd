package io.colla.wire;

import io.colla.api.Direction;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.Argument;
import io.colla.wire.Message.FilePlace;
import io.colla.wire.Message.Mode;
import io.colla.wire.Message.Needs;
import io.colla.wire.Message.Output;
import io.colla.wire.Message.Source;
import org.jspecify.annotations.Nullable;

/** The parts of {@link Message.Run} and of its answers. An access starts with one byte: direction (3 bits), mode (2), has a file, is inline, has a type. */
final class TaskParts {
    private static final int VALUE = 0;
    private static final int SINGLE = 1;
    private static final int MANY = 2;
    private static final int HAS_FILE = 1 << 5;
    private static final int INLINE = 1 << 6;
    private static final int HAS_TYPE = 1 << 7;

    private TaskParts() {}

    static void needs(Needs needs, FrameWriter out) {
        out.signed(needs.cores());
        out.signed(needs.memory());
        Lists.write(needs.resources(), (amount, o) -> o.signed(amount.intValue()), out);
    }

    static Needs needs(FrameReader in) throws ProtocolException {
        return new Needs(in.signed32(), in.signed64(), Lists.<Integer>readMap(in, FrameReader::signed32));
    }

    static void argument(Argument argument, FrameWriter out) {
        if (argument instanceof Argument.Single single) {
            out.octet(SINGLE);
            out.number(single.access());
        } else if (argument instanceof Argument.Value value) {
            out.octet(VALUE);
            Values.write(value.value(), out);
        } else if (argument instanceof Argument.Many many) {
            out.octet(MANY);
            Lists.write(many.accesses(), (access, o) -> o.number(access), out);
        }
    }

    static Argument argument(FrameReader in) throws ProtocolException {
        int kind = in.octet();
        return switch (kind) {
            case VALUE -> new Argument.Value(Values.read(in));
            case SINGLE -> new Argument.Single(in.number());
            case MANY -> new Argument.Many(Lists.<Integer>read(in, 1, FrameReader::number));
            default -> throw in.wrong("there is no kind of argument " + kind);
        };
    }

    static void access(Access access, FrameWriter out) {
        FilePlace file = access.file();
        String type = access.type();
        int head = direction(access.direction()) | mode(access.mode()) << 3;
        head |= (file == null ? 0 : HAS_FILE) | (access.inline() ? INLINE : 0) | (type == null ? 0 : HAS_TYPE);
        out.octet(head);
        out.optional(access.input());
        out.optional(access.output());
        Lists.write(access.sources(), TaskParts::source, out);
        if (file != null) {
            out.string(file.name());
            out.optionalString(file.input());
            out.optionalString(file.output());
        }
        if (access.inline()) {
            Values.write(access.value(), out);
        }
        if (type != null) {
            out.string(type);
        }
    }

    static Access access(FrameReader in) throws ProtocolException {
        int head = in.octet();
        Direction direction = direction(head & 7, in);
        Mode mode = mode(head >>> 3 & 3);
        int input = in.optional();
        int output = in.optional();
        var sources = Lists.<Source>read(in, 3, TaskParts::source);
        FilePlace file =
                (head & HAS_FILE) == 0 ? null : new FilePlace(in.string(), in.optionalString(), in.optionalString());
        boolean inline = (head & INLINE) != 0;
        @Nullable Object value = inline ? Values.read(in) : null;
        String type = (head & HAS_TYPE) == 0 ? null : in.string();
        return new Access(direction, input, output, mode, file, inline, value, sources, type);
    }

    private static void source(Source source, FrameWriter out) {
        out.signed(source.worker());
        Lists.write(source.addresses(), (address, o) -> o.string(address), out);
        out.number(source.port());
    }

    private static Source source(FrameReader in) throws ProtocolException {
        return new Source(in.signed32(), Lists.<String>read(in, 1, FrameReader::string), in.number());
    }

    static void output(Output output, FrameWriter out) {
        out.number(output.content());
        out.signed(output.size());
        out.bool(output.inline());
        if (output.inline()) {
            Values.write(output.value(), out);
        }
    }

    static Output output(FrameReader in) throws ProtocolException {
        int content = in.number();
        long size = in.signed64();
        boolean inline = in.bool();
        return new Output(content, size, inline, inline ? Values.read(in) : null);
    }

    private static int direction(Direction direction) {
        return switch (direction) {
            case IN -> 0;
            case OUT -> 1;
            case INOUT -> 2;
            case CONCURRENT -> 3;
            case COMMUTATIVE -> 4;
            case IN_DELETE -> 5;
        };
    }

    private static Direction direction(int number, FrameReader in) throws ProtocolException {
        return switch (number) {
            case 0 -> Direction.IN;
            case 1 -> Direction.OUT;
            case 2 -> Direction.INOUT;
            case 3 -> Direction.CONCURRENT;
            case 4 -> Direction.COMMUTATIVE;
            case 5 -> Direction.IN_DELETE;
            default -> throw in.wrong("there is no direction " + number);
        };
    }

    private static int mode(Mode mode) {
        return switch (mode) {
            case KEEP -> 0;
            case CONSUME -> 1;
            case COPY -> 2;
            case SHARE -> 3;
        };
    }

    private static Mode mode(int twoBits) {
        return switch (twoBits) {
            case 0 -> Mode.KEEP;
            case 1 -> Mode.CONSUME;
            case 2 -> Mode.COPY;
            default -> Mode.SHARE;
        };
    }
}
