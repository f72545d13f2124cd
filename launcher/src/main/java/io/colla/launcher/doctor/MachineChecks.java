package io.colla.launcher.doctor;

import io.colla.launcher.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Network, limits, clock and other programs of this machine. */
final class MachineChecks {
    private static final int MILLIS = 2_000;
    private static final long FEW_FILES = 1_024;
    private static final long FEW_PROCESSES = 1_024;

    private final Settings settings;
    private final Map<String, String> environment;

    MachineChecks(Settings settings, Map<String, String> environment) {
        this.settings = settings;
        this.environment = environment;
    }

    List<Check> all() {
        return List.of(
                sockets(),
                limit("Max open files", "open files", FEW_FILES, "ulimit -n"),
                limit("Max processes", "processes", FEW_PROCESSES, "ulimit -u"),
                python(),
                clock());
    }

    /** Binds and connects on every address that another machine could use. */
    private Check sockets() {
        List<String> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        try {
            for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
                for (InetAddress address : card.inetAddresses().toList()) {
                    if (!address.isLinkLocalAddress() && card.isUp()) {
                        String name =
                                card.getName() + " " + address.getHostAddress().replaceAll("%.*", "");
                        String problem = connectProblem(address);
                        (problem.isEmpty() ? good : bad).add(problem.isEmpty() ? name : name + " (" + problem + ")");
                    }
                }
            }
        } catch (IOException e) {
            return Check.fail("cannot list the network interfaces: " + e.getMessage(), "Ask your site.");
        }
        if (good.isEmpty()) {
            return Check.fail("no address can be bound and connected: " + bad, "Look for a firewall on this machine.");
        }
        String network = settings.get(io.colla.launcher.config.Options.NETWORK);
        return bad.isEmpty()
                ? Check.ok("sockets work on " + String.join(", ", good)
                        + (network == null ? "" : "; --network " + network))
                : Check.warn(
                        "sockets work on " + String.join(", ", good) + ", and not on " + String.join(", ", bad),
                        "Name the network between the nodes with --network, and open ports with --ports.");
    }

    private static String connectProblem(InetAddress address) {
        try (ServerSocket server = new ServerSocket();
                Socket client = new Socket()) {
            server.bind(new InetSocketAddress(address, 0));
            client.connect(server.getLocalSocketAddress(), MILLIS);
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Check limit(String key, String name, long least, String command) {
        Optional<String> soft = softLimit(key);
        if (soft.isEmpty()) {
            return Check.warn("the limit on " + name + " cannot be read", "See what '" + command + "' prints.");
        }
        String finding = name + " limited to " + soft.get();
        boolean enough = soft.get().equals("unlimited") || Long.parseLong(soft.get()) > least;
        return enough ? Check.ok(finding) : Check.warn(finding, "Raise it with '" + command + "' before large runs.");
    }

    /** From {@code /proc/self/limits}, see proc(5): columns of a fixed width, the first value being the soft limit. */
    private static Optional<String> softLimit(String key) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith(key)) {
                    return Optional.of(line.substring(key.length()).strip().split("\\s+")[0]);
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private Check python() {
        Optional<Path> python = Commands.find("python3", environment);
        if (python.isEmpty()) {
            return Check.warn(
                    "no python3 on the PATH", "Python tasks, and the fallback for starting programs, need it.");
        }
        Commands.Answer answer = Commands.ask(List.of(python.get().toString(), "--version"), Duration.ofSeconds(10));
        return answer.succeeded()
                ? Check.ok(answer.firstLine() + ", " + python.get())
                : Check.warn("python3 --version fails: " + answer.firstLine(), "Mend or replace " + python.get() + ".");
    }

    /** A clock that was never set shows; small differences between nodes do no harm. */
    private static Check clock() {
        int year = LocalDate.now(java.time.ZoneId.systemDefault()).getYear();
        return year >= 2025
                ? Check.ok("the clock says " + LocalDate.now(java.time.ZoneId.systemDefault()))
                : Check.warn(
                        "the clock says " + LocalDate.now(java.time.ZoneId.systemDefault()),
                        "Set it, or dates in logs will be wrong.");
    }
}
