package io.colla.transport;

import java.util.List;

/**
 * Whom to connect to.
 *
 * @param name for people: {@code the master}, {@code worker node3}
 * @param addresses addresses or host names, the best first
 */
public record Peer(String name, List<String> addresses, int port) {
    public Peer {
        addresses = List.copyOf(addresses);
    }
}
