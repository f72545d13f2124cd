package io.colla.wire;

import io.colla.api.Direction;
import io.colla.platform.TaskDefinition;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.Argument;
import io.colla.wire.Message.FilePlace;
import io.colla.wire.Message.Mode;
import io.colla.wire.Message.Needs;
import io.colla.wire.Message.Output;
import io.colla.wire.Message.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Messages of every kind from a seed; the same seed gives the same messages everywhere. */
final class RandomMessages {
    private final Random random;
    private final Map<Class<? extends Message>, Supplier<Message>> makers = new LinkedHashMap<>();

    RandomMessages(long seed) {
        random = new Random(seed);
        toWorker();
        toMaster();
    }

    private void toWorker() {
        makers.put(Message.Define.class, () -> new Message.Define(id(), definition()));
        makers.put(Message.Run.class, this::run);
        makers.put(Message.Stop.class, () -> new Message.Stop(id(), id(), text()));
        makers.put(Message.GiveBack.class, () -> new Message.GiveBack(id(), id()));
        makers.put(Message.Hold.class, () -> new Message.Hold(id(), id(), id(), needs()));
        makers.put(Message.Release.class, () -> new Message.Release(id(), id()));
        makers.put(Message.Begin.class, () -> new Message.Begin(id(), id()));
        makers.put(Message.DoErrand.class, () -> new Message.DoErrand(id(), id(), id(), text(), bytes()));
        makers.put(Message.StopErrand.class, () -> new Message.StopErrand(id(), id(), id()));
        makers.put(Message.ErrandSaid.class, () -> new Message.ErrandSaid(id(), id(), id(), bytes()));
        makers.put(Message.ErrandEnded.class, () -> new Message.ErrandEnded(id(), id(), id(), maybeText()));
        makers.put(Message.Drop.class, () -> new Message.Drop(ids()));
        makers.put(Message.Ping.class, () -> new Message.Ping(random.nextLong()));
        makers.put(Message.LogTaken.class, Message.LogTaken::new);
        makers.put(Message.Answer.class, () -> new Message.Answer(id(), bytes()));
        makers.put(Message.Shutdown.class, () -> new Message.Shutdown(text()));
    }

    private void toMaster() {
        makers.put(Message.Register.class, this::register);
        makers.put(Message.Began.class, () -> new Message.Began(id(), id()));
        makers.put(Message.Finished.class, () -> new Message.Finished(id(), id(), amount(), list(this::output)));
        makers.put(Message.Failed.class, this::failed);
        makers.put(
                Message.Stopped.class, () -> new Message.Stopped(id(), id(), random.nextLong(), random.nextBoolean()));
        makers.put(Message.Returned.class, () -> new Message.Returned(id(), id()));
        makers.put(Message.Unfetched.class, () -> new Message.Unfetched(id(), id(), id(), ids(), text()));
        makers.put(Message.Holding.class, () -> new Message.Holding(id(), id()));
        makers.put(Message.Turned.class, () -> new Message.Turned(id(), id(), id()));
        makers.put(Message.Fetched.class, () -> new Message.Fetched(id()));
        makers.put(Message.Pong.class, () -> new Message.Pong(random.nextLong(), random.nextLong()));
        makers.put(Message.Printed.class, () -> new Message.Printed(id(), text()));
        makers.put(Message.LogPiece.class, () -> new Message.LogPiece(text(), random.nextLong(), bytes()));
        makers.put(Message.Ask.class, () -> new Message.Ask(id(), id(), id(), random.nextInt(256), bytes()));
        makers.put(Message.AskErrand.class, () -> new Message.AskErrand(id(), id(), id(), id(), text(), bytes()));
        makers.put(Message.EndErrand.class, () -> new Message.EndErrand(id(), id(), id(), id()));
        makers.put(Message.ErrandSays.class, () -> new Message.ErrandSays(id(), id(), id(), bytes()));
        makers.put(Message.ErrandEnds.class, () -> new Message.ErrandEnds(id(), id(), id(), maybeText()));
        makers.put(Message.Leaving.class, () -> new Message.Leaving(text()));
    }

    Map<Class<? extends Message>, Supplier<Message>> makers() {
        return makers;
    }

    Message any() {
        List<Supplier<Message>> all = List.copyOf(makers.values());
        return all.get(random.nextInt(all.size())).get();
    }

    private Message run() {
        boolean gang = random.nextBoolean();
        return new Message.Run(
                id(),
                id(),
                id(),
                random.nextInt(4),
                (int) amount(),
                needs(),
                gang ? List.of(text(), text()) : List.of(),
                gang ? list(this::id) : List.of(),
                gang ? id() : 0,
                gang ? maybeText() : null,
                amount(),
                list(this::argument),
                list(this::access),
                optional());
    }

    private Message register() {
        return new Message.Register(
                Message.PROTOCOL,
                text(),
                text(),
                amount(),
                text(),
                id(),
                amount(),
                map(() -> (int) amount()),
                map(this::text),
                list(this::text),
                random.nextInt(65536),
                random.nextBoolean(),
                list(() -> new Message.Mount(text(), text(), text())));
    }

    private Message failed() {
        byte[] exception = random.nextBoolean() ? null : bytes();
        return new Message.Failed(
                id(),
                id(),
                amount(),
                text(),
                exception,
                text(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean());
    }

    private TaskDefinition definition() {
        return new TaskDefinition(
                text(), list(this::text), list(() -> new TaskDefinition.Implementation(text(), text())));
    }

    private Needs needs() {
        return new Needs(id(), amount(), map(() -> (int) amount()));
    }

    private Argument argument() {
        return switch (random.nextInt(3)) {
            case 0 -> new Argument.Value(value());
            case 1 -> new Argument.Single(id());
            default -> new Argument.Many(list(this::id));
        };
    }

    private Access access() {
        FilePlace file = random.nextBoolean() ? null : new FilePlace(text(), maybeText(), maybeText());
        boolean inline = random.nextBoolean();
        return new Access(
                Direction.values()[random.nextInt(Direction.values().length)],
                optional(),
                optional(),
                Mode.values()[random.nextInt(Mode.values().length)],
                file,
                inline,
                inline ? value() : null,
                list(() -> new Source(id(), list(this::text), random.nextInt(65536))),
                maybeText());
    }

    private Output output() {
        boolean inline = random.nextBoolean();
        return new Output(id(), amount(), inline, inline ? value() : null);
    }

    Object value() {
        return switch (random.nextInt(13)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (byte) random.nextInt();
            case 3 -> (short) random.nextInt();
            case 4 -> (char) random.nextInt();
            case 5 -> (int) amount();
            case 6 -> amount();
            case 7 -> Float.intBitsToFloat(random.nextInt());
            case 8 -> Double.longBitsToDouble(random.nextLong());
            case 9 -> random.nextGaussian();
            case 10 -> anyChars();
            case 11 -> new Message.Serialized(bytes());
            default -> text();
        };
    }

    /** Small numbers more often, and the largest and 0 too. */
    private int id() {
        return (int) (amount() & Integer.MAX_VALUE);
    }

    private int optional() {
        return random.nextInt(3) == 0 ? -1 : id();
    }

    private long amount() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            case 2 -> Long.MIN_VALUE;
            case 3 -> -1;
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    private int[] ids() {
        int[] ids = new int[random.nextInt(6)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.nextBoolean() && i > 0 && ids[i - 1] < Integer.MAX_VALUE ? ids[i - 1] + 1 : id();
        }
        return ids;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String maybeText() {
        return random.nextBoolean() ? null : text();
    }

    private String text() {
        int length = random.nextInt(12);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(10);
            int code = kind < 7
                    ? ' ' + random.nextInt(95)
                    : kind == 7 ? 0x80 + random.nextInt(0x500) : kind == 8 ? 0xFFFD : 0x1F600 + random.nextInt(60);
            text.appendCodePoint(code);
        }
        return text.toString();
    }

    /** Also what is no Unicode. */
    private String anyChars() {
        char[] chars = new char[random.nextInt(8)];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) (random.nextBoolean() ? 0xD800 + random.nextInt(0x800) : random.nextInt(0x10000));
        }
        return new String(chars);
    }

    private <T> List<T> list(Supplier<T> maker) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(maker.get());
        }
        return list;
    }

    private <T> Map<String, T> map(Supplier<T> maker) {
        Map<String, T> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(text(), maker.get());
        }
        return map;
    }
}
