package io.colla.examples.wordcount;

import io.colla.api.InOut;
import io.colla.api.Task;
import io.colla.examples.Gzip;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often each word occurs. A word is a longest run of letters, in lower case. Files are read as UTF-8; one with a zero byte at its
 * beginning is not text and has no words. Not thread-safe.
 */
final class WordCounts implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int HEAD = 4096;
    private static final int STEP = 1 << 16;

    private final Map<String, Long> counts = new HashMap<>();

    /** Counts the words of a share; the task. */
    @Task(name = "count")
    static WordCounts of(List<Path> files, List<Piece> pieces) throws IOException {
        WordCounts counts = new WordCounts();
        for (Piece piece : pieces) {
            Path file = files.get(piece.file());
            try (InputStream in = piece.to() == Piece.WHOLE ? open(file) : part(file, piece.from(), piece.to())) {
                counts.addWords(in);
            }
        }
        return counts;
    }

    /** Adds other counts to these; the task that the tree is made of. */
    @Task(name = "add")
    static void add(@InOut WordCounts total, List<WordCounts> others) {
        for (WordCounts other : others) {
            other.counts.forEach((word, count) -> total.counts.merge(word, count, Long::sum));
        }
    }

    static boolean isCompressed(Path file) {
        return file.toString().endsWith(".gz");
    }

    /** The whole file, decompressed; empty if it is not text. */
    static InputStream open(Path file) throws IOException {
        InputStream content = isCompressed(file) ? Gzip.open(file) : Files.newInputStream(file);
        try {
            byte[] head = content.readNBytes(HEAD);
            return isText(head)
                    ? new SequenceInputStream(new ByteArrayInputStream(head), content)
                    : new ByteArrayInputStream(new byte[0]);
        } catch (IOException e) {
            content.close();
            throw e;
        }
    }

    /** Counts the words of one text. */
    void addWords(InputStream in) throws IOException {
        Reader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), STEP);
        StringBuilder word = new StringBuilder();
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (Character.isLetter(c)) {
                word.append((char) Character.toLowerCase(c));
            } else if (!word.isEmpty()) {
                addWord(word);
            }
        }
        if (!word.isEmpty()) {
            addWord(word);
        }
    }

    private void addWord(StringBuilder word) {
        counts.merge(word.toString(), 1L, Long::sum);
        word.setLength(0);
    }

    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    int distinct() {
        return counts.size();
    }

    long count(String word) {
        return counts.getOrDefault(word, 0L);
    }

    /** The most frequent words, first the most frequent; equally frequent ones in alphabetical order. */
    List<Map.Entry<String, Long>> top(int number) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(number)
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WordCounts that && that.counts.equals(counts);
    }

    @Override
    public int hashCode() {
        return counts.hashCode();
    }

    @Override
    public String toString() {
        return distinct() + " different words, " + total() + " in all";
    }

    /**
     * The text between two bytes, each moved on to the next white space: what two neighbouring pieces get meets exactly, and no word and
     * no character of several bytes is cut.
     */
    private static InputStream part(Path file, long from, long to) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] head = new byte[(int) Math.min(HEAD, in.length())];
            in.readFully(head);
            if (!isText(head)) {
                return new ByteArrayInputStream(new byte[0]);
            }
            long begin = from == 0 ? 0 : nextSpace(in, from);
            long end = nextSpace(in, to);
            byte[] bytes = new byte[Math.toIntExact(Math.max(0, end - begin))];
            in.seek(begin);
            in.readFully(bytes);
            return new ByteArrayInputStream(bytes);
        }
    }

    /** The place of the first white space at or after this one, or the file's end. */
    private static long nextSpace(RandomAccessFile in, long from) throws IOException {
        byte[] buffer = new byte[STEP];
        in.seek(Math.min(from, in.length()));
        for (long at = from; ; ) {
            int read = in.read(buffer);
            if (read < 0) {
                return in.length();
            }
            for (int i = 0; i < read; i++) {
                if (buffer[i] == ' ' || (buffer[i] >= '\t' && buffer[i] <= '\r')) {
                    return at + i;
                }
            }
            at += read;
        }
    }

    private static boolean isText(byte[] head) {
        for (byte b : head) {
            if (b == 0) {
                return false;
            }
        }
        return true;
    }
}
