package io.colla.transport;

import java.time.Duration;

/**
 * Bounds that keep a broken or hostile peer from costing more than its own connection.
 *
 * @param frame longest frame of an authenticated peer, bytes
 * @param outgoing bytes that may wait for a peer that does not read
 * @param handshake time for the whole handshake
 * @param unauthenticated connections that may be in their handshake at once
 * @param closing time to send what is queued and to see the other side close
 * @param stall a transfer of contents is broken when no byte moves for so long
 * @param idle connections for contents are closed after so long without a request
 * @param fetchesPerPeer contents fetched from one peer at once
 */
public record Limits(
        int frame,
        int outgoing,
        Duration handshake,
        int unauthenticated,
        Duration closing,
        Duration stall,
        Duration idle,
        int fetchesPerPeer) {
    private static final int MIB = 1 << 20;

    public static final Limits DEFAULT = new Limits(
            64 * MIB,
            64 * MIB,
            Duration.ofSeconds(5),
            64,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            2);

    /** Longest frame before authentication, bytes. */
    static final int HANDSHAKE_FRAME = 1024;

    public Limits {
        if (frame < 1024 || outgoing < 1024 || unauthenticated < 1 || fetchesPerPeer < 1) {
            throw new IllegalArgumentException("limits too low: frame " + frame + ", outgoing " + outgoing
                    + ", unauthenticated " + unauthenticated + ", fetches per peer " + fetchesPerPeer);
        }
    }
}
