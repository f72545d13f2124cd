package io.colla.tracing.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A graph with one node for many tasks: those of one function at one depth, or, where that is still too much, all of one function. */
final class Collapsed implements Picture {
    private final Picture of;
    private final boolean byDepth;
    private final Map<Long, Integer> places = new HashMap<>();
    private final List<Node> firsts = new ArrayList<>();
    /** By node: tasks, of them failed, cancelled, unfinished. */
    private final List<int[]> counts = new ArrayList<>();

    private final Map<Long, Integer> counted = new HashMap<>();
    private final Numbers froms = new Numbers();
    private final Numbers tos = new Numbers();
    private final Numbers times = new Numbers();
    private final Numbers rows = new Numbers();

    private Collapsed(Picture of, boolean byDepth) {
        this.of = of;
        this.byDepth = byDepth;
    }

    static Collapsed byDepth(Picture of) {
        return new Collapsed(of, true).make();
    }

    static Collapsed byFunction(Picture of) {
        return new Collapsed(of, false).make();
    }

    private Collapsed make() {
        int[] depths = of.rows();
        int[] place = new int[of.nodes()];
        for (int i = 0; i < place.length; i++) {
            Node node = of.node(i);
            place[i] = place(node, depths[i]);
            int[] count = counts.get(place[i]);
            count[0]++;
            if (node.mark() != Mark.DONE) {
                count[node.mark().ordinal()]++;
            }
        }
        for (int i = 0; i < of.edges(); i++) {
            int from = place[of.from(i)];
            int to = place[of.to(i)];
            if (from == to) {
                continue;
            }
            int edge = counted.computeIfAbsent((long) from << 32 | to, e -> {
                froms.add(from);
                tos.add(to);
                times.add(0);
                return froms.size() - 1;
            });
            times.set(edge, times.get(edge) + 1);
        }
        return this;
    }

    /** Those that are first called first are above, where depth does not say. */
    @Override
    public int[] rows() {
        int[] all = new int[firsts.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = byDepth ? rows.get(i) : i;
        }
        return all;
    }

    private int place(Node node, int depth) {
        // What is no task is one node for each depth, or one for all of the kind.
        long what = node.function() >= 0
                ? node.function()
                : of.functions().size() + node.kind().ordinal();
        long key = byDepth ? what << 32 | depth : what;
        return places.computeIfAbsent(key, k -> {
            firsts.add(node);
            counts.add(new int[Mark.values().length]);
            rows.add(depth);
            return firsts.size() - 1;
        });
    }

    @Override
    public List<String> functions() {
        return of.functions();
    }

    @Override
    public int nodes() {
        return firsts.size();
    }

    @Override
    public Node node(int index) {
        Node first = firsts.get(index);
        int[] count = counts.get(index);
        String many = count[0] == 1 ? "" : " x" + count[0];
        if (first.kind() != Kind.TASK) {
            return new Node(first.kind(), "n" + index, first.label() + many, -1, Mark.DONE, first.title() + many, -1);
        }
        String name = of.functions().get(first.function());
        StringBuilder title = new StringBuilder(name + many);
        Mark mark = Mark.DONE;
        for (Mark each : new Mark[] {Mark.UNFINISHED, Mark.CANCELLED, Mark.FAILED}) {
            if (count[each.ordinal()] > 0) {
                title.append(", ")
                        .append(count[each.ordinal()])
                        .append(' ')
                        .append(each.name().toLowerCase(Locale.ROOT));
                mark = each;
            }
        }
        String label = (name.length() > 24 ? name.substring(0, 22) + ".." : name) + many;
        return new Node(Kind.TASKS, "n" + index, label, first.function(), mark, title.toString(), -1);
    }

    @Override
    public int edges() {
        return froms.size();
    }

    @Override
    public int from(int edge) {
        return froms.get(edge);
    }

    @Override
    public int to(int edge) {
        return tos.get(edge);
    }

    @Override
    public String label(int edge) {
        return times.get(edge) == 1 ? "" : "x" + times.get(edge);
    }
}
