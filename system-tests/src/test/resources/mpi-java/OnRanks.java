import static io.colla.api.Args.in;
import static io.colla.api.Args.inout;
import static io.colla.api.TaskOptions.options;

import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.InOut;
import io.colla.api.Layout;
import io.colla.api.Ranks;
import io.colla.api.TaskFailedException;
import io.colla.api.TaskOptions;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import mpi.MPI;

/** Java methods on MPI ranks, as a user writes them: OnRanks COUNT sum|parts|fail|wait|big [FOLDER]. Compiled by the tests, when they have mpi.jar. */
public class OnRanks {
    static double[] sum(double factor) throws Exception {
        double[] value = {factor * (MPI.COMM_WORLD.getRank() + 1)};
        MPI.COMM_WORLD.allReduce(value, 1, MPI.DOUBLE, MPI.SUM);
        System.out.println("rank " + MPI.COMM_WORLD.getRank() + " has the sum");
        return value;
    }

    static String place(String prefix) throws Exception {
        String mask = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElseThrow();
        return prefix + MPI.COMM_WORLD.getRank() + "@" + InetAddress.getLocalHost().getHostName() + " "
                + mask.substring(mask.indexOf(':') + 1).strip();
    }

    static void square(@InOut int[] part) throws Exception {
        for (int i = 0; i < part.length; i++) {
            part[i] = part[i] * part[i] + 1000 * MPI.COMM_WORLD.getRank();
        }
    }

    static int fail(int which) throws Exception {
        if (MPI.COMM_WORLD.getRank() == which) {
            throw new IllegalStateException("rank " + which + " cannot go on");
        }
        MPI.COMM_WORLD.barrier();
        return which;
    }

    static int await(String folder) throws Exception {
        Files.writeString(Path.of(folder, "rank-" + MPI.COMM_WORLD.getRank()), "");
        Thread.sleep(600_000);
        return 0;
    }

    static long bytes(byte[] all, byte[] part) {
        return all.length + 1000L * part.length + all[all.length - 1] + part[part.length - 1];
    }

    public static void main(String[] args) {
        int count = Integer.parseInt(args[0]);
        TaskOptions once = options().retries(0).ranks(count);
        try (Colla colla = Colla.start()) {
            switch (args[1]) {
                case "sum" -> sum(colla, once, count);
                case "parts" -> parts(colla, once, count);
                case "fail" -> fail(colla, once, count);
                case "wait" -> colla.with(once).call(OnRanks::await, in(args[2])).get();
                case "big" -> big(colla, once, count);
                default -> throw new IllegalArgumentException(args[1]);
            }
        }
    }

    private static void sum(Colla colla, TaskOptions once, int count) {
        System.out.println("sum " + colla.with(once).call(OnRanks::sum, in(0.5)).get()[0]);
        TaskOptions all = once.ranks(Ranks.of(count).gathered());
        Ranks.results(colla.with(all).call(OnRanks::place, in("place "))).get().forEach(System.out::println);
    }

    private static void parts(Colla colla, TaskOptions once, int count) {
        int[] numbers = new int[2 * count];
        Arrays.setAll(numbers, i -> i);
        Data<int[]> data = colla.data(numbers);
        colla.with(once.ranks(Ranks.of(count).layout(0, Layout.blocks(2)))).run(OnRanks::square, inout(data));
        System.out.println("squares " + Arrays.toString(data.get()));
    }

    private static void fail(Colla colla, TaskOptions once, int count) {
        for (Iterator<Integer> ranks = List.of(0, count - 1).iterator(); ranks.hasNext(); ) {
            try {
                colla.with(once.onFailure(io.colla.api.FailurePolicy.CANCEL_SUCCESSORS))
                        .call(OnRanks::fail, in(ranks.next()))
                        .get();
            } catch (TaskFailedException e) {
                System.out.println(e.getMessage().lines().findFirst().orElse(""));
                System.out.println("cause " + e.getCause());
            }
        }
    }

    private static void big(Colla colla, TaskOptions once, int count) {
        byte[] all = new byte[50 << 20];
        all[all.length - 1] = 7;
        Data<List<Long>> sizes = Ranks.results(colla.with(once.timeout(Duration.ofMinutes(2))
                        .ranks(Ranks.of(count).layout(1, Layout.blocks(all.length / count)).gathered()))
                .call(OnRanks::bytes, in(all), in(all)));
        System.out.println("sizes " + sizes.get());
    }
}
