package io.colla.transport;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** The addresses of this host, for telling other processes where it can be reached. */
public final class LocalAddresses {
    private static final Comparator<InetAddress> BEST_FIRST = Comparator.<InetAddress, Boolean>comparing(
                    InetAddress::isLoopbackAddress)
            .thenComparing(InetAddress::isLinkLocalAddress)
            .thenComparing(address -> !(address instanceof Inet4Address));

    private LocalAddresses() {}

    /**
     * Numeric addresses of all interfaces that are up: IPv4, then IPv6, then what is only valid on one link. IPv6 link-local addresses are left out: they mean
     * nothing without the other host's name for the link.
     *
     * @param oneMachine whether all processes are on this machine: then loopback too, last
     */
    public static List<String> list(boolean oneMachine) throws IOException {
        List<InetAddress> found = new ArrayList<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (each.isUp()) {
                found.addAll(Collections.list(each.getInetAddresses()));
            }
        }
        return order(found, oneMachine);
    }

    static List<String> order(List<InetAddress> addresses, boolean oneMachine) {
        return addresses.stream()
                .filter(address -> oneMachine || !address.isLoopbackAddress())
                .filter(address -> address instanceof Inet4Address || !address.isLinkLocalAddress())
                .sorted(BEST_FIRST)
                .map(LocalAddresses::numeric)
                .distinct()
                .toList();
    }

    private static String numeric(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }
}
