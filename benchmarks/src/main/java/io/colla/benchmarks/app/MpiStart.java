package io.colla.benchmarks.app;

import io.colla.api.BinaryTask;
import io.colla.api.Colla;
import io.colla.api.Ranks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Start of an MPI task beside the same mpirun by hand, in turns: {@code ROUNDS RANKS PER_NODE PROGRAM HOSTS}. Hosts are what {@code mpirun -host} takes; {@code -} for this
 * machine. By hand, mpirun starts its daemons as the place lets it: by srun in a job of Slurm, else by ssh.
 */
public final class MpiStart {
    private MpiStart() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(args[0]);
        int ranks = Integer.parseInt(args[1]);
        String program = args[3];
        BinaryTask task = BinaryTask.of(program).ranks(Ranks.of(ranks).perNode(Integer.parseInt(args[2])));
        List<String> byHand = byHand(args);
        List<Double> tasks = new ArrayList<>();
        List<Double> hands = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        try (Colla colla = Colla.start()) {
            for (int round = -2; round < rounds; round++) { // the first two warm up
                double hand = byHand(byHand);
                long start = System.nanoTime();
                colla.exec(task).get();
                double ours = (System.nanoTime() - start) / 1e6;
                if (round >= 0) {
                    tasks.add(ours);
                    hands.add(hand);
                    ratios.add(ours / hand);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d ranks: task %.0f ms, mpirun by hand %.0f ms, ratio %.2f (medians of %d pairs; ratios %.2f to %.2f)%n",
                ranks,
                median(tasks),
                median(hands),
                median(ratios),
                rounds,
                Collections.min(ratios),
                Collections.max(ratios));
    }

    private static List<String> byHand(String[] args) {
        List<String> words = new ArrayList<>(List.of("mpirun"));
        if (!args[4].equals("-")) {
            words.addAll(List.of("-host", args[4]));
        }
        words.addAll(List.of("--map-by", "slot", "--bind-to", "none", "-np", args[1], args[3]));
        words.addAll(Arrays.asList(args).subList(5, args.length));
        return words;
    }

    private static double byHand(List<String> command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with code " + code);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
