package io.colla.transport;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
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

    /**
     * The networks, as {@code 10.1.0.0/16}, that these addresses of this host are in.
     *
     * @throws IOException if the interfaces cannot be listed
     */
    public static List<String> networksOf(List<String> addresses) throws IOException {
        List<String> networks = new ArrayList<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InterfaceAddress address : each.getInterfaceAddresses()) {
                if (addresses.contains(numeric(address.getAddress()))) {
                    networks.add(numeric(address.getAddress()) + "/" + address.getNetworkPrefixLength());
                }
            }
        }
        return networks;
    }

    /**
     * Those of the addresses that are in one of the networks; all of them if none is: another node's network may be numbered differently.
     *
     * @param networks as {@link #networksOf} gives them
     */
    public static List<String> within(List<String> addresses, List<String> networks) throws UnknownHostException {
        List<String> inside = new ArrayList<>();
        for (String address : addresses) {
            for (String network : networks) {
                if (isIn(InetAddress.getByName(address).getAddress(), network)) {
                    inside.add(address);
                    break;
                }
            }
        }
        return inside.isEmpty() ? addresses : inside;
    }

    private static boolean isIn(byte[] address, String network) throws UnknownHostException {
        int slash = network.indexOf('/');
        byte[] prefix = InetAddress.getByName(network.substring(0, slash)).getAddress();
        if (prefix.length != address.length) {
            return false;
        }
        int host = prefix.length * 8 - Integer.parseInt(network.substring(slash + 1));
        return new BigInteger(1, prefix).shiftRight(host).equals(new BigInteger(1, address).shiftRight(host));
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
