package io.colla.tracing.graph;

import io.colla.tracing.graph.Picture.Kind;
import io.colla.tracing.graph.Picture.Mark;
import io.colla.tracing.graph.Picture.Node;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Draws a graph as SVG, for any browser: what needs something is below it. */
final class SvgWriter {
    private static final int TOP = 56;
    private static final int LINE = 20;
    private static final double RADIUS = 15;
    private static final double BOX = 26;
    /** Of edges, up to which each has its label written; in tooltips all have. */
    private static final int MOST_LABELS = 120;

    private static final int LEAST_WIDTH = 420;
    private static final double LETTER = 7.2;

    private final Picture picture;
    private final Layout layout;
    private final StringBuilder out = new StringBuilder();
    private final Set<Mark> marks = EnumSet.noneOf(Mark.class);

    private SvgWriter(Picture picture) {
        this.picture = picture;
        this.layout = Layout.of(picture);
    }

    /**
     * @param title what graph it is
     * @param note a sentence under it; may be empty
     */
    static String text(Picture picture, String title, String note) {
        return new SvgWriter(picture).draw(title, note);
    }

    private String draw(String title, String note) {
        for (int i = 0; i < picture.edges(); i++) {
            edge(i);
        }
        for (int i = 0; i < picture.nodes(); i++) {
            node(i);
        }
        double below = TOP + layout.height();
        double legend = legend(below);
        double longest = Math.max(title.length() * LETTER * 1.3, note.length() * LETTER) + 32;
        double width = Math.max(Math.max(LEAST_WIDTH, longest), Math.max(layout.width(), longestFunction()));
        String head = String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
                        + "<path d=\"M0 0L8 4L0 8z\" fill=\"#777\"/></marker></defs>%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n"
                        + "<text x=\"16\" y=\"24\" font-size=\"16\" font-weight=\"bold\">%s</text>%n<text x=\"16\" y=\"44\" fill=\"#555\">%s</text>%n",
                width,
                below + legend,
                escaped(title),
                escaped(note));
        return head + out + "</svg>\n";
    }

    private double longestFunction() {
        return picture.functions().stream()
                .mapToDouble(name -> name.length() * LETTER + 60)
                .max()
                .orElse(0);
    }

    private void edge(int edge) {
        double[] points = layout.points(edge);
        int last = points.length - 2;
        double endY =
                points[last + 1] + TOP - (points[last + 1] > points[1] ? half(picture.node(picture.to(edge))) + 1 : 0);
        StringBuilder path = new StringBuilder(format("M%.1f %.1f", points[0], points[1] + TOP));
        if (points[last + 1] <= points[1]) {
            loop(points, path);
        } else {
            for (int i = 2; i <= last; i += 2) {
                double fromY = points[i - 1] + TOP;
                double y = i == last ? endY : points[i + 1] + TOP;
                double bend = (y - fromY) / 2;
                path.append(format(
                        "C%.1f %.1f,%.1f %.1f,%.1f %.1f",
                        points[i - 2], fromY + bend, points[i], y - bend, points[i], y));
            }
        }
        String label = picture.label(edge);
        out.append("<path d=\"")
                .append(path)
                .append("\" fill=\"none\" stroke=\"#999\" marker-end=\"url(#arrow)\"")
                .append(label.isEmpty() ? " stroke-dasharray=\"4 3\"" : "")
                .append("><title>")
                .append(escaped(title(edge, label)))
                .append("</title></path>\n");
        if (!label.isEmpty() && picture.edges() <= MOST_LABELS) {
            double fromX = points[last - 2];
            double fromY = points[last - 1] + TOP;
            out.append(format(
                    "<text x=\"%.1f\" y=\"%.1f\" font-size=\"9\" fill=\"#666\" text-anchor=\"middle\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\">%s</text>%n",
                    fromX + (points[last] - fromX) * 0.58, fromY + (endY - fromY) * 0.58, escaped(label)));
        }
    }

    /** Back to a row above, or in the same: beside the nodes. */
    private static void loop(double[] points, StringBuilder path) {
        int last = points.length - 2;
        double aside = Math.max(points[0], points[last]) + 90;
        path.append(format(
                "C%.1f %.1f,%.1f %.1f,%.1f %.1f",
                aside, points[1] + TOP, aside, points[last + 1] + TOP, points[last] + RADIUS, points[last + 1] + TOP));
    }

    private String title(int edge, String label) {
        String ends = picture.node(picture.from(edge)).label() + " to "
                + picture.node(picture.to(edge)).label();
        return label.isEmpty() ? ends : label + ", " + ends;
    }

    private static double half(Node node) {
        return node.kind() == Kind.TASK ? RADIUS : BOX / 2;
    }

    private void node(int index) {
        Node node = picture.node(index);
        double x = layout.x(index);
        double y = layout.y(index) + TOP;
        marks.add(node.mark());
        out.append("<g><title>").append(escaped(node.title())).append("</title>");
        String text = "#ffffff";
        if (node.function() < 0) {
            boolean wait = node.kind() != Kind.TOGETHER;
            text = wait ? text : "#000000";
            octagon(x, y, Layout.width(node) / 2, wait ? "#444444" : "#dddddd");
        } else {
            String colour = Colours.of(node.function());
            boolean ran = node.mark() == Mark.DONE || node.mark() == Mark.FAILED;
            text = ran ? Colours.on(colour) : "#000000";
            shape(node, x, y, look(node.mark(), colour));
        }
        out.append(format(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" fill=\"%s\" font-size=\"%d\">%s</text></g>%n",
                x, y + 4, text, node.label().length() > 4 && node.kind() == Kind.TASK ? 9 : 11, escaped(node.label())));
    }

    private static String look(Mark mark, String colour) {
        return switch (mark) {
            case DONE -> "fill=\"" + colour + "\" stroke=\"#00000033\"";
            case FAILED -> "fill=\"" + colour + "\" stroke=\"#d00000\" stroke-width=\"4\"";
            case CANCELLED -> "fill=\"#fff\" stroke=\"" + colour + "\" stroke-width=\"2\" stroke-dasharray=\"5 3\"";
            case UNFINISHED -> "fill=\"#fff\" stroke=\"" + colour + "\" stroke-width=\"2\" stroke-dasharray=\"1 3\"";
        };
    }

    private void shape(Node node, double x, double y, String look) {
        if (node.kind() == Kind.TASK) {
            out.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\" %s/>", x, y, RADIUS, look));
        } else {
            double width = Layout.width(node);
            out.append(format(
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\" rx=\"6\" %s/>",
                    x - width / 2, y - BOX / 2, width, BOX, look));
        }
    }

    private void octagon(double x, double y, double half, String fill) {
        double cut = 8;
        double high = BOX / 2;
        out.append(format(
                "<path d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fz\" fill=\"%s\"/>",
                x - half + cut,
                y - high,
                x + half - cut,
                y - high,
                x + half,
                y - high + cut,
                x + half,
                y + high - cut,
                x + half - cut,
                y + high,
                x - half + cut,
                y + high,
                x - half,
                y + high - cut,
                x - half,
                y - high + cut,
                fill));
    }

    /** @return its height */
    private double legend(double from) {
        double y = from + 10;
        List<String> functions = picture.functions();
        for (int i = 0; i < functions.size(); i++) {
            entry(y, look(Mark.DONE, Colours.of(i)), functions.get(i));
            y += LINE;
        }
        for (Mark mark : marks) {
            if (mark != Mark.DONE) {
                entry(y, look(mark, "#888888"), sentence(mark));
                y += LINE;
            }
        }
        return y - from + 8;
    }

    private static String sentence(Mark mark) {
        return switch (mark) {
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
            default -> "not over when the run ended";
        };
    }

    private void entry(double y, String look, String text) {
        out.append(format(
                "<circle cx=\"24\" cy=\"%.1f\" r=\"7\" %s/><text x=\"40\" y=\"%.1f\">%s</text>%n",
                y + 4, look, y + 8, escaped(text)));
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replaceAll("\\p{Cntrl}", " ");
    }
}
