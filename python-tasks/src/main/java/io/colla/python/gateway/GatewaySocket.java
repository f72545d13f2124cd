package io.colla.python.gateway;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Unix-domain socket in a folder of its own that only this user can enter. Takes one connection. */
final class GatewaySocket implements AutoCloseable {
    /** Bytes that the kernel has room for, with one for the end. */
    private static final int LONGEST = 107;

    private static final String NAME = "gateway";

    private final Path folder;
    private final ServerSocketChannel server;

    private GatewaySocket(Path folder, ServerSocketChannel server) {
        this.folder = folder;
        this.server = server;
    }

    /**
     * Listens from now on.
     *
     * @throws IOException if there is no place for a socket; the message names those that were tried
     */
    static GatewaySocket listen(Map<String, String> environment) throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path base : places(environment)) {
            Path folder = null;
            try {
                folder = Files.createTempDirectory(
                        base,
                        "colla-",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                return listen(folder);
            } catch (IOException | RuntimeException e) {
                problems.add(base + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
                remove(folder);
            }
        }
        throw new IOException("no socket for the program can be made (" + String.join("; ", problems) + ")");
    }

    private static GatewaySocket listen(Path folder) throws IOException {
        Path path = folder.resolve(NAME);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), 1);
            return new GatewaySocket(folder, server);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static List<Path> places(Map<String, String> environment) {
        List<Path> places = new ArrayList<>();
        for (String variable : List.of("XDG_RUNTIME_DIR", "TMPDIR")) {
            String value = environment.get(variable);
            if (value != null && value.startsWith("/") && isShort(value) && Files.isWritable(Path.of(value))) {
                places.add(Path.of(value));
            }
        }
        places.add(Path.of("/tmp"));
        return places;
    }

    private static boolean isShort(String base) {
        String longest = base + "/colla-" + Long.MAX_VALUE + "/" + NAME;
        return longest.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    Path path() {
        return folder.resolve(NAME);
    }

    /** Waits for the one connection, in non-blocking mode; nobody else can connect afterwards. */
    SocketChannel accept() throws IOException {
        SocketChannel channel = server.accept();
        try {
            channel.configureBlocking(false);
        } catch (IOException e) {
            channel.close();
            throw e;
        } finally {
            close();
        }
        return channel;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // Nothing is lost: it takes no connection any more.
        }
        remove(folder);
    }

    private static void remove(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try {
            Files.deleteIfExists(folder.resolve(NAME));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // An empty folder in a place for temporary ones.
        }
    }
}
