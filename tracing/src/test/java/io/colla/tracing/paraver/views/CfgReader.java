package io.colla.tracing.paraver.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a .cfg by the rules of paraver-kernel's reader, but takes nothing that it does not know: a property out of place, a function or statistic that Paraver does not have, a count that is
 * wrong. Paraver itself passes over many of these without a word and shows something else.
 */
final class CfgReader {
    private static final Set<String> BOTH = Set.of(
            "window_name",
            "window_type",
            "window_id",
            "window_position_x",
            "window_position_y",
            "window_width",
            "window_height",
            "window_comm_lines_enabled",
            "window_flags_enabled",
            "window_noncolor_mode",
            "window_color_mode",
            "window_units",
            "window_maximum_y",
            "window_minimum_y",
            "window_compute_y_max",
            "window_level",
            "window_scale_relative",
            "window_end_time_relative",
            "window_begin_time_relative",
            "window_open",
            "window_drawmode",
            "window_drawmode_rows",
            "window_pixel_size",
            "window_labels_to_draw",
            "window_selected_functions",
            "window_compose_functions");
    private static final Set<String> SINGLE = Set.of(
            "window_logical_filtered",
            "window_physical_filtered",
            "window_comm_fromto",
            "window_comm_tagsize",
            "window_comm_typeval",
            "window_filter_module");
    private static final Set<String> COMPOSED = Set.of("window_factors", "window_operation", "window_identifiers");
    private static final Set<String> TABLE = Set.of(
            "Name",
            "X",
            "Y",
            "Width",
            "Height",
            "ControlWindow",
            "DataWindow",
            "Accumulator",
            "Statistic",
            "CalculateAll",
            "HideCols",
            "HorizVert",
            "Color",
            "SemanticColor",
            "Zoom",
            "SortCols",
            "SortCriteria",
            "AnalysisLimits",
            "ComputeYScale",
            "Minimum",
            "Maximum",
            "Delta",
            "ComputeGradient",
            "MinimumGradient",
            "MaximumGradient",
            "PixelSize",
            "CodeColor");

    private static final Set<String> COMPOSE = Set.of(
            "As Is",
            "Sign",
            "1-Sign",
            "Mod",
            "Mod+1",
            "Div",
            "Prod",
            "Add",
            "Subs",
            "Select Range",
            "Is In Range",
            "Is Equal",
            "Is Equal (Sign)",
            "Stacked Val",
            "In Stacked Val",
            "Nesting level",
            "Delta",
            "Burst Time",
            "Join Bursts");
    private static final Set<String> ADDING =
            Set.of("Adding", "Adding Sign", "Average", "Maximum", "Minimum", "Activity", "In Activity", "Mode");
    private static final Set<String> FILTERS = Set.of("All", "!=", ">", "<", "=", "None", "[x,y]");
    private static final Map<String, Set<String>> FUNCTIONS = Map.ofEntries(
            Map.entry("cpu", Set.of("Active Thd", "Active Thd Sign", "Active Thd Val", "Active Thd Val Sign")),
            Map.entry("appl", ADDING),
            Map.entry("task", ADDING),
            Map.entry("node", ADDING),
            Map.entry("system", ADDING),
            Map.entry("workload", ADDING),
            Map.entry(
                    "thread",
                    Set.of(
                            "State As Is",
                            "Useful",
                            "State Sign",
                            "State Record Dur.",
                            "Last Evt Type",
                            "Last Evt Val",
                            "Last Evt Val w/o Bursts",
                            "Next Evt Type",
                            "Next Evt Val",
                            "Int. Between Evt",
                            "Last Tag",
                            "Comm Size",
                            "Send Bytes in Transit",
                            "Send Messages in Transit",
                            "Recv Bytes in Transit",
                            "Recv Messages in Transit")),
            Map.entry("from_obj", FILTERS),
            Map.entry("to_obj", FILTERS),
            Map.entry("tag_msg", FILTERS),
            Map.entry("size_msg", FILTERS),
            Map.entry("bw_msg", FILTERS),
            Map.entry("evt_type", FILTERS),
            Map.entry("evt_value", FILTERS),
            Map.entry("compose_cpu", COMPOSE),
            Map.entry("compose_appl", COMPOSE),
            Map.entry("compose_task", COMPOSE),
            Map.entry("compose_thread", COMPOSE),
            Map.entry("compose_node", COMPOSE),
            Map.entry("compose_system", COMPOSE),
            Map.entry("compose_workload", COMPOSE),
            Map.entry("topcompose1", COMPOSE),
            Map.entry("topcompose2", COMPOSE));
    private static final Set<String> OPERATIONS =
            Set.of("add", "product", "substract", "divide", "maximum", "minimum", "different");
    private static final Set<String> STATISTICS = Set.of(
            "Time",
            "% Time",
            "% Time Not Zero",
            "# Bursts",
            "% # Bursts",
            "Integral",
            "Average value",
            "Maximum",
            "Average Burst Time",
            "# Sends",
            "# Receives",
            "Bytes sent",
            "Bytes received");
    private static final Pattern LISTED =
            Pattern.compile("\\{ (\\d+), \\{ ((?:\\{[a-z_0-9]+, [^{}]+\\}(?:, | ))+)\\} \\}");
    private static final Pattern PAIR = Pattern.compile("\\{([a-z_0-9]+), ([^{}]+)\\}");
    private static final Pattern LABELS = Pattern.compile("evt_type_label (\\d+)((?: \"[^\"]+\")+)");

    /** Event types and their labels, of all windows. */
    final Map<Integer, String> types = new TreeMap<>();

    private final List<Map<String, String>> windows = new ArrayList<>();
    private Map<String, String> table = Map.of();
    private int announced = -1;

    private CfgReader() {}

    static CfgReader read(String text) {
        CfgReader reader = new CfgReader();
        assertThat(text).startsWith("#ParaverCFG\n").endsWith("\n").doesNotContain("\r");
        boolean described = false;
        for (String line : text.split("\n")) {
            if (line.equals("ConfigFile.BeginDescription") || line.equals("ConfigFile.EndDescription")) {
                described = line.endsWith("BeginDescription");
            } else if (!described && !line.isEmpty() && !line.startsWith("#")) {
                reader.line(line);
            } else if (described) {
                assertThat(line)
                        .as("a description must not look like a property")
                        .matches("[A-Z][^<{}\"]*\\.");
            }
        }
        assertThat(reader.windows).hasSize(reader.announced);
        reader.windows.forEach(reader::window);
        if (!reader.table.isEmpty()) {
            reader.table();
        }
        return reader;
    }

    private void line(String line) {
        int space = line.indexOf(' ');
        String tag = line.substring(0, space);
        String value = line.substring(space + 1);
        if (tag.equals("ConfigFile.Version:")) {
            assertThat(value).isEqualTo("3.4");
        } else if (tag.equals("ConfigFile.NumWindows:")) {
            announced = Integer.parseInt(value);
        } else if (line.equals("< NEW ANALYZER2D >")) {
            table = new TreeMap<>();
        } else if (line.startsWith("< NEW DISPLAYING WINDOW ")) {
            assertThat(table).as("windows come before tables").isEmpty();
            windows.add(new TreeMap<>());
        } else if (tag.startsWith("Analyzer2D.")) {
            String property = tag.substring("Analyzer2D.".length(), tag.length() - 1);
            assertThat(TABLE).contains(property);
            assertThat(table.put(property, value)).as(tag).isNull();
        } else {
            property(tag, value);
        }
    }

    private void property(String tag, String value) {
        Map<String, String> window = windows.get(windows.size() - 1);
        if (window.isEmpty()) {
            assertThat(tag).isEqualTo("window_name");
        } else if (window.size() == 1) {
            assertThat(tag).isEqualTo("window_type");
            assertThat(value).isIn("single", "composed");
        } else {
            boolean single = window.get("window_type").equals("single");
            assertThat(BOTH.contains(tag) || (single ? SINGLE : COMPOSED).contains(tag))
                    .as(tag)
                    .isTrue();
        }
        String key = tag.equals("window_filter_module") ? tag + " " + value.substring(0, value.indexOf(' ')) : tag;
        assertThat(window.put(key, value)).as(tag).isNull();
    }

    private void window(Map<String, String> window) {
        boolean single = window.get("window_type").equals("single");
        int number = windows.indexOf(window) + 1;
        assertThat(window.keySet()).containsAll(BOTH).containsAll(single ? Set.of("window_comm_fromto") : COMPOSED);
        assertThat(window.get("window_id")).isEqualTo("" + number);
        for (String property : List.of("window_open", "window_compute_y_max", "window_comm_lines_enabled")) {
            assertThat(window.get(property)).isIn("true", "false");
        }
        assertThat(window.get("window_level")).isIn("workload", "appl", "task", "thread");
        assertThat(window.get("window_units")).isIn("Nanoseconds", "Microseconds");
        Map<String, String> functions = listed(window.get("window_selected_functions"), single ? 14 : 5);
        listed(window.get("window_compose_functions"), 9);
        if (single) {
            filters(window, functions);
        } else {
            assertThat(OPERATIONS).contains(window.get("window_operation"));
            for (String of : window.get("window_identifiers").split(" ")) {
                assertThat(Integer.parseInt(of)).as("a window before it").isBetween(1, number - 1);
            }
        }
    }

    private static Map<String, String> listed(String value, int count) {
        Matcher whole = LISTED.matcher(value);
        assertThat(whole.matches()).as(value).isTrue();
        assertThat(whole.group(1)).isEqualTo("" + count);
        Map<String, String> found = new TreeMap<>();
        Matcher pair = PAIR.matcher(whole.group(2));
        while (pair.find()) {
            assertThat(FUNCTIONS.get(pair.group(1))).as(pair.group(1)).contains(pair.group(2));
            assertThat(found.put(pair.group(1), pair.group(2))).isNull();
        }
        assertThat(found).hasSize(count);
        return found;
    }

    private void filters(Map<String, String> window, Map<String, String> functions) {
        String type = window.get("window_filter_module evt_type");
        if (functions.get("evt_type").equals("None")) {
            assertThat(type).isNull();
        } else {
            assertThat(functions).containsEntry("evt_type", "=");
            assertThat(type).matches("evt_type 1 \\d+");
            Matcher labels = LABELS.matcher(window.get("window_filter_module evt_type_label"));
            assertThat(labels.matches()).isTrue();
            assertThat(labels.group(1)).isEqualTo("1");
            types.put(
                    Integer.valueOf(type.substring("evt_type 1 ".length())),
                    labels.group(2).strip().replace("\"", ""));
        }
        String size = window.get("window_filter_module size_msg");
        if (!functions.get("size_msg").equals("All")) {
            assertThat(size).isEqualTo("size_msg 1 0");
        }
    }

    private void table() {
        assertThat(table.keySet()).containsAll(Set.of("Name", "ControlWindow", "DataWindow", "Statistic"));
        assertThat(Integer.parseInt(table.get("ControlWindow"))).isBetween(1, windows.size());
        assertThat(Integer.parseInt(table.get("DataWindow"))).isBetween(1, windows.size());
        assertThat(STATISTICS).contains(table.get("Statistic"));
        assertThat(table.get("Accumulator")).isIn("Semantic", "Application", "Thread");
        assertThat(table.get("AnalysisLimits")).isIn("Alltrace", "Allwindow");
        assertThat(table.get("SortCriteria")).isIn("Average", "Total", "Maximum", "Minimum", "Stdev", "Avg/Max");
        for (String property : List.of("CalculateAll", "HideCols", "SortCols", "ComputeYScale", "ComputeGradient")) {
            assertThat(table.get(property)).isIn("True", "False");
        }
    }
}
