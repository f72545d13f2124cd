package io.colla.examples.hmmer;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The result of a search for people: hits per family and the best of each. */
record Report(PrintStream out) {
    /** HMMER's own threshold for counting a hit as a member of the family. */
    private static final double SIGNIFICANT = 0.01;

    private static final String ROW = "%-14s %6s %12s   %-28s %10s%n";

    void print(Settings settings, List<Hit> hits, int sequences, double seconds) {
        out.printf(ROW, "family", "hits", "significant", "best hit", "E-value");
        Map<String, List<Hit>> families =
                hits.stream().collect(Collectors.groupingBy(Hit::family, TreeMap::new, Collectors.toList()));
        families.forEach((family, members) -> {
            Hit best = members.get(0);
            long significant =
                    members.stream().filter(hit -> hit.evalue() <= SIGNIFICANT).count();
            out.printf(
                    ROW,
                    family,
                    members.size(),
                    significant,
                    best.target(),
                    best.columns().get(4));
        });
        out.printf(
                Locale.ROOT,
                "%d hits in %d sequences, %d searches: %.2f s; all hits are in %s%n",
                hits.size(),
                sequences,
                settings.profiles().size() * settings.chunks(),
                seconds,
                settings.out());
    }
}
