package io.colla.worker;

import io.colla.api.CollaException;
import io.colla.api.UsageException;
import io.colla.platform.CpuList;
import io.colla.platform.NodeShare;
import io.colla.transport.PortRange;
import io.colla.wire.BodyCodec;
import io.colla.worker.store.UnserializableException;
import io.colla.worker.store.ValueCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a worker is told on its standard input when it starts; the same for all workers of a run.
 *
 * <p>As text it is lines {@code key=value} in UTF-8, ended by an empty line. The elements of lists are numbered ({@code address.0=...}); in keys and values, a
 * backslash, line feed, carriage return and equals sign are a backslash followed by itself, {@code n}, {@code r} and {@code e}. Unknown keys are an error: both sides are of the same version.
 *
 * @param addresses of the master, the best first
 * @param port of the master
 * @param secret of the run, in hexadecimal
 * @param runFolder the run's folder, as the master names it
 * @param probe name of a file that the master has made in the run folder: who sees it sees the folder
 * @param classPath of the application
 * @param scratch folder of the node in which the worker makes its own
 * @param heartbeat how often the master sends a sign of life
 * @param oneMachine whether all workers are on the master's machine
 * @param ports that the worker may listen on
 * @param networks in which the worker serves data, as {@code 10.1.0.0/16}; empty, or none of them the worker's: in all that it has
 * @param trace what is to be recorded, as text of {@link io.colla.tracing.TraceSettings}; empty: nothing
 * @param nodes the allocation
 */
public record Bootstrap(
        List<String> addresses,
        int port,
        String secret,
        Path runFolder,
        String probe,
        List<Path> classPath,
        Path scratch,
        Duration heartbeat,
        boolean oneMachine,
        PortRange ports,
        List<String> networks,
        String trace,
        List<NodeShare> nodes) {
    private static final int LONGEST = 16 << 20;

    public Bootstrap {
        addresses = List.copyOf(addresses);
        classPath = List.copyOf(classPath);
        networks = List.copyOf(networks);
        nodes = List.copyOf(nodes);
    }

    /**
     * Serializes the bodies of definitions with the classes of a loader. A body that cannot be read fails its tasks, not the connection.
     */
    public static BodyCodec bodies(ClassLoader loader) {
        ValueCodec codec = new ValueCodec(loader);
        return new BodyCodec() {
            @Override
            public byte[] write(Serializable body) {
                try {
                    return codec.toBytes(body);
                } catch (UnserializableException e) {
                    throw new IllegalArgumentException(
                            "a " + body.getClass().getName() + " cannot be sent: " + e.getMessage(), e);
                }
            }

            @Override
            public Serializable read(byte[] bytes) {
                try {
                    return codec.fromBytes(bytes) instanceof Serializable body
                            ? body
                            : new UnreadableBody("its definition is empty");
                } catch (CollaException | LinkageError e) {
                    return new UnreadableBody("its definition cannot be read: " + FailureReport.describe(e));
                }
            }
        };
    }

    /** The same for workers of other nodes. */
    public Bootstrap withNodes(List<NodeShare> others) {
        return new Bootstrap(
                addresses,
                port,
                secret,
                runFolder,
                probe,
                classPath,
                scratch,
                heartbeat,
                oneMachine,
                ports,
                networks,
                trace,
                others);
    }

    /** The text. */
    public byte[] toBytes() {
        Map<String, String> lines = new LinkedHashMap<>();
        putList(lines, "address", addresses);
        lines.put("port", Integer.toString(port));
        lines.put("secret", secret);
        lines.put("run-folder", runFolder.toString());
        lines.put("probe", probe);
        putList(lines, "class-path", classPath.stream().map(Path::toString).toList());
        lines.put("scratch", scratch.toString());
        lines.put("heartbeat-ms", Long.toString(heartbeat.toMillis()));
        lines.put("one-machine", Boolean.toString(oneMachine));
        lines.put("ports", ports.toString());
        putList(lines, "network", networks);
        lines.put("trace", trace);
        for (int i = 0; i < nodes.size(); i++) {
            putNode(lines, "node." + i + ".", nodes.get(i));
        }
        StringBuilder text = new StringBuilder();
        lines.forEach((key, value) ->
                text.append(escape(key)).append('=').append(escape(value)).append('\n'));
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void putList(Map<String, String> lines, String key, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            lines.put(key + "." + i, values.get(i));
        }
    }

    private static void putNode(Map<String, String> lines, String prefix, NodeShare node) {
        lines.put(prefix + "name", node.name());
        lines.put(prefix + "cores", Integer.toString(node.cores()));
        lines.put(prefix + "cpus", CpuList.format(node.cpus()));
        lines.put(prefix + "memory", Long.toString(node.memory()));
        node.resources().forEach((name, amount) -> lines.put(prefix + "resource." + name, Integer.toString(amount)));
        node.properties().forEach((name, value) -> lines.put(prefix + "property." + name, value));
    }

    /**
     * Reads the text up to its empty line.
     *
     * @throws IOException if it ends before that, or is not such a text; the message never contains a value
     */
    public static Bootstrap read(InputStream input) throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(new Unbuffered(input), StandardCharsets.UTF_8), 1);
        long length = 0;
        for (String line = reader.readLine(); ; line = reader.readLine()) {
            if (line == null) {
                throw new IOException(
                        "a worker is started by 'colla run', which tells it on its standard input what to do; that input ended too early");
            }
            if (line.isEmpty()) {
                break;
            }
            length += line.length();
            int at = line.indexOf('=');
            if (at < 0 || length > LONGEST) {
                throw new IOException(
                        "a worker's standard input is not what 'colla run' sends: line " + (lines.size() + 1));
            }
            lines.put(unescape(line.substring(0, at)), unescape(line.substring(at + 1)));
        }
        return parse(lines);
    }

    /** Reads byte by byte, so that what follows the text stays in the stream. */
    private static final class Unbuffered extends InputStream {
        private final InputStream input;

        Unbuffered(InputStream input) {
            this.input = input;
        }

        @Override
        public int read() throws IOException {
            return input.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int octet = length == 0 ? -1 : input.read();
            if (octet < 0) {
                return length == 0 ? 0 : -1;
            }
            bytes[from] = (byte) octet;
            return 1;
        }
    }

    private static Bootstrap parse(Map<String, String> lines) throws IOException {
        try {
            Bootstrap bootstrap = new Bootstrap(
                    takeList(lines, "address"),
                    Integer.parseInt(take(lines, "port")),
                    take(lines, "secret"),
                    Path.of(take(lines, "run-folder")),
                    take(lines, "probe"),
                    takeList(lines, "class-path").stream().map(Path::of).toList(),
                    Path.of(take(lines, "scratch")),
                    Duration.ofMillis(Long.parseLong(take(lines, "heartbeat-ms"))),
                    Boolean.parseBoolean(take(lines, "one-machine")),
                    PortRange.parse(take(lines, "ports"), "ports"),
                    takeList(lines, "network"),
                    take(lines, "trace"),
                    takeNodes(lines));
            if (!lines.isEmpty()) {
                throw new IOException("this worker does not know the settings " + lines.keySet()
                        + ": it is of another version of Colla than the master");
            }
            return bootstrap;
        } catch (NumberFormatException | UsageException e) {
            throw new IOException("a worker's standard input has a wrong number", e);
        }
    }

    private static String take(Map<String, String> lines, String key) throws IOException {
        String value = lines.remove(key);
        if (value == null) {
            throw new IOException(
                    "a worker's standard input lacks '" + key + "': the master is of another version of Colla");
        }
        return value;
    }

    private static List<String> takeList(Map<String, String> lines, String key) {
        List<String> values = new ArrayList<>();
        for (String value = lines.remove(key + ".0"); value != null; value = lines.remove(key + "." + values.size())) {
            values.add(value);
        }
        return values;
    }

    private static List<NodeShare> takeNodes(Map<String, String> lines) throws IOException {
        List<NodeShare> nodes = new ArrayList<>();
        for (String prefix = "node.0."; lines.containsKey(prefix + "name"); prefix = "node." + nodes.size() + ".") {
            Map<String, Integer> resources = new TreeMap<>();
            for (Map.Entry<String, String> each :
                    takeAll(lines, prefix + "resource.").entrySet()) {
                resources.put(each.getKey(), Integer.valueOf(each.getValue()));
            }
            String cpus = take(lines, prefix + "cpus");
            nodes.add(new NodeShare(
                    take(lines, prefix + "name"),
                    Integer.parseInt(take(lines, prefix + "cores")),
                    cpus.isEmpty() ? List.of() : CpuList.parse(cpus),
                    Long.parseLong(take(lines, prefix + "memory")),
                    resources,
                    takeAll(lines, prefix + "property.")));
        }
        return nodes;
    }

    private static Map<String, String> takeAll(Map<String, String> lines, String prefix) {
        Map<String, String> taken = new TreeMap<>();
        lines.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                taken.put(key.substring(prefix.length()), value);
            }
        });
        taken.keySet().forEach(key -> lines.remove(prefix + key));
        return taken;
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("=", "\\e");
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char at = text.charAt(i);
            if (at != '\\' || i + 1 == text.length()) {
                value.append(at);
                continue;
            }
            char escaped = text.charAt(++i);
            value.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped == 'e' ? '=' : escaped);
        }
        return value.toString();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Bootstrap of " + runFolder + " at port " + port;
    }
}
