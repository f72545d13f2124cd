package io.colla.examples.wordcount;

import java.io.Serializable;

/**
 * Some bytes of a file. Words belong to the piece in which they begin.
 *
 * @param file the file's place in its {@link Share}
 * @param from the first byte
 * @param to the byte after the last one; {@link #WHOLE} for a file that cannot be cut, because it is compressed
 */
record Piece(int file, long from, long to) implements Serializable {
    static final long WHOLE = -1;
}
