package io.colla.examples.hmmer;

import static io.colla.api.Args.all;
import static io.colla.api.Args.in;
import static io.colla.api.Args.out;
import static io.colla.api.Binding.bind;

import io.colla.api.BinaryTask;
import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.examples.CommandLine;
import io.colla.examples.Example;
import io.colla.examples.TreeReduction;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Searches sequences for members of protein families. A task splits the sequences into chunks, {@code hmmbuild} makes profiles of
 * alignments, {@code hmmsearch} searches each chunk with each profile on one or two cores, and a tree of tasks merges the tables of hits.
 * The size of the whole set is given to every search ({@code -Z}), so that E-values are the same as in one search of everything.
 */
public final class HmmerSearch {
    public static final Example EXAMPLE = new Example(
            "hmmer", Settings.USAGE, "Searches proteins for members of protein families with HMMER.", HmmerSearch::run);

    /** How many tables one task merges. */
    private static final int FAN_IN = 4;

    static final BinaryTask HMMBUILD = BinaryTask.of("hmmbuild", "--amino", "{{profile}}", "{{alignments}}")
            .name("hmmbuild");

    /** Without heuristic filters ({@code --max}), hence with all the sensitivity that the profiles have. */
    static final BinaryTask HMMSEARCH = BinaryTask.of("hmmsearch", "--max", "--noali", "--cpu", "{{task.cores}}")
            .args("-Z", "{{total}}", "--domZ", "{{total}}", "-o", "/dev/null", "--tblout", "{{hits}}")
            .args("{{profile}}", "{{chunk}}")
            .name("hmmsearch");

    private HmmerSearch() {}

    public static void main(String[] args) {
        EXAMPLE.main(args);
    }

    private static void run(CommandLine line, PrintStream out) throws Exception {
        Settings settings = Settings.of(line);
        long start = System.nanoTime();
        int sequences;
        try (Colla colla = Colla.start()) {
            sequences = search(colla, settings);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        List<Hit> hits = HitTable.read(settings.out());
        new Report(out).print(settings, hits, sequences, seconds);
        if (settings.verify()) {
            SequentialSearch.compare(settings, sequences, hits, out);
        }
    }

    /** Builds the graph and waits for it. Returns the number of sequences. */
    private static int search(Colla colla, Settings settings) {
        List<Data<Path>> sources =
                settings.sequences().stream().map(colla::file).toList();
        List<Data<Path>> chunks = IntStream.range(0, settings.chunks())
                .mapToObj(i -> colla.temporaryFile("chunk" + i + ".fasta"))
                .toList();
        Data<Integer> total = colla.call(Sequences::split, all(sources), in(settings.limit()), all(chunks));

        int mostCores = colla.resources().largestNodeCores();
        List<Data<Path>> tables = new ArrayList<>();
        for (Profile family : settings.profiles()) {
            Data<Path> profile = profile(colla, family);
            BinaryTask search = HMMSEARCH.cores(Math.min(family.cores(), mostCores));
            for (Data<Path> chunk : chunks) {
                Data<Path> hits = colla.temporaryFile(family.name() + ".tbl");
                colla.exec(
                        search,
                        bind("profile", profile),
                        bind("chunk", chunk),
                        bind("total", total),
                        bind("hits", out(hits)));
                tables.add(hits);
            }
        }

        Data<Path> merged =
                TreeReduction.of(tables, FAN_IN, group -> merge(colla, group, colla.temporaryFile("hits.tsv")));
        merge(colla, List.of(merged), colla.file(settings.out())).await();
        return total.get();
    }

    /** The family's profiles as a plain file. */
    private static Data<Path> profile(Colla colla, Profile family) {
        Data<Path> plain = colla.temporaryFile(family.name() + (family.alignments() ? ".sto" : ".hmm"));
        colla.run(Sequences::unpack, colla.file(family.file()), plain);
        if (!family.alignments()) {
            return plain;
        }
        Data<Path> built = colla.temporaryFile(family.name() + ".hmm");
        colla.exec(HMMBUILD, bind("alignments", plain), bind("profile", out(built)));
        return built;
    }

    private static Data<Path> merge(Colla colla, List<Data<Path>> tables, Data<Path> merged) {
        colla.run(HitTable::merge, all(tables), merged);
        return merged;
    }
}
