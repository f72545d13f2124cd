package io.colla.tracing.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the nodes of a picture are, row by row: in each in the order that lets few edges cross, as far as averages of neighbours find it, and above each other where there is room. Edges over several
 * rows have a bend in each.
 */
final class Layout {
    static final double ROW = 72;
    private static final int SWEEPS = 8;
    private static final double GAP = 12;
    private static final double BEND = 8;
    /** Above that, edges over several rows are straight. */
    private static final int MOST_BENDS = 20_000;

    /** A node or a bend. */
    private static final class Spot {
        final int row;
        final double width;
        final List<Spot> above = new ArrayList<>();
        final List<Spot> below = new ArrayList<>();
        double x;
        double wanted;

        Spot(int row, double width) {
            this.row = row;
            this.width = width;
        }
    }

    private final Picture picture;
    private final int[] rows;
    private final List<List<Spot>> spots = new ArrayList<>();
    private final Spot[] nodes;
    private final List<List<Spot>> edges = new ArrayList<>();

    private Layout(Picture picture) {
        this.picture = picture;
        this.rows = picture.rows();
        this.nodes = new Spot[rows.length];
    }

    static Layout of(Picture picture) {
        Layout layout = new Layout(picture);
        layout.place();
        return layout;
    }

    /** Width of a node. */
    static double width(Picture.Node node) {
        return node.kind() == Picture.Kind.TASK ? 32 : Math.max(36, node.label().length() * 6.8 + 18);
    }

    double x(int node) {
        return nodes[node].x;
    }

    double y(int node) {
        return ROW / 2 + rows[node] * ROW;
    }

    /** The points of an edge, x and y in turns. */
    double[] points(int edge) {
        List<Spot> all = edges.get(edge);
        double[] points = new double[all.size() * 2];
        for (int i = 0; i < all.size(); i++) {
            points[2 * i] = all.get(i).x;
            points[2 * i + 1] = ROW / 2 + all.get(i).row * ROW;
        }
        return points;
    }

    double width() {
        return Arrays.stream(nodes)
                        .mapToDouble(spot -> spot.x + spot.width / 2)
                        .max()
                        .orElse(0)
                + GAP;
    }

    double height() {
        return spots.size() * ROW;
    }

    private void place() {
        for (int i = 0; i < rows.length; i++) {
            nodes[i] = add(rows[i], width(picture.node(i)));
        }
        connect();
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean down = sweep % 2 == 0;
            for (int i = 0; i < spots.size(); i++) {
                sort(spots.get(down ? i : spots.size() - 1 - i), down);
            }
        }
        spots.forEach(Layout::pack);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean down = sweep % 2 == 0;
            for (int i = 0; i < spots.size(); i++) {
                move(spots.get(down ? i : spots.size() - 1 - i), down);
            }
        }
        double left = spots.stream()
                .flatMap(List::stream)
                .mapToDouble(spot -> spot.x - spot.width / 2)
                .min()
                .orElse(0);
        spots.forEach(row -> row.forEach(spot -> spot.x += GAP - left));
    }

    private Spot add(int row, double width) {
        while (spots.size() <= row) {
            spots.add(new ArrayList<>());
        }
        Spot spot = new Spot(row, width);
        spots.get(row).add(spot);
        return spot;
    }

    /** Edges over several rows that begin at one task share their bends, and those that end at a wait share theirs. */
    private void connect() {
        Map<Long, Spot> bends = new HashMap<>();
        for (int i = 0; i < picture.edges(); i++) {
            Spot from = nodes[picture.from(i)];
            Spot to = nodes[picture.to(i)];
            boolean toWait = picture.node(picture.to(i)).function() < 0;
            long shared = toWait ? picture.to(i) + (1L << 31) : picture.from(i);
            List<Spot> path = new ArrayList<>(List.of(from));
            Spot last = from;
            for (int row = from.row + 1; row < to.row && bends.size() < MOST_BENDS; row++) {
                int bendsRow = row;
                Spot bend = bends.computeIfAbsent(shared << 31 | row, b -> add(bendsRow, BEND));
                join(last, bend);
                path.add(bend);
                last = bend;
            }
            if (to.row > from.row) {
                join(last, to);
            }
            path.add(to);
            edges.add(path);
        }
    }

    private static void join(Spot upper, Spot lower) {
        if (!upper.below.contains(lower)) {
            upper.below.add(lower);
            lower.above.add(upper);
        }
    }

    /** Orders a row by the middle of the neighbours on one side; those without stay where they are. */
    private static void sort(List<Spot> row, boolean byAbove) {
        for (int i = 0; i < row.size(); i++) {
            Spot spot = row.get(i);
            List<Spot> neighbours = byAbove ? spot.above : spot.below;
            spot.wanted = neighbours.isEmpty() ? spot.x : mean(neighbours);
        }
        row.sort(Comparator.comparingDouble(spot -> spot.wanted));
        // Places in the row, from -1 to 1, so that rows of different length compare.
        for (int i = 0; i < row.size(); i++) {
            row.get(i).x = row.size() == 1 ? 0 : 2.0 * i / (row.size() - 1) - 1;
        }
    }

    private static double mean(List<Spot> all) {
        double sum = 0;
        for (Spot spot : all) {
            sum += spot.x;
        }
        return sum / all.size();
    }

    private static void pack(List<Spot> row) {
        double whole = row.stream().mapToDouble(spot -> spot.width + GAP).sum();
        double at = -whole / 2;
        for (Spot spot : row) {
            spot.x = at + (spot.width + GAP) / 2;
            at += spot.width + GAP;
        }
    }

    /** Moves a row's spots as near to their neighbours on one side as their order and widths allow: the least squares of the distances. */
    private static void move(List<Spot> row, boolean toAbove) {
        int count = row.size();
        double[] offsets = new double[count];
        double[] sums = new double[count];
        int[] lengths = new int[count];
        int blocks = 0;
        for (int i = 0; i < count; i++) {
            Spot spot = row.get(i);
            List<Spot> neighbours = toAbove ? spot.above : spot.below;
            offsets[i] = i == 0 ? 0 : offsets[i - 1] + (row.get(i - 1).width + spot.width) / 2 + GAP;
            sums[blocks] = (neighbours.isEmpty() ? spot.x : mean(neighbours)) - offsets[i];
            lengths[blocks++] = 1;
            // Those that would be too near move as one.
            while (blocks > 1 && sums[blocks - 2] / lengths[blocks - 2] > sums[blocks - 1] / lengths[blocks - 1]) {
                sums[blocks - 2] += sums[blocks - 1];
                lengths[blocks - 2] += lengths[blocks - 1];
                blocks--;
            }
        }
        int next = 0;
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < lengths[block]; i++) {
                row.get(next).x = sums[block] / lengths[block] + offsets[next];
                next++;
            }
        }
    }
}
