package io.colla.tracing.paraver.views;

/**
 * A table of a view: a row for each row of the windows, a column for each value (or range of values) of the control window.
 *
 * @param name as its title says
 * @param control number of the window whose value chooses the column, from 1
 * @param data number of the window that the statistic is of
 * @param statistic Paraver's name of what a cell says
 * @param accumulator {@code Semantic}, or the level of the rows for statistics of communications
 */
record Histogram(String name, int control, int data, String statistic, String accumulator) {
    static final String SEMANTIC = "Semantic";
    static final String APPLICATION = "Application";
    static final String PERCENT_OF_TIME = "% Time";
    static final String BURSTS = "# Bursts";
    static final String BYTES_SENT = "Bytes sent";

    void write(StringBuilder out) {
        out.append("< NEW ANALYZER2D >\n");
        property(out, "Name", name);
        property(out, "X", "120");
        property(out, "Y", "120");
        property(out, "Width", "900");
        property(out, "Height", "400");
        property(out, "ControlWindow", control);
        property(out, "DataWindow", data);
        property(out, "Accumulator", accumulator);
        property(out, "Statistic", statistic);
        property(out, "CalculateAll", "True");
        property(out, "HideCols", "False");
        property(out, "HorizVert", "Horizontal");
        property(out, "Color", "True");
        property(out, "SemanticColor", "False");
        property(out, "Zoom", "Disabled");
        property(out, "SortCols", "False");
        property(out, "SortCriteria", "Average");
        property(out, "AnalysisLimits", "Alltrace");
        property(out, "ComputeYScale", "True");
        property(out, "Minimum", "0.0");
        property(out, "Maximum", "10.0");
        property(out, "Delta", "1.0");
        property(out, "ComputeGradient", "True");
        property(out, "MinimumGradient", "0.0");
        property(out, "MaximumGradient", "1.0");
        property(out, "PixelSize", "1");
        property(out, "CodeColor", "False");
        out.append('\n');
    }

    private static void property(StringBuilder out, String name, Object value) {
        out.append("Analyzer2D.").append(name).append(": ").append(value).append('\n');
    }
}
