package io.colla.slurm;

import io.colla.platform.Allocation;
import io.colla.platform.Allocations;
import io.colla.platform.NodeLauncher;
import io.colla.platform.NodeShare;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Stands for the launcher inside a job of the test cluster: prints the allocation, starts a small worker on each node, prints what it hears of them, and
 * obeys {@code stop}, {@code await N} (until N workers have ended) and {@code halt} (as kill -9 would) on its standard input.
 */
final class ClusterProbe implements NodeLauncher.Listener {
    /** Proves its share, its input and the end of its input. The first argument only marks the process. */
    private static final String WORKER =
            "echo started on $COLLA_NODE with $SLURM_CPUS_ON_NODE cpus in $PWD; read secret; echo got $secret; "
                    + "while read line; do :; done; echo end of input";

    private int ended;

    private ClusterProbe() {}

    public static void main(String[] arguments) throws Exception {
        new ClusterProbe().run(arguments[0], arguments.length > 1 ? arguments[1] : "");
    }

    private void run(String mark, String behaviour) throws Exception {
        long start = System.nanoTime();
        Allocations.Found found = Allocations.find(System.getenv(), Allocations.Options.NONE);
        say("asked " + (System.nanoTime() - start) / 1_000_000 + " ms");
        print(found.allocation());
        NodeLauncher launcher = found.launcher().get();
        say("launching " + System.currentTimeMillis());
        launcher.launch(
                found.allocation().nodes(),
                new NodeLauncher.WorkerCommand(
                        List.of("/bin/sh", "-c", behaviour.isEmpty() ? WORKER : behaviour, mark),
                        "the secret\n".getBytes(StandardCharsets.UTF_8),
                        Map.of("COLLA_TEST", "x"),
                        "/"),
                this);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            obey(command, launcher);
        }
        Runtime.getRuntime().halt(0);
    }

    private void obey(String command, NodeLauncher launcher) throws InterruptedException {
        switch (command.split(" ")[0]) {
            case "stop" -> say("left " + launcher.stop(Duration.ofSeconds(10)));
            case "await" -> await(Integer.parseInt(command.split(" ")[1]));
            case "halt" -> Runtime.getRuntime().halt(137);
            default -> say("what is " + command + "?");
        }
    }

    private static void print(Allocation allocation) {
        say("source " + allocation.source() + " ends " + (allocation.end() != null));
        for (NodeShare node : allocation.nodes()) {
            say("node " + node.name() + " cores " + node.cores() + " memory " + (node.memory() >> 20) + " arch "
                    + node.properties().get("arch"));
        }
        allocation.notes().forEach(note -> say("note " + note));
    }

    private synchronized void await(int count) throws InterruptedException {
        long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (ended < count && System.nanoTime() < limit) {
            wait(1000);
        }
        say(ended + " have ended");
    }

    @Override
    public void printed(String node, String line) {
        say(System.currentTimeMillis() + " printed " + node + ": " + line);
    }

    @Override
    public synchronized void ended(String node, String what) {
        ended++;
        say("ended " + node + ": " + what);
        notifyAll();
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }
}
