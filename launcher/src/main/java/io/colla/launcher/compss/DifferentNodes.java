package io.colla.launcher.compss;

import io.colla.api.UsageException;
import io.colla.launcher.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Heterogeneous submissions: a file describes types of nodes as functions of shell that set variables; the options name the type of the main program's node, and
 * those of the others.
 */
final class DifferentNodes {
    private static final Pattern TYPE = Pattern.compile("(?s)(\\w+)\\s*\\(\\s*\\)\\s*\\{(.*?)\\}");
    private static final Pattern SETTING = Pattern.compile("(?m)^\\s*(?:export\\s+)?(\\w+)=[\"']?([^\"'\\s;#]*)");
    private static final Map<String, String> FLAGS = Map.of(
            "cpus_per_node", "cpus-per-node",
            "node_memory", "mem-per-node",
            "gpus_per_node", "gpus-per-node",
            "constraints", "constraint",
            "queue", "queue");

    private final Path directory;
    private boolean asked;
    private String file = "";
    private String master = "";
    private String workers = "";

    DifferentNodes(Path directory) {
        this.directory = directory;
    }

    void ask() {
        asked = true;
    }

    void types(String value) {
        file = value;
    }

    void master(String value) {
        master = value;
    }

    void workers(String value) {
        workers = value;
    }

    /** Whether any of its options was given. */
    boolean given() {
        return asked || !file.isEmpty() || !master.isEmpty() || !workers.isEmpty();
    }

    /** One {@code --part} for the main program's node and for each type of worker. */
    List<String> flags() {
        if (file.isEmpty() || master.isEmpty() || workers.isEmpty()) {
            throw new UsageException(
                    "different nodes need all of --type_cfg=FILE, --master=TYPE and --workers=TYPE:N,...;"
                            + " or use 'colla submit --part nodes=1,cpus-per-node=4 --part ...'");
        }
        Map<String, String> types = read();
        List<String> flags = new ArrayList<>();
        flags.add(flag(types, master, "1"));
        for (String each : workers.split(",")) {
            String[] parts = each.strip().split(":");
            if (parts.length != 2 || !parts[1].matches("[1-9]\\d{0,5}")) {
                throw Values.wrong("--workers", each, "a type and a number of nodes", "thin:2,fat:1");
            }
            flags.add(flag(types, parts[0], parts[1]));
        }
        return flags;
    }

    private String flag(Map<String, String> types, String type, String nodes) {
        String body = types.get(type);
        if (body == null) {
            throw new UsageException(file + " describes no type '" + type + "'" + Nearest.hint(type, types.keySet()));
        }
        return "--part=nodes=" + nodes + settings(type, body);
    }

    private Map<String, String> read() {
        String text;
        try {
            text = Files.readString(directory.resolve(file));
        } catch (IOException e) {
            throw new UsageException(
                    "--type_cfg: cannot read " + file + "; name a file with lines such as"
                            + " 'thin(){', 'cpus_per_node=24', '}'",
                    e);
        }
        Map<String, String> types = new LinkedHashMap<>();
        Matcher type = TYPE.matcher(text);
        while (type.find()) {
            types.put(type.group(1), type.group(2));
        }
        return types;
    }

    private String settings(String type, String body) {
        StringBuilder out = new StringBuilder();
        Matcher setting = SETTING.matcher(body);
        while (setting.find()) {
            String flag = FLAGS.get(setting.group(1));
            String value = setting.group(2);
            boolean off = value.isEmpty() || value.equals("0") || value.equals("disabled");
            if (flag != null && !off) {
                out.append(',').append(flag).append('=').append(value);
                out.append(flag.equals("mem-per-node") && value.matches("\\d+") ? "m" : "");
            }
        }
        if (out.isEmpty()) {
            throw new UsageException(
                    file + ": type '" + type + "' says nothing; give it a line such as cpus_per_node=24");
        }
        return out.toString();
    }
}
