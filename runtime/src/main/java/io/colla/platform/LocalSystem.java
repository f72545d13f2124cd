package io.colla.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What this process may use of this machine: the CPUs of its affinity mask, fewer where a control group grants less CPU time (2.5 CPUs' worth are 2
 * cores, less than one is one); the machine's whole memory, or a control group's limit where that is less; the GPUs that CUDA_VISIBLE_DEVICES leaves,
 * or all that NVIDIA's driver has. Memory is the total, not what happens to be free now: what other programs hold may be given back, and the
 * run is to have the same shape each time.
 */
public final class LocalSystem {
    private static final double ROUNDING = 0.01;

    private final Path root;

    public LocalSystem() {
        this(Path.of("/"));
    }

    /** @param root the folder that stands for /; for tests */
    LocalSystem(Path root) {
        this.root = root;
    }

    /** This machine as one node, {@code local}. */
    public Allocation allocation(Map<String, String> environment) {
        List<String> notes = new ArrayList<>();
        return new Allocation("local", null, List.of(machine(environment, notes)), null, notes);
    }

    /**
     * This machine as several nodes, {@code local-1} and so on, which share its cores, memory and GPUs evenly.
     *
     * @param workers how many; with more than there are cores each has one core, and they compete for them
     */
    public Allocation allocation(Map<String, String> environment, int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("a machine needs at least 1 worker, not " + workers);
        }
        List<String> notes = new ArrayList<>();
        NodeShare machine = machine(environment, notes);
        if (workers > machine.cores()) {
            notes.add(workers + " workers compete for " + machine.cores() + " cores of this machine");
        }
        List<NodeShare> shares = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            shares.add(share(machine, i, workers));
        }
        return new Allocation("local", null, shares, null, notes);
    }

    private static NodeShare share(NodeShare machine, int index, int workers) {
        int from = start(machine.cores(), index, workers);
        int cores = Math.max(1, start(machine.cores(), index + 1, workers) - from);
        List<Integer> cpus = workers > machine.cores() || machine.cpus().isEmpty()
                ? List.of()
                : machine.cpus().subList(from, from + cores);
        Map<String, Integer> resources = new HashMap<>();
        machine.resources().forEach((name, amount) -> {
            int part = start(amount, index + 1, workers) - start(amount, index, workers);
            if (part > 0) {
                resources.put(name, part);
            }
        });
        return new NodeShare(
                "local-" + (index + 1), cores, cpus, machine.memory() / workers, resources, machine.properties());
    }

    private static int start(int amount, int index, int parts) {
        return (int) ((long) amount * index / parts);
    }

    private NodeShare machine(Map<String, String> environment, List<String> notes) {
        ControlGroups limits = new ControlGroups(root);
        List<Integer> cpus = affinity(notes);
        int cores = cpus.isEmpty() ? Runtime.getRuntime().availableProcessors() : cpus.size();
        double quota = limits.cpus().orElse(cores);
        if (quota + ROUNDING < cores) {
            cores = Math.max(1, (int) (quota + ROUNDING));
            cpus = List.of();
            notes.add(String.format(
                    Locale.ROOT, "a control group grants %.2f CPUs' time: %d cores are used", quota, cores));
        }
        long memory = Math.min(limits.memory().orElse(Long.MAX_VALUE), total(notes));
        Map<String, Integer> resources = new HashMap<>();
        int gpus = gpus(environment);
        if (gpus > 0) {
            resources.put("gpu", gpus);
        }
        Map<String, String> properties = Map.of("arch", architecture());
        return new NodeShare("local", cores, cpus, memory == Long.MAX_VALUE ? 0 : memory, resources, properties);
    }

    /** As uname and batch systems call it. */
    private static String architecture() {
        String name = System.getProperty("os.arch", "unknown");
        return name.equals("amd64") ? "x86_64" : name;
    }

    private List<Integer> affinity(List<String> notes) {
        String list = field("proc/self/status", "Cpus_allowed_list:");
        try {
            return CpuList.parse(list);
        } catch (IllegalArgumentException e) {
            notes.add("Cpus_allowed_list is '" + list + "', which Colla cannot read: the JVM's count of cores is used");
            return List.of();
        }
    }

    private long total(List<String> notes) {
        String total = field("proc/meminfo", "MemTotal:");
        String[] words = total.split("\\s+");
        try {
            return Math.multiplyExact(Long.parseLong(words[0]), 1024L);
        } catch (NumberFormatException | ArithmeticException e) {
            notes.add("MemTotal is '" + total + "', which Colla cannot read: only control groups limit memory");
            return Long.MAX_VALUE;
        }
    }

    private String field(String file, String name) {
        try (Stream<String> lines = Files.lines(root.resolve(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    /** CUDA reads the list up to the first entry that is not a device; -1 therefore hides all. */
    private int gpus(Map<String, String> environment) {
        String visible = environment.get("CUDA_VISIBLE_DEVICES");
        if (visible == null) {
            return installed();
        }
        int count = 0;
        for (String device : visible.split(",")) {
            if (device.isBlank()
                    || device.strip().startsWith("-")
                    || device.strip().equals("NoDevFiles")) {
                break;
            }
            count++;
        }
        return count;
    }

    private int installed() {
        try (Stream<Path> devices = Files.list(root.resolve("proc/driver/nvidia/gpus"))) {
            return (int) devices.count();
        } catch (IOException e) {
            return 0;
        }
    }
}
