package io.colla.mpi.java;

import io.colla.api.CollaException;
import io.colla.api.Layout;
import io.colla.mpi.java.RankCall.Parameter;
import io.colla.worker.FunctionCall;
import io.colla.worker.store.ValueCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;

/** Brings a call's values to all ranks, and what comes of it back to rank 0. All ranks call the same methods in the same order. */
final class RankData {
    private final Mpi mpi;
    private final Pieces pieces;
    private final ValueCodec codec;
    private final ClassLoader loader;
    /** Null on the other ranks. */
    private final @Nullable RankLink link;

    /** Of parameters with a layout, at rank 0. */
    private @Nullable Object[] wholes = new @Nullable Object[0];

    RankData(Mpi mpi, ClassLoader loader, @Nullable RankLink link) {
        this.mpi = mpi;
        this.pieces = new Pieces(mpi);
        this.codec = new ValueCodec(loader);
        this.loader = loader;
        this.link = link;
    }

    RankCall call() throws IOException {
        Object call = broadcast();
        if (call instanceof RankCall ranked) {
            return ranked;
        }
        throw new IOException("the worker sent no call");
    }

    /** The arguments of this rank. */
    @Nullable
    Object[] arguments(RankCall call) throws IOException {
        int count = call.parameters().size();
        @Nullable Object[] arguments = new @Nullable Object[count];
        wholes = new @Nullable Object[count];
        for (int i = 0; i < count; i++) {
            Parameter parameter = call.parameters().get(i);
            Layout layout = parameter.layout();
            if (parameter.type() != null) {
                arguments[i] = fresh(parameter.type(), parameter.name());
            } else if (layout != null) {
                arguments[i] = scatter(i, layout, parameter.name());
            } else {
                arguments[i] = broadcast();
            }
        }
        return arguments;
    }

    private @Nullable Object broadcast() throws IOException {
        try (InputStream source = link == null ? null : link.value();
                InputStream stream = pieces.broadcast(source)) {
            return codec.read(stream);
        }
    }

    private @Nullable Object scatter(int index, Layout layout, String parameter) throws IOException {
        if (link == null) {
            return receive(0);
        }
        Object whole;
        try (InputStream source = link.value()) {
            whole = Parts.divisible(codec.read(source), parameter);
        }
        wholes[index] = whole;
        for (int rank = 1; rank < mpi.size(); rank++) {
            send(Parts.part(whole, layout, rank, mpi.size()), 0, rank);
        }
        return Parts.part(whole, layout, 0, mpi.size());
    }

    private @Nullable Object receive(int from) throws IOException {
        try (InputStream stream = pieces.receive(from)) {
            return codec.read(stream);
        }
    }

    private void send(@Nullable Object value, int from, int to) throws IOException {
        if (mpi.rank() == from) {
            write(value, pieces.send(to));
        }
    }

    private Object fresh(String type, String parameter) {
        try {
            Constructor<?> constructor = Class.forName(type, true, loader).getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new CollaException(
                    "parameter " + parameter + " is written only, and no " + type
                            + " can be made for it; it needs a constructor without arguments: " + reason,
                    e);
        }
    }

    /** Hands what the function changed and returned to the worker, when it has returned on all ranks. */
    void giveBack(RankCall call, @Nullable Object[] arguments, @Nullable Object result) throws IOException {
        mpi.barrier();
        for (int i = 0; i < arguments.length; i++) {
            Parameter parameter = call.parameters().get(i);
            Layout layout = parameter.layout();
            if (parameter.returned() && layout != null) {
                gather(i, layout, arguments[i], parameter.name());
            } else if (parameter.returned()) {
                tell(RankCall.OUTPUT, i, arguments[i]);
            }
        }
        if (FunctionCall.returnsValue(call.function())) {
            tell(RankCall.RESULT, 0, result);
            for (int rank = 1; call.gather() && rank < mpi.size(); rank++) {
                relay(rank, result);
            }
        }
        // Whoever could not say what it has is the end of the job before rank 0 gets here.
        mpi.barrier();
        if (link != null) {
            link.done();
        }
    }

    private void gather(int index, Layout layout, @Nullable Object part, String parameter) throws IOException {
        if (link == null) {
            send(part, mpi.rank(), 0);
            return;
        }
        Object whole = Parts.divisible(wholes[index], parameter);
        Parts.putBack(whole, part, layout, 0, mpi.size(), parameter);
        for (int rank = 1; rank < mpi.size(); rank++) {
            Parts.putBack(whole, receive(rank), layout, rank, mpi.size(), parameter);
        }
        tell(RankCall.OUTPUT, index, whole);
    }

    private void tell(int kind, int number, @Nullable Object value) throws IOException {
        if (link != null) {
            write(value, link.begin(kind, number));
        }
    }

    /** A value that cannot be written has no end: who reads it waits for more until this rank has told why, and the job is over. */
    private void write(@Nullable Object value, OutputStream stream) throws IOException {
        codec.write(value, stream);
        stream.close();
    }

    private void relay(int rank, @Nullable Object result) throws IOException {
        send(result, rank, 0);
        if (link != null) {
            try (InputStream from = pieces.receive(rank)) {
                OutputStream to = link.begin(RankCall.RESULT, rank);
                from.transferTo(to);
                to.close();
            }
        }
    }
}
