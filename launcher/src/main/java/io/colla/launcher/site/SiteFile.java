package io.colla.launcher.site;

import io.colla.api.UsageException;
import io.colla.launcher.Nearest;
import io.colla.launcher.config.BatchOptions;
import io.colla.launcher.config.ConfigFile;
import io.colla.launcher.config.ConfigFile.Entry;
import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Quantities;
import io.colla.launcher.site.SiteProfile.NodeKind;
import io.colla.launcher.site.SiteProfile.Queue;
import io.colla.platform.ShellWords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads a profile. Every complaint names file and line. */
final class SiteFile {
    static final String ENDING = ".yaml";
    static final List<String> KEYS = List.of(
            "description",
            "hosts",
            "batch-system",
            "node",
            "disks",
            "network",
            "mpi",
            "modules",
            "env-script",
            "defaults",
            "queues");
    private static final List<String> NODE_KEYS = List.of("cores", "memory", "gpus");
    private static final List<String> DISK_KEYS = List.of("scratch", "shared");
    private static final List<String> QUEUE_KEYS = List.of("max-time", "max-nodes", "cores", "memory", "gpus", "qos");
    /** Batch scripts are no login shells, where the command comes from. */
    private static final String FIND_MODULES =
            "command -v module >/dev/null || for init in \"${MODULESHOME:-}/init/bash\" \"${LMOD_PKG:-}/init/bash\""
                    + " /etc/profile.d/modules.sh /etc/profile.d/lmod.sh; do [ -r \"$init\" ] && . \"$init\" && break; done";

    private final Path file;
    private final ConfigFile yaml;
    private final Map<Option<?>, Entry> settings = new IdentityHashMap<>();
    private final List<String> setup = new ArrayList<>();
    private String description = "";
    private List<String> hosts = List.of();
    private NodeKind node = NodeKind.UNKNOWN;
    private Map<String, Queue> queues = Map.of();

    private SiteFile(Path file) {
        this.file = file;
        this.yaml = ConfigFile.of(file);
    }

    /** @throws UsageException for anything that is not right in it */
    static SiteProfile read(Path file) {
        return new SiteFile(file.toAbsolutePath().normalize()).read();
    }

    static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
    }

    private SiteProfile read() {
        Node root = yaml.parse();
        Map<String, NodeTuple> parts = root == null ? Map.of() : mapping(root, "a profile", KEYS);
        parts.forEach(this::part);
        return new SiteProfile(nameOf(file), file, description, hosts, node, queues, setup, settings);
    }

    private void part(String key, NodeTuple tuple) {
        Node value = tuple.getValueNode();
        switch (key) {
            case "description" -> description = text(value, key);
            case "hosts" -> hosts = texts(value, key);
            case "batch-system" -> set(BatchOptions.BATCH_SYSTEM, tuple);
            case "node" -> node = nodeKind(mapping(value, key, NODE_KEYS));
            case "disks" -> disks(mapping(value, key, DISK_KEYS));
            case "network" -> set(Options.NETWORK, tuple);
            case "mpi" -> set(Options.MPI, tuple);
            case "modules" -> {
                setup.add(FIND_MODULES);
                setup.add("module load " + ShellWords.quote(texts(value, key)));
            }
            case "env-script" -> setup.add(". " + ShellWords.quote(text(value, key)));
            case "defaults" -> yaml.entries(value).forEach(this::add);
            case "queues" -> queues = queues(value);
            default -> throw new IllegalStateException(key);
        }
    }

    private void disks(Map<String, NodeTuple> disks) {
        disks.forEach((key, tuple) -> set(key.equals("scratch") ? Options.SCRATCH : Options.SHARED, tuple));
    }

    private void set(Option<?> option, NodeTuple tuple) {
        add(option, yaml.entry(option, tuple.getKeyNode(), tuple.getValueNode()));
    }

    private void add(Option<?> option, Entry entry) {
        Entry earlier = settings.put(option, entry);
        if (earlier != null) {
            throw new UsageException(
                    entry.where() + ": '" + option.name() + "' is there twice; the first is at " + earlier.where());
        }
        if (option == Options.SITE) {
            throw new UsageException(entry.where() + ": a profile cannot name another one; leave 'site' out");
        }
    }

    private NodeKind nodeKind(Map<String, NodeTuple> parts) {
        return new NodeKind(
                value(parts, "cores", SiteFile::count, 0, "a whole number from 1 up", "48"),
                value(parts, "memory", Quantities::bytes, 0L, "a size", "256g"),
                value(parts, "gpus", SiteFile::countOrNone, -1, "a whole number", "4"));
    }

    private Map<String, Queue> queues(Node value) {
        Map<String, Queue> all = new LinkedHashMap<>();
        mapping(value, "queues", null).forEach((name, tuple) -> {
            Map<String, NodeTuple> parts = mapping(tuple.getValueNode(), "queue " + name, QUEUE_KEYS);
            Duration none = Duration.ZERO;
            Duration time = value(parts, "max-time", Quantities::duration, none, "a time", "1-00:00:00");
            String qos = value(parts, "qos", Function.identity(), "", "a name", "debug");
            all.put(
                    name,
                    new Queue(
                            nodeKind(parts),
                            time.isZero() ? null : time,
                            value(parts, "max-nodes", SiteFile::count, 0, "a whole number from 1 up", "16"),
                            qos.isEmpty() ? null : qos));
        });
        return all;
    }

    private <T> T value(
            Map<String, NodeTuple> parts,
            String key,
            Function<String, T> parser,
            T none,
            String expected,
            String example) {
        NodeTuple tuple = parts.get(key);
        if (tuple == null) {
            return none;
        }
        String text = text(tuple.getValueNode(), key);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    yaml.at(tuple.getValueNode()) + ": " + key + ": '" + text + "': expected " + expected
                            + ", such as '" + key + ": " + example + "'",
                    e);
        }
    }

    private static Integer count(String text) {
        int count = Integer.parseInt(text);
        if (count < 1) {
            throw new IllegalArgumentException(text);
        }
        return count;
    }

    private static Integer countOrNone(String text) {
        return text.equals("0") ? Integer.valueOf(0) : count(text);
    }

    /** @param known the keys that there are; null for any */
    private Map<String, NodeTuple> mapping(Node node, String what, @Nullable List<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            String example = known == null ? "debug: {max-time: 02:00:00}" : known.get(0) + ": ...";
            throw new UsageException(yaml.at(node) + ": " + what + ": expected lines such as '" + example + "'");
        }
        Map<String, NodeTuple> parts = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            String where = yaml.at(tuple.getKeyNode());
            if (known != null && !known.contains(key)) {
                throw new UsageException(where + ": " + what + " has no '" + key + "'" + Nearest.hint(key, known)
                        + "; known are " + String.join(", ", known));
            }
            NodeTuple earlier = parts.put(key, tuple);
            if (earlier != null) {
                throw new UsageException(
                        where + ": '" + key + "' is there twice; the first is at " + yaml.at(earlier.getKeyNode()));
            }
        }
        return parts;
    }

    private List<String> texts(Node node, String key) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream().map(each -> text(each, key)).toList();
        }
        return List.of(text(node, key));
    }

    private String text(Node node, String key) {
        if (!(node instanceof ScalarNode scalar)
                || node.getTag().equals(Tag.NULL)
                || scalar.getValue().isBlank()) {
            throw new UsageException(yaml.at(node) + ": " + key + ": expected a text");
        }
        return scalar.getValue();
    }
}
