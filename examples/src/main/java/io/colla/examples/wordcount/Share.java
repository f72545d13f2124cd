package io.colla.examples.wordcount;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one task counts.
 *
 * @param files those it reads
 * @param pieces which bytes of them
 */
record Share(List<Path> files, List<Piece> pieces) {
    /**
     * Deals files out so that the shares, except for compressed files larger than that, have about the same number of bytes.
     *
     * @param files with their sizes in bytes
     * @param bytes of one share
     */
    static List<Share> deal(Map<Path, Long> files, long bytes) throws IOException {
        List<Share> shares = new ArrayList<>();
        Share share = new Share(new ArrayList<>(), new ArrayList<>());
        long room = bytes;
        for (Map.Entry<Path, Long> entry : new TreeMap<>(files).entrySet()) {
            long size = entry.getValue();
            long done = 0;
            while (done < size) {
                if (room <= 0) {
                    shares.add(share);
                    share = new Share(new ArrayList<>(), new ArrayList<>());
                    room = bytes;
                }
                boolean whole = WordCounts.isCompressed(entry.getKey());
                long part = whole ? size - done : Math.min(size - done, room);
                share.pieces.add(new Piece(share.files.size(), done, whole ? Piece.WHOLE : done + part));
                share.files.add(entry.getKey());
                done += part;
                room -= part;
            }
        }
        if (!share.files.isEmpty()) {
            shares.add(share);
        }
        return shares;
    }
}
