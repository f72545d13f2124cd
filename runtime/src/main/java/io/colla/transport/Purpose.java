package io.colla.transport;

/** What a connection is for; the side that connects says it in the handshake. */
enum Purpose {
    /** Messages: a {@link Connection}. */
    CONTROL(1),
    /** Contents: requests of a {@link DataClient}, answered by a {@link DataServer}. */
    DATA(2);

    final int number;

    Purpose(int number) {
        this.number = number;
    }
}
