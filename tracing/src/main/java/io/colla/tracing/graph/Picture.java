package io.colla.tracing.graph;

import java.util.List;

/** What is drawn of a graph. Nodes are numbered from 0. What is returned is made when it is asked for, as graphs may be large. */
interface Picture {
    /** What a node stands for. */
    enum Kind {
        TASK,
        /** Several tasks. */
        TASKS,
        /** The main program waits for data. */
        SYNC,
        /** The main program waits for tasks. */
        BARRIER,
        /** What several tasks have made of a datum together. */
        TOGETHER
    }

    /** How a node's tasks ended. */
    enum Mark {
        DONE,
        FAILED,
        CANCELLED,
        /** Not at all, as the run ended before. */
        UNFINISHED
    }

    /**
     * A node.
     *
     * @param id its name in DOT
     * @param function that is called, by its place in {@link #functions}; -1 for none
     * @param title a sentence for those who look closer
     * @param group of the application; -1 for none
     */
    record Node(Kind kind, String id, String label, int function, Mark mark, String title, int group) {}

    /** The names of the functions. */
    List<String> functions();

    int nodes();

    Node node(int index);

    int edges();

    int from(int edge);

    int to(int edge);

    /** The version of a datum that makes the dependency, as {@code d1v2}; empty for an order without one. */
    String label(int edge);

    /** By node: in which row it is drawn, from 0. Edges lead to further rows, but where many nodes are drawn as one. */
    int[] rows();
}
