package io.colla.platform;

import io.colla.api.Memory;
import io.colla.api.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A list of machines to use through ssh, one a line:
 *
 * <pre>
 * # comments and empty lines
 * node1                          all its cores
 * alice@node2 cores=8 memory=4G gpu=1 arch=x86_64
 * node3:4                        as MPICH's mpirun writes 4 cores
 * node4 slots=4 max-slots=4      as Open MPI's mpirun does
 * </pre>
 *
 * A number after another name is an amount of that resource, anything else a property that tasks may require. A host that is written again adds to what it
 * has: a list with one line a core is one host with that many cores.
 */
public final class HostFile {
    private static final Pattern HOST = Pattern.compile(
            "(?:([A-Za-z0-9_.][A-Za-z0-9_.-]*)@)?([A-Za-z0-9_.][A-Za-z0-9_.-]*|\\[[0-9A-Fa-f:.%]+])(?::(\\d+))?");
    private static final Pattern SETTING = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)=(.+)");

    private final String file;
    private final Map<String, Entry> hosts = new LinkedHashMap<>();

    private HostFile(String file) {
        this.file = file;
    }

    /**
     * The shares, in the order of the file. {@link NodeShare#cores} is 0 where the file does not say; the user to log in as is the property
     * {@link SshLauncher#USER}.
     *
     * @throws UsageException naming file and line
     */
    public static List<NodeShare> read(Path file) {
        try {
            return parse(file.toString(), Files.readAllLines(file));
        } catch (IOException e) {
            throw new UsageException(
                    "host file " + file + " cannot be read: "
                            + (Files.exists(file) ? String.valueOf(e.getMessage()) : "it does not exist"),
                    e);
        }
    }

    static List<NodeShare> parse(String file, List<String> lines) {
        HostFile parser = new HostFile(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                parser.add(line, i + 1);
            }
        }
        if (parser.hosts.isEmpty()) {
            throw new UsageException("host file " + file + " names no host; write one a line, such as node1 cores=8");
        }
        return parser.hosts.values().stream().map(Entry::share).toList();
    }

    private void add(String line, int number) {
        String[] words = line.split("\\s+");
        Matcher host = HOST.matcher(words[0]);
        if (!host.matches()) {
            throw wrong(number, "'" + words[0] + "' is not a host; write host, user@host or host:cores");
        }
        String name = host.group(2).replaceAll("[\\[\\]]", "");
        Entry entry = hosts.computeIfAbsent(name, Entry::new);
        String user = host.group(1);
        if (user != null) {
            entry.login(user, number);
        }
        Line parsed = new Line(number);
        if (host.group(3) != null) {
            parsed.cores = amount(number, "cores", host.group(3));
        }
        for (int i = 1; i < words.length; i++) {
            set(parsed, entry, words[i]);
        }
        entry.add(parsed);
    }

    private void set(Line line, Entry entry, String word) {
        Matcher setting = SETTING.matcher(word);
        if (!setting.matches()) {
            throw wrong(line.number, "'" + word + "' is not name=value, such as cores=8");
        }
        String name = setting.group(1);
        String value = setting.group(2);
        switch (name) {
            case "cores", "slots" -> {
                if (line.cores != null) {
                    throw wrong(line.number, "the number of cores is there twice");
                }
                line.cores = amount(line.number, name, value);
            }
            case "max-slots", "max_slots" -> amount(line.number, name, value);
            case "memory" -> line.memory = memory(line.number, value);
            case "user" -> entry.login(value, line.number);
            default -> {
                if (value.matches("\\d+")) {
                    line.resources.put(name, amount(line.number, name, value));
                } else {
                    entry.properties.put(name, value);
                }
            }
        }
    }

    private int amount(int number, String name, String value) {
        if (!value.matches("\\d{1,6}")
                || (Integer.parseInt(value) == 0 && (name.equals("cores") || name.equals("slots")))) {
            throw wrong(
                    number, name + "=" + value + " is not a number of " + (name.contains("slots") ? "cores" : name));
        }
        return Integer.parseInt(value);
    }

    private long memory(int number, String value) {
        try {
            return Memory.parse(value);
        } catch (UsageException e) {
            throw wrong(number, String.valueOf(e.getMessage()));
        }
    }

    private UsageException wrong(int line, String what) {
        return new UsageException("host file " + file + ", line " + line + ": " + what);
    }

    private static final class Line {
        final int number;

        @Nullable
        Integer cores;

        long memory;
        final Map<String, Integer> resources = new HashMap<>();

        Line(int number) {
            this.number = number;
        }
    }

    /** A host with what all its lines give. */
    private final class Entry {
        final String name;
        final Map<String, String> properties = new HashMap<>();
        private final Map<String, Integer> resources = new HashMap<>();
        private final List<Integer> unsaid = new ArrayList<>();
        private int cores;
        private int lines;
        private long memory;

        Entry(String name) {
            this.name = name;
        }

        void login(String user, int line) {
            String before = properties.putIfAbsent(SshLauncher.USER, user);
            if (before != null && !before.equals(user)) {
                throw wrong(line, "host " + name + " is there for user " + before + " already");
            }
        }

        void add(Line line) {
            lines++;
            if (line.cores == null) {
                unsaid.add(line.number);
            } else {
                cores += line.cores;
            }
            memory += line.memory;
            line.resources.forEach((resource, amount) -> resources.merge(resource, amount, Integer::sum));
        }

        /** A bare name alone means the whole host; bare names several times, one core each, as batch systems write them. */
        NodeShare share() {
            int all = lines == 1 && !unsaid.isEmpty() ? 0 : cores + unsaid.size();
            return new NodeShare(name, all, List.of(), memory, resources, properties);
        }
    }
}
