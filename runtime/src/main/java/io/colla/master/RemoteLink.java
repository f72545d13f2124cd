package io.colla.master;

import io.colla.transport.Connection;
import io.colla.wire.Message;
import org.jspecify.annotations.Nullable;

/** A worker at the other end of a connection. */
final class RemoteLink implements WorkerLink {
    private final String node;
    private final Connection connection;
    private final boolean seesRunFolder;
    private Message.@Nullable ToWorker last;

    RemoteLink(String node, Connection connection, boolean seesRunFolder) {
        this.node = node;
        this.connection = connection;
        this.seesRunFolder = seesRunFolder;
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public void send(Message.ToWorker message) {
        if (last != null) {
            connection.append(last);
        }
        last = message;
    }

    @Override
    public void flush(boolean busy) {
        Message.ToWorker message = last;
        last = null;
        if (message == null) {
            return;
        }
        if (busy) {
            // The writer thread takes what has gathered while it was writing: many messages a frame.
            connection.send(message);
        } else {
            connection.append(message);
            connection.flush();
        }
    }

    @Override
    public boolean seesRunFolder() {
        return seesRunFolder;
    }

    @Override
    public boolean isRemote() {
        return true;
    }
}
