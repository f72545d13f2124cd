package io.colla.systemtest.apps;

import static io.colla.api.Args.out;
import static io.colla.api.Binding.bind;

import io.colla.api.BinaryTask;
import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.Ranks;
import io.colla.api.TaskOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code TASKS RANKS PER_NODE packed|spread LAUNCHER PROGRAM ARGUMENTS}: so many equal MPI tasks at once; prints what their ranks print. */
public final class MpiRuns {
    private MpiRuns() {}

    public static void main(String[] args) {
        Ranks ranks = Ranks.of(Integer.parseInt(args[1])).perNode(Integer.parseInt(args[2]));
        ranks = args[3].equals("spread") ? ranks.spread() : ranks;
        ranks = args[4].equals("auto") ? ranks : ranks.launcher(args[4]);
        BinaryTask task = BinaryTask.of(args[5], Arrays.copyOfRange(args, 6, args.length))
                .stdout("{{out}}")
                .ranks(ranks)
                .with(TaskOptions.defaults().retries(0));
        try (Colla colla = Colla.start()) {
            if (args[3].equals("spread")) { // over the nodes that have joined, which is all of them when this has run
                colla.exec(BinaryTask.of("true").ranks(Ranks.of(3).perNode(1))).get();
            }
            List<Data<String>> printed = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                Data<String> out = colla.empty(String.class);
                colla.exec(task, bind("out", out(out)));
                printed.add(out);
            }
            printed.forEach(each -> System.out.print(each.get()));
        }
    }
}
