package io.colla.master;

import io.colla.api.Arg;
import io.colla.api.Data;
import io.colla.api.Direction;
import io.colla.api.UsageException;
import io.colla.core.Submission;
import io.colla.wire.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arguments of one call, taken apart into values and accesses to data. */
final class CallArguments {
    private final Session session;
    private final Master master;
    private final PreparedTask task;
    private final List<Message.Argument> arguments;
    private final int[] data;
    private final Direction[] directions;
    private @Nullable String @Nullable [] types;
    private int accesses;

    CallArguments(Session session, Master master, PreparedTask task, List<Arg<?>> given) {
        this.session = session;
        this.master = master;
        this.task = task;
        int most = 1;
        for (Arg<?> arg : given) {
            most += arg instanceof Arg.Elements<?> many ? many.elements().size() : 1;
        }
        this.arguments = new ArrayList<>(given.size());
        this.data = new int[most];
        this.directions = new Direction[most];
        for (int i = 0; i < given.size(); i++) {
            take(given.get(i), task.directions().get(i), i);
        }
        DoubleAccesses.reject(task.template().name(), data, directions, accesses);
    }

    private void take(Arg<?> arg, Direction usual, int parameter) {
        if (arg instanceof Arg.Literal<?> literal) {
            if (usual.writes()) {
                throw new UsageException("parameter " + task.parameters().get(parameter) + " of "
                        + task.template().name() + " is written (" + usual + "): give it a Data, not a value");
            }
            arguments.add(new Message.Argument.Value(master.values()
                    .snapshot(
                            literal.value(),
                            () -> "parameter " + task.parameters().get(parameter) + " of "
                                    + task.template().name())));
        } else if (arg instanceof Arg.Elements<?> many) {
            List<Integer> numbers = new ArrayList<>(many.elements().size());
            Direction said = many.direction();
            Direction direction = said == null ? usual : said;
            for (Data<?> element : many.elements()) {
                numbers.add(access(handle(element, parameter), direction, parameter));
            }
            arguments.add(new Message.Argument.Many(numbers));
        } else if (arg instanceof Arg.Directed<?> directed) {
            arguments.add(new Message.Argument.Single(
                    access(handle(directed.data(), parameter), directed.direction(), parameter)));
        } else {
            arguments.add(new Message.Argument.Single(access(handle((Data<?>) arg, parameter), usual, parameter)));
        }
    }

    private DataHandle<?> handle(Data<?> data, int parameter) {
        if (data instanceof DataHandle<?> handle && handle.session == session) {
            if (handle.closed) {
                throw new UsageException("parameter " + task.parameters().get(parameter) + " of "
                        + task.template().name() + " is a Data that was closed");
            }
            return handle;
        }
        throw new UsageException("parameter " + task.parameters().get(parameter) + " of "
                + task.template().name() + " is a Data of another session");
    }

    private int access(DataHandle<?> handle, Direction direction, int parameter) {
        FileDatum file = handle.file;
        if (file != null) {
            useFile(file, direction, parameter);
        }
        if (handle.type != null && direction == Direction.OUT) {
            if (types == null) {
                types = new String[data.length];
            }
            types[accesses] = handle.type.getName();
        }
        data[accesses] = handle.datum;
        directions[accesses] = direction;
        return accesses++;
    }

    private void useFile(FileDatum file, Direction direction, int parameter) {
        String what = "parameter " + task.parameters().get(parameter) + " of "
                + task.template().name();
        master.fileData().use(file, direction, what);
    }

    Submission submission(int number, int group, int result) {
        data[accesses] = result;
        directions[accesses] = Direction.OUT;
        int count = accesses + 1;
        int[] used = count == data.length ? data : Arrays.copyOf(data, count);
        Direction[] usedDirections = task.plainDirections();
        if (!Arrays.equals(usedDirections, 0, usedDirections.length, directions, 0, count)) {
            usedDirections = count == directions.length ? directions : Arrays.copyOf(directions, count);
        }
        CallPayload payload = new CallPayload(arguments, accesses, types);
        return new Submission(number, task.template(), group, used, usedDirections, accesses, payload);
    }
}
