package io.colla.tracing.graph;

import java.util.Locale;

/** A colour for each function; the first ten are those of pycompss' notebooks. */
final class Colours {
    private static final String[] FIRST = {
        "#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#86bcb6"
    };
    /** Degrees between hues that never come close to those before. */
    private static final double GOLDEN_ANGLE = 137.508;

    private Colours() {}

    static String of(int function) {
        if (function < FIRST.length) {
            return FIRST[function];
        }
        double hue = function * GOLDEN_ANGLE % 360;
        double lightness = function % 2 == 0 ? 0.45 : 0.62;
        return rgb(hue, 0.5, lightness);
    }

    private static String rgb(double hue, double saturation, double lightness) {
        double chroma = (1 - Math.abs(2 * lightness - 1)) * saturation;
        return String.format(
                Locale.ROOT,
                "#%02x%02x%02x",
                part(hue, 0, chroma, lightness),
                part(hue, 240, chroma, lightness),
                part(hue, 120, chroma, lightness));
    }

    private static int part(double hue, double shift, double chroma, double lightness) {
        double sector = (hue + shift) % 360 / 60;
        double full = Math.max(0, Math.min(1, Math.abs(sector - 3) - 1));
        return (int) Math.round(255 * (lightness - chroma / 2 + chroma * full));
    }

    /** Black or white, whichever can be read on it. */
    static String on(String colour) {
        int rgb = Integer.parseInt(colour.substring(1), 16);
        double luminance = 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 255) + 0.114 * (rgb & 255);
        return luminance > 165 ? "#000000" : "#ffffff";
    }
}
