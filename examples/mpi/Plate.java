import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Ordinary tasks on plates: tables of temperatures, whose edge never changes. Their file format is that of heat.c. */
final class Plate {
    private static final double ROOM = 20;
    private static final double HEATER = 100;

    private Plate() {}

    /** A plate at room temperature, with a heater along its upper edge that is hottest in the middle. */
    static void make(int rows, int columns, Path file) throws IOException {
        double[][] plate = new double[rows][columns];
        for (double[] row : plate) {
            Arrays.fill(row, ROOM);
        }
        for (int j = 0; j < columns; j++) {
            plate[0][j] = ROOM + (HEATER - ROOM) * (Math.min(j, columns - 1 - j) / (0.5 * (columns - 1)));
        }
        ByteBuffer bytes = ByteBuffer.allocate(8 + 8 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(rows).putInt(columns);
        bytes.put(bytes(plate));
        Files.write(file, bytes.array());
    }

    static double[][] read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        double[][] plate = new double[bytes.getInt()][bytes.getInt()];
        for (double[] row : plate) {
            for (int j = 0; j < row.length; j++) {
                row[j] = bytes.getDouble();
            }
        }
        return plate;
    }

    /** Puts the rows of all ranks between the upper and the lower edge. */
    static double[][] join(double[][] before, List<double[][]> parts) {
        return Stream.of(
                        Stream.of(before[0]),
                        parts.stream().flatMap(Arrays::stream),
                        Stream.of(before[before.length - 1]))
                .flatMap(rows -> rows)
                .toArray(double[][]::new);
    }

    /** The same steps without MPI. */
    static double[][] sequential(double[][] before, double k, int steps) {
        double[][] old = Arrays.stream(before).map(double[]::clone).toArray(double[][]::new);
        double[][] next = Arrays.stream(before).map(double[]::clone).toArray(double[][]::new);
        double change = 2 * HeatSolver.STEADY;
        for (int done = 1; done <= steps && (done % HeatSolver.LOOK != 1 || change >= HeatSolver.STEADY); done++) {
            change = HeatSolver.step(old, next, k);
            double[][] swapped = old;
            old = next;
            next = swapped;
        }
        return old;
    }

    /** How many numbers of the two plates are not the same, bit by bit. */
    static int differences(double[][] one, double[][] other) {
        ByteBuffer mine = ByteBuffer.wrap(bytes(one));
        ByteBuffer yours = ByteBuffer.wrap(bytes(other));
        int different = Math.abs(mine.remaining() - yours.remaining()) / 8;
        while (mine.hasRemaining() && yours.hasRemaining()) {
            different += mine.getLong() == yours.getLong() ? 0 : 1;
        }
        return different;
    }

    /** What is worth knowing of a plate: mean temperature, how much of it is above 50 degrees, and a check sum of all bits. */
    static String describe(double[][] plate) {
        double[] all = Arrays.stream(plate).flatMapToDouble(Arrays::stream).toArray();
        double sum = 0;
        int hot = 0;
        for (double cell : all) {
            sum += cell;
            hot += cell > 50 ? 1 : 0;
        }
        CRC32 crc = new CRC32();
        crc.update(bytes(plate));
        return String.format(
                Locale.ROOT,
                "mean %.3f C, %.2f %% above 50 C, check sum %08x",
                sum / all.length,
                100.0 * hot / all.length,
                crc.getValue());
    }

    /** A picture in the format PGM: black is 0 degrees, white is 100. */
    static void draw(double[][] plate, Path picture) throws IOException {
        try (OutputStream file = Files.newOutputStream(picture);
                DataOutputStream out = new DataOutputStream(file)) {
            out.write(("P5 " + plate[0].length + " " + plate.length + " 255\n").getBytes(StandardCharsets.US_ASCII));
            for (double[] row : plate) {
                byte[] line = new byte[row.length];
                for (int j = 0; j < row.length; j++) {
                    line[j] = (byte) (row[j] * 2.55);
                }
                out.write(line);
            }
        }
    }

    private static byte[] bytes(double[][] plate) {
        ByteBuffer bytes =
                ByteBuffer.allocate(8 * plate.length * plate[0].length).order(ByteOrder.LITTLE_ENDIAN);
        for (double[] row : plate) {
            bytes.asDoubleBuffer().put(row);
            bytes.position(bytes.position() + 8 * row.length);
        }
        return bytes.array();
    }
}
