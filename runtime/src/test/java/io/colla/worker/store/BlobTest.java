package io.colla.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.colla.transport.Incoming;
import io.colla.transport.Outgoing;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobTest {
    private static final int SHARED = 400_000;

    @TempDir
    Path parent;

    private final Random random = new Random(20261126);
    private final ValueCodec codec = new ValueCodec(BlobTest.class.getClassLoader());
    private ContentStore store;
    private int made;

    @BeforeEach
    void open() {
        assumeThat(Path.of("/dev/shm")).isDirectory();
        store = store(SHARED);
    }

    @AfterEach
    void close() {
        Path memory = store.sharedFolders().memory();
        store.close();
        assertThat(memory).doesNotExist();
        assertThat(store.scratch().path()).doesNotExist();
    }

    private ContentStore store(long shared) {
        return new ContentStore(codec, ScratchFolder.create(parent), new StoreSettings(100_000, 1000, 20_000, shared));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** As another process of this node makes one. */
    private Blob.Mapped mapped(Path folder, byte[] bytes) throws IOException {
        return new Blob.Mapped(Files.write(folder.resolve("object-" + ++made), bytes), bytes.length);
    }

    private Blob.Mapped inMemory(byte[] bytes) throws IOException {
        return mapped(store.sharedFolders().memory(), bytes);
    }

    private Path fileOf(int content) {
        return ((Blob.Mapped) store.value(content)).file();
    }

    private long filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.endsWith("owner")).count();
        }
    }

    @Test
    void theFoldersAreForThisUserAlone() throws IOException {
        SharedFolders folders = store.sharedFolders();
        assertThat(folders.memory()).startsWith(Path.of("/dev/shm"));
        assertThat(Files.getPosixFilePermissions(folders.memory()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(folders.disk()).startsWith(store.scratch().path());
        assertThat(store.sharedFolders()).isSameAs(folders);
    }

    @Test
    void theFileGoesWithTheContent() throws IOException {
        store.put(1, inMemory(bytes(50_000)));
        Path file = fileOf(1);
        assertThat(store.size(1)).isEqualTo(50_000);
        assertThat(store.statistics().shared()).isEqualTo(50_000);
        assertThat(store.statistics().memory()).isLessThan(1000);
        assertThat(store.copyOf(1)).isSameAs(store.value(1));
        store.drop(1);
        assertThat(file).doesNotExist();
        assertThat(store.statistics()).isEqualTo(new StoreStatistics(0, 0, 0, 0, 0, 0));
    }

    @Test
    void aReplacedContentLosesItsFileUnlessItWasChangedInPlace() throws IOException {
        store.put(1, inMemory(bytes(50_000)));
        Path file = fileOf(1);
        assertThat(store.pin(1)).isTrue();
        store.rename(1, 2);
        Files.write(file, bytes(60_000));
        store.put(2, new Blob.Mapped(file, 60_000));
        assertThat(file).exists();
        assertThat(store.statistics().shared()).isEqualTo(60_000);
        store.unpin(2);
        assertThat(file).exists();
        store.put(2, 7L);
        assertThat(file).doesNotExist();
        assertThat(store.statistics().shared()).isZero();
    }

    @Test
    void aReplacedFileStaysForThoseWhoHavePinnedIt() throws IOException {
        store.put(1, inMemory(bytes(50_000)));
        Path first = fileOf(1);
        store.pin(1);
        store.pin(1);
        store.put(1, inMemory(bytes(50_000)));
        Path second = fileOf(1);
        store.rename(1, 2);
        store.unpin(2);
        assertThat(first).exists();
        store.unpin(2);
        assertThat(first).doesNotExist();
        assertThat(second).exists();
        store.pin(2);
        store.put(2, 1L);
        store.drop(2);
        assertThat(second).doesNotExist();
    }

    @Test
    void whatIsNotPutAfterAllIsRemoved() throws IOException {
        Blob.Mapped unwanted = inMemory(bytes(10));
        store.discard(unwanted);
        store.discard("nothing to remove");
        assertThat(unwanted.file()).doesNotExist();
    }

    @Test
    void theLeastRecentlyUsedMoveToDiskWhenMemoryIsFull() throws IOException {
        byte[] first = bytes(150_000);
        store.put(1, inMemory(first));
        store.put(2, inMemory(bytes(150_000)));
        Path old = fileOf(1);
        store.pin(2);
        store.put(3, inMemory(bytes(150_000)));
        assertThat(old).doesNotExist();
        assertThat(fileOf(1).getParent()).isEqualTo(store.sharedFolders().disk());
        assertThat(fileOf(1)).hasBinaryContent(first);
        assertThat(store.statistics().shared()).isEqualTo(300_000);
        assertThat(store.statistics().spills()).isEqualTo(1);

        store.put(4, inMemory(bytes(150_000)));
        assertThat(fileOf(2).getParent()).isEqualTo(store.sharedFolders().memory());
        assertThat(fileOf(3).getParent()).isEqualTo(store.sharedFolders().disk());
        store.drop(1);
        store.drop(3);
        assertThat(filesIn(store.sharedFolders().disk())).isZero();
    }

    @Test
    void pinnedObjectsStayWhereTheyAreHoweverFullMemoryIs() throws IOException {
        for (int content = 1; content <= 4; content++) {
            store.put(content, inMemory(bytes(150_000)));
            store.pin(content);
        }
        assertThat(store.statistics().spills()).isLessThanOrEqualTo(2);
        for (int content = 3; content <= 4; content++) {
            assertThat(fileOf(content)).exists();
        }
        for (int content = 1; content <= 4; content++) {
            store.unpin(content);
        }
        assertThat(store.statistics().shared()).isLessThanOrEqualTo(SHARED);
    }

    private byte[] sent(int content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Outgoing outgoing = store.open(content)) {
            store.drop(content); // it stays whole
            outgoing.writeTo(Channels.newChannel(bytes));
            assertThat((long) bytes.size()).isEqualTo(outgoing.length());
        }
        return bytes.toByteArray();
    }

    private static void receive(ContentStore target, int content, byte[] form, int step) throws IOException {
        Incoming incoming = target.receive(content);
        WritableByteChannel channel = incoming.begin(false, "", form.length);
        for (int at = 0; at < form.length; at += step) {
            channel.write(ByteBuffer.wrap(form, at, Math.min(step, form.length - at)));
        }
        incoming.complete();
    }

    @Test
    void largeObjectsTravelFromFileToFile() throws IOException {
        for (int step : new int[] {4, 7, 9, 100, 1 << 20}) {
            byte[] bytes = bytes(90_000);
            store.put(1, inMemory(bytes));
            byte[] form = sent(1);
            receive(store, 2, form, step);
            assertThat(fileOf(2).getParent()).isEqualTo(store.sharedFolders().memory());
            assertThat(fileOf(2)).hasBinaryContent(bytes);
            store.drop(2);
        }
        assertThat(filesIn(store.sharedFolders().memory())).isZero();
    }

    @Test
    void whatDoesNotFitIntoMemoryArrivesOnDisk() throws IOException {
        byte[] bytes = bytes(SHARED + 1);
        store.put(1, mapped(store.sharedFolders().disk(), bytes));
        receive(store, 2, sent(1), 4096);
        assertThat(fileOf(2).getParent()).isEqualTo(store.sharedFolders().disk());
        assertThat(fileOf(2)).hasBinaryContent(bytes);
    }

    @Test
    void smallObjectsStayInTheHeap() throws IOException {
        for (int length : new int[] {0, 1, 4000, Blob.LARGEST_INLINE}) {
            byte[] bytes = bytes(length);
            store.put(1, new Blob.Inline(bytes));
            byte[] form = sent(1);
            assertThat(codec.fromBytes(form)).isEqualTo(new Blob.Inline(bytes));
            receive(store, 2, form, 1000);
            assertThat(store.value(2)).isEqualTo(new Blob.Inline(bytes));
            store.drop(2);
        }
    }

    @Test
    void otherObjectsOfAnySizeArriveAsBefore() throws IOException {
        for (Object value : new Object[] {"x", "y".repeat(50_000), new double[10_000], 5L}) {
            byte[] form = codec.toBytes(value);
            Incoming incoming = store.receive(3);
            WritableByteChannel channel = incoming.begin(false, "", -1);
            channel.write(ByteBuffer.wrap(form, 0, 1));
            channel.write(ByteBuffer.wrap(form, 1, form.length - 1));
            incoming.complete();
            assertThat(store.value(3)).isEqualTo(value);
            receive(store, 4, form, 333);
            assertThat(store.value(4)).isEqualTo(value);
        }
    }

    @Test
    void aTransferThatBreaksLeavesNothing() throws IOException {
        store.put(1, inMemory(bytes(90_000)));
        byte[] form = sent(1);
        Incoming incoming = store.receive(2);
        WritableByteChannel channel = incoming.begin(false, "", -1);
        channel.write(ByteBuffer.wrap(form, 0, 50_000));
        assertThatThrownBy(incoming::complete).isInstanceOf(EOFException.class);
        assertThat(filesIn(store.sharedFolders().memory())).isOne();
        incoming.abort();
        assertThat(filesIn(store.sharedFolders().memory())).isZero();
        assertThat(store.has(2)).isFalse();
    }

    @Test
    void smallObjectsGoToDiskAndComeBackLikeOthers() {
        for (int content = 0; content < 10; content++) {
            byte[] bytes = new byte[20_000];
            bytes[0] = (byte) content;
            store.put(content, new Blob.Inline(bytes));
        }
        assertThat(store.statistics().spills()).isPositive();
        for (int content = 0; content < 10; content++) {
            assertThat(((Blob.Inline) store.value(content)).bytes()[0]).isEqualTo((byte) content);
        }
    }

    @Test
    @Tag("process")
    void nothingIsLeftWhenTheProcessIsKilled() throws Exception {
        for (String janitor : new String[] {"janitor", ""}) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Holder.class.getName(),
                            parent.toString(),
                            janitor)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                Path folder = Path.of(process.inputReader().readLine());
                assertThat(folder.resolve("object")).exists();
                process.destroyForcibly();
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
                if (janitor.isEmpty()) {
                    assertThat(folder).exists();
                    try (ContentStore later = store(SHARED)) {
                        later.sharedFolders();
                    }
                }
                org.awaitility.Awaitility.await()
                        .untilAsserted(() -> assertThat(folder).doesNotExist());
            } finally {
                process.destroyForcibly();
            }
        }
    }

    /** Has an object in shared memory and waits to be killed. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            ScratchFolder scratch = ScratchFolder.create(Path.of(arguments[0]));
            if (!arguments[1].isEmpty()) {
                scratch.removeWhenKilled();
            }
            ContentStore store =
                    new ContentStore(new ValueCodec(Holder.class.getClassLoader()), scratch, StoreSettings.defaults());
            Path folder = store.sharedFolders().memory();
            Files.write(folder.resolve("object"), new byte[100_000]);
            System.out.println(folder);
            System.out.flush();
            System.in.read();
        }
    }
}
