package io.colla.launcher;

import io.colla.api.UsageException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** This machine's addresses in the network that the person names. */
final class Networks {
    private Networks() {}

    /**
     * @param wanted an interface's name, a network as {@code 10.1.0.0/16}, or what is put behind this host's name, as {@code -ib0}; null for no wish
     * @return the addresses; empty for no wish
     */
    static List<String> addresses(@Nullable String wanted) {
        if (wanted == null) {
            return List.of();
        }
        if (wanted.startsWith("-") || wanted.startsWith(".")) {
            return behindName(wanted);
        }
        List<String> found = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                names.add(each.getName());
                for (InetAddress address : Collections.list(each.getInetAddresses())) {
                    if (each.getName().equals(wanted) || (wanted.contains("/") && isIn(address, wanted))) {
                        found.add(address.getHostAddress());
                    }
                }
            }
        } catch (SocketException e) {
            throw new UsageException("--network " + wanted + ": the interfaces cannot be listed: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new UsageException("--network " + wanted + ": this machine has no address there; its interfaces are "
                    + String.join(", ", names));
        }
        return found;
    }

    private static List<String> behindName(String suffix) {
        String host = "";
        try {
            host = InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", "") + suffix;
            List<String> found = new ArrayList<>();
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (NetworkInterface.getByInetAddress(address) != null) {
                    found.add(address.getHostAddress());
                }
            }
            if (found.isEmpty()) {
                throw new UsageException("--network " + suffix + ": " + host + " is another machine than this one");
            }
            return found;
        } catch (UnknownHostException | SocketException e) {
            throw new UsageException(
                    "--network " + suffix + ": there is no address for the name " + host
                            + "; name an interface or a network instead",
                    e);
        }
    }

    static boolean isIn(InetAddress address, String network) {
        String[] parts = network.split("/", 2);
        try {
            byte[] prefix = InetAddress.getByName(parts[0]).getAddress();
            byte[] bytes = address.getAddress();
            int bits = Integer.parseInt(parts[1]);
            if (prefix.length != bytes.length || bits < 0 || bits > prefix.length * 8) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i % 8);
                if ((prefix[i / 8] & mask) != (bytes[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException | NumberFormatException e) {
            throw new UsageException("--network " + network + " is not a network; write it as 10.1.0.0/16", e);
        }
    }
}
