package io.colla.tracing.paraver.views;

import io.colla.tracing.EventTypes;
import org.jspecify.annotations.Nullable;

/**
 * A window of a view: rows over time.
 *
 * @param name as its title says
 * @param events the type of the events that are looked at; 0: none, states or communications
 * @param thread Paraver's function that makes a thread's value
 * @param composed Paraver's function of that value: {@code As Is}, {@code Sign}, {@code Stacked Val}
 * @param level what a row is; values of its threads are added
 * @param colours how values are drawn
 * @param messages which communications are drawn as lines and counted
 * @param derived how it comes from two windows before it; null: from the trace
 */
record Timeline(
        String name,
        int events,
        String thread,
        String composed,
        Level level,
        Colours colours,
        Messages messages,
        @Nullable Derived derived) {
    static final String LAST_VALUE = "Last Evt Val";
    static final String AS_IS = "As Is";
    static final String SIGN = "Sign";
    static final String STACKED = "Stacked Val";

    /** How a window draws values. */
    enum Colours {
        /** A colour for each value, as the labels of the .pcf have it. */
        CODE("true", "window_in_code_mode"),
        /** From light to dark; nothing where the value is 0. */
        GRADIENT("true", "window_in_null_gradient_mode"),
        /** A curve. */
        CURVE("false", "window_in_null_gradient_mode");

        private final String coloured;
        private final String mode;

        Colours(String coloured, String mode) {
            this.coloured = coloured;
            this.mode = mode;
        }
    }

    /** Which of a trace's communications a window has. Dependencies are communications without bytes. */
    enum Messages {
        NONE("All"),
        TRANSFERS(">"),
        DEPENDENCIES("=");

        /** Paraver's function that compares the size with 0. */
        private final String size;

        Messages(String size) {
            this.size = size;
        }
    }

    /**
     * Comes from two windows.
     *
     * @param operation Paraver's name of it
     * @param first number of a window in the view, from 1, like {@code second}
     */
    record Derived(String operation, int first, int second) {}

    /** The value of events of a type, by thread. */
    static Timeline events(String name, int type) {
        return new Timeline(name, type, LAST_VALUE, AS_IS, Level.THREAD, Colours.CODE, Messages.NONE, null);
    }

    /** What comes of two windows before this one. */
    static Timeline derived(String name, String operation, int first, int second) {
        return new Timeline(
                name, 0, "", AS_IS, Level.THREAD, Colours.CODE, Messages.NONE, new Derived(operation, first, second));
    }

    Timeline thread(String function) {
        return new Timeline(name, events, function, composed, level, colours, messages, derived);
    }

    Timeline composed(String function) {
        return new Timeline(name, events, thread, function, level, colours, messages, derived);
    }

    Timeline at(Level rows, Colours drawn) {
        return new Timeline(name, events, thread, composed, rows, drawn, messages, derived);
    }

    Timeline with(Messages drawn) {
        return new Timeline(name, events, thread, composed, level, colours, drawn, derived);
    }

    /** @param shown whether it is opened, and not only there for others */
    void write(int number, boolean shown, StringBuilder out) {
        String rule = "#".repeat(80);
        line(out, rule);
        line(out, "< NEW DISPLAYING WINDOW " + name + " >");
        line(out, rule);
        line(out, "window_name " + name);
        line(out, "window_type " + (derived == null ? "single" : "composed"));
        line(out, "window_id " + number);
        if (derived != null) {
            line(out, "window_factors 1.0 1.0");
            line(out, "window_operation " + derived.operation());
            line(out, "window_identifiers " + derived.first() + " " + derived.second());
        }
        place(number, out);
        line(out, "window_comm_lines_enabled " + (messages != Messages.NONE));
        line(out, "window_flags_enabled false");
        line(out, "window_noncolor_mode " + colours.coloured);
        line(out, "window_color_mode " + colours.mode);
        if (derived == null) {
            line(out, "window_logical_filtered true");
            line(out, "window_physical_filtered false");
            line(out, "window_comm_fromto true");
            line(out, "window_comm_tagsize true");
            line(out, "window_comm_typeval true");
        }
        line(out, "window_units Microseconds");
        line(out, "window_maximum_y 1.0");
        line(out, "window_minimum_y 0.0");
        line(out, "window_compute_y_max true");
        line(out, "window_level " + level.word);
        line(out, "window_scale_relative 1.0");
        line(out, "window_end_time_relative 1.0");
        line(out, "window_begin_time_relative 0.0");
        line(out, "window_open " + shown);
        line(out, "window_drawmode 1");
        line(out, "window_drawmode_rows 1");
        line(out, "window_pixel_size 1");
        line(out, "window_labels_to_draw 1");
        functions(out);
        filter(out);
        line(out, "");
    }

    private static void place(int number, StringBuilder out) {
        int step = 30 * number;
        line(out, "window_position_x " + (60 + step));
        line(out, "window_position_y " + (60 + step));
        line(out, "window_width 900");
        line(out, "window_height 300");
    }

    private void functions(StringBuilder out) {
        String above = "{appl, Adding}, {task, Adding}, ";
        String beside = "{node, Adding}, {system, Adding}, {workload, Adding}";
        if (derived != null) {
            line(out, "window_selected_functions { 5, { " + above + beside + " } }");
        } else {
            line(
                    out,
                    "window_selected_functions { 14, { {cpu, Active Thd}, " + above + "{thread, " + thread + "}, "
                            + beside + ", {from_obj, All}, {to_obj, All}, {tag_msg, All}, {size_msg, " + messages.size
                            + "}, "
                            + "{bw_msg, All}, {evt_type, " + (events == 0 ? "None" : "=") + "}, {evt_value, All} } }");
        }
        line(
                out,
                "window_compose_functions { 9, { {compose_cpu, As Is}, {compose_appl, As Is}, {compose_task, As Is}, "
                        + "{compose_thread, " + composed + "}, {compose_node, As Is}, {compose_system, As Is}, "
                        + "{compose_workload, As Is}, {topcompose1, As Is}, {topcompose2, As Is} } }");
    }

    private void filter(StringBuilder out) {
        if (messages != Messages.NONE) {
            line(out, "window_filter_module size_msg 1 0");
        }
        if (events != 0) {
            line(out, "window_filter_module evt_type 1 " + events);
            line(
                    out,
                    "window_filter_module evt_type_label 1 \""
                            + EventTypes.of(events).label() + '"');
        }
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append('\n');
    }
}
