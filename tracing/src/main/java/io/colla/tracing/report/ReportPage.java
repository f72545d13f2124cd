package io.colla.tracing.report;

import io.colla.tracing.paraver.PrvReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A report as one page for a browser, with a timeline of all tasks. It needs nothing else: no network, no other file. */
public final class ReportPage {
    private static final int TRANSFER_BYTES = 12;

    private ReportPage() {}

    /** Writes maps and lists as JSON. */
    public interface Json {
        String of(@Nullable Object value);
    }

    /**
     * Writes the page.
     *
     * @throws IOException if it cannot be written
     */
    public static void write(Reports.Made made, Json json, Writer out) throws IOException {
        write(made, json, Segments.MOST, out);
    }

    static void write(Reports.Made made, Json json, int most, Writer out) throws IOException {
        Analysis read = made.timeline().read();
        PrvReader trace = read.trace();
        Segments segments = new Segments(
                read.tasks(),
                trace.rows(),
                made.report().elapsed(),
                made.timeline().path(),
                most);
        String page = resource("page.html");
        int from = 0;
        for (int open = page.indexOf("{{"); open >= 0; open = page.indexOf("{{", from)) {
            int close = page.indexOf("}}", open);
            out.write(page, from, open - from);
            switch (page.substring(open + 2, close)) {
                case "title" -> out.write(text(made.report().name()));
                case "style" -> out.write(resource("page.css"));
                case "script" -> out.write(resource("page.js"));
                case "report" -> out.write(embedded(json.of(ReportJson.of(made.report()))));
                case "timeline" -> out.write(embedded(json.of(timeline(read, segments))));
                case "segments" -> out.write(segments.base64());
                case "transfers" -> out.write(transfers(read, segments.unit()));
                default -> throw new IllegalStateException("page.html has an unknown " + page.substring(open, close));
            }
            from = close + 2;
        }
        out.write(page, from, page.length() - from);
    }

    private static Map<String, @Nullable Object> timeline(Analysis read, Segments segments) {
        PrvReader trace = read.trace();
        List<Object> rows = new ArrayList<>();
        int[] shown = segments.shownRows();
        for (int row = 0; row < shown.length; row++) {
            if (shown[row] >= 0) {
                rows.add(ReportJson.map("name", trace.name(row), "node", trace.node(row) - 1));
            }
        }
        return ReportJson.map(
                "unit_ns",
                segments.unit(),
                "exact",
                segments.exact(),
                "segments",
                segments.size(),
                "rows",
                rows,
                "nodes",
                trace.machine().nodes().stream().map(node -> node.name()).toList(),
                "functions",
                read.functions().stream().map(function -> function.name).toList(),
                "transfers",
                read.shownTransferCount(),
                "running",
                curve(read.sweep().running()),
                "ready",
                read.sweep().readyKnown() ? curve(read.sweep().ready()) : null);
    }

    private static Map<String, @Nullable Object> curve(Curve curve) {
        StringBuilder values = new StringBuilder();
        for (double mean : curve.means()) {
            values.append(values.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%.3g", mean));
        }
        return ReportJson.map("step_ns", curve.width(), "means", values.toString());
    }

    /** For each: when it left and how long it took in steps of time, from, to (2 bytes each). */
    private static String transfers(Analysis read, long unit) {
        int count = read.shownTransferCount();
        Column fields = read.shownTransfers();
        ByteBuffer bytes = ByteBuffer.allocate(count * TRANSFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int at = i * Analysis.TRANSFER_FIELDS;
            long nodes = fields.get(at);
            bytes.putInt((int) (fields.get(at + 1) / unit));
            bytes.putInt((int) (Math.max(0, fields.get(at + 2) - fields.get(at + 1)) / unit));
            bytes.putShort((short) ((nodes >>> 32) - 1));
            bytes.putShort((short) (nodes - 1));
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static String text(String plain) {
        return plain.replace("&", "&amp;").replace("<", "&lt;");
    }

    /** JSON inside of a page: nothing in it ends the element that it stands in. */
    private static String embedded(String json) {
        return json.replace("<", "\\u003c");
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in this installation");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
