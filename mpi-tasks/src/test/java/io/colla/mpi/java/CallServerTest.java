package io.colla.mpi.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.mpi.java.RankCall.Parameter;
import io.colla.worker.store.UnserializableException;
import io.colla.worker.store.ValueCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CallServerTest {
    private final ValueCodec codec = new ValueCodec(CallServerTest.class.getClassLoader());

    @TempDir
    Path folder;

    private static RankCall call(String... parameters) {
        List<Parameter> all = Arrays.stream(parameters)
                .map(name -> new Parameter(name, false, null, null))
                .toList();
        return new RankCall("function", all, false);
    }

    private @Nullable Object next(RankLink link) throws IOException {
        try (InputStream stream = link.value()) {
            return codec.read(stream);
        }
    }

    private void tell(RankLink link, int kind, int number, @Nullable Object value) throws IOException {
        try (OutputStream stream = link.begin(kind, number)) {
            codec.write(value, stream);
        }
    }

    @Test
    void rankZeroGetsTheCallAndWhatItTellsIsReturned() throws Exception {
        double[] large = new double[1_000_000];
        Arrays.setAll(large, i -> i);
        try (CallServer server = CallServer.listen(folder, call("a", "b"), new Object[] {large, null}, codec)) {
            server.serve(() -> {});
            RankLink link = RankLink.connect(server.socket());

            assertThat(next(link)).isEqualTo(call("a", "b"));
            assertThat((double[]) next(link)).isEqualTo(large);
            assertThat(next(link)).isNull();
            tell(link, RankCall.OUTPUT, 1, "changed");
            tell(link, RankCall.RESULT, 0, large);
            tell(link, RankCall.RESULT, 1, null);
            link.done();

            CallServer.Returned returned = server.ended();
            assertThat(returned).isNotNull();
            assertThat(returned.outputs()).containsEntry(1, "changed").hasSize(1);
            assertThat(returned.results()).hasSize(2).endsWith((Object) null);
            assertThat((double[]) returned.results().get(0)).isEqualTo(large);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void nobodyCameOrHeLeftInTheMiddle() throws Exception {
        try (CallServer server = CallServer.listen(folder, call(), new Object[0], codec)) {
            server.serve(() -> {});
            assertThat(server.ended()).isNull();
        }
    }

    @Test
    void anArgumentThatCannotBeSentEndsTheRanks() throws Exception {
        CountDownLatch broken = new CountDownLatch(1);
        try (CallServer server = CallServer.listen(folder, call("a"), new Object[] {new Object()}, codec)) {
            server.serve(broken::countDown);
            RankLink.connect(server.socket());

            assertThat(broken.await(30, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(server::ended).isInstanceOf(UnserializableException.class);
        }
    }

    @Test
    void aScratchFolderOfAnyLengthWillDo() throws Exception {
        for (int length = 40; length < 110; length++) {
            int rest = length - folder.toString().length() - 1;
            if (rest > 0) {
                Path scratch = Files.createDirectory(folder.resolve("x".repeat(rest)));
                CallServer.listen(scratch, call(), new Object[0], codec).close();
            }
        }
    }
}
