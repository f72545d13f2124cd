package io.colla.mpi.java;

import io.colla.api.TaskFunction;
import io.colla.mpi.java.RankCall.Parameter;
import io.colla.worker.FunctionCall;
import io.colla.worker.JavaFunctions;
import io.colla.worker.store.ValueCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Does what rank 0 does but for MPI, so that the archive of class data, which is made of what this loads, makes ranks start faster. */
public final class Training {
    private Training() {}

    /** For the installation. */
    public static void main(String[] arguments) throws Exception {
        TaskFunction.F1<Integer, Integer> absolute = Math::abs;
        RankCall call = new RankCall(
                JavaFunctions.definition(absolute).implementation().body(),
                List.of(new Parameter("a", false, null, null)),
                false);
        for (Class<?> used : List.of(RankMain.class, Mpi.class, RankData.class, Pieces.class)) {
            Class.forName(used.getName());
        }
        ValueCodec codec = new ValueCodec(Training.class.getClassLoader());
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try (CallServer server = CallServer.listen(folder, call, new Object[] {-1}, codec)) {
            server.serve(() -> {});
            RankLink link = RankLink.connect(server.socket());
            RankCall read = (RankCall) Objects.requireNonNull(value(link, codec));
            Object result = FunctionCall.call(read.function(), new @Nullable Object[] {value(link, codec)});
            try (OutputStream stream = link.begin(RankCall.RESULT, 0)) {
                codec.write(result, stream);
            }
            link.done();
            CallServer.Returned returned = server.ended();
            if (returned == null || !returned.results().equals(List.of(1))) {
                throw new IllegalStateException("|-1| is not " + returned);
            }
        }
    }

    private static @Nullable Object value(RankLink link, ValueCodec codec) throws IOException {
        try (InputStream stream = link.value()) {
            return codec.read(stream);
        }
    }
}
