package io.colla.worker.store;

import io.colla.wire.Message;
import java.nio.file.Path;
import java.util.List;

/**
 * Decides which paths of this process mean the same file on others, so that files there need no transfer. Says no when it cannot know; the user can say yes for
 * folders. (A folder that an automounter has not mounted yet on the other side counts as unknown.)
 *
 * @param mounts what this process sees
 * @param runFolder the run's folder, absolute and free of links
 * @param shared folders that the user says are the same on all nodes
 */
public record PathSharing(List<Message.Mount> mounts, String runFolder, List<String> shared) {
    public PathSharing {
        mounts = List.copyOf(mounts);
        shared = shared.stream()
                .map(folder -> Path.of(folder).normalize().toString())
                .toList();
    }

    /**
     * Another process.
     *
     * @param mounts what it sees
     * @param sameNamespace whether it is on this host and sees the same file systems: everything is shared
     * @param seesRunFolder whether it sees the run's folder, and that it is the same one
     */
    public record Peer(List<Message.Mount> mounts, boolean sameNamespace, boolean seesRunFolder) {
        public Peer {
            mounts = List.copyOf(mounts);
        }
    }

    /** @param path absolute and free of links, such as {@link Mounts#resolve} gives */
    public boolean isShared(String path, Peer peer) {
        if (peer.sameNamespace || shared.stream().anyMatch(folder -> Mounts.isBelow(path, folder))) {
            return true;
        }
        Message.Mount here = Mounts.of(path, mounts);
        Message.Mount there = Mounts.of(path, peer.mounts);
        if (here == null || there == null || !here.point().equals(there.point())) {
            return false;
        }
        return isSameNetworkFileSystem(here, there) || (peer.seesRunFolder && hasRunFolder(here, there, peer));
    }

    private static boolean isSameNetworkFileSystem(Message.Mount here, Message.Mount there) {
        return Mounts.isNetwork(here.type())
                && Mounts.isNetwork(there.type())
                && here.source().equals(there.source());
    }

    /** The run's folder is known to be the same; so is all that is on the same mount. */
    private boolean hasRunFolder(Message.Mount here, Message.Mount there, Peer peer) {
        return here.equals(Mounts.of(runFolder, mounts)) && there.equals(Mounts.of(runFolder, peer.mounts));
    }
}
