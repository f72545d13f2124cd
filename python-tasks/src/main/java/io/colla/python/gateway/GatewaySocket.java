package io.colla.python.gateway;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A Unix-domain socket in a folder of its own that only this user can enter. Takes one connection. */
final class GatewaySocket implements AutoCloseable {
    /** Bytes that the JDK takes. */
    private static final int LONGEST = 106;

    private static final String PREFIX = "colla-gateway-";
    private static final String NAME = "socket";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

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
            // Its name need not be secret, since nobody else can enter it; a random one would take longer to make than
            // all the rest.
            Path folder = base.resolve(PREFIX + ProcessHandle.current().pid() + "-"
                    + Long.toString(System.nanoTime(), Character.MAX_RADIX));
            try {
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } catch (IOException e) {
                problems.add(base + ": " + e);
                continue;
            }
            try {
                return listen(folder);
            } catch (IOException | RuntimeException e) {
                problems.add(base + ": " + e);
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
        String longest = base + "/" + PREFIX + Integer.MAX_VALUE + "-"
                + Long.toString(Long.MAX_VALUE, Character.MAX_RADIX) + "/" + NAME;
        return longest.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    Path folder() {
        return folder;
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

    private static void remove(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(NAME));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // An empty folder in a place for temporary ones.
        }
    }
}
