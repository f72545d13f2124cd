package io.colla.systemtest.apps;

import static io.colla.api.Args.in;

import io.colla.api.BinaryTask;
import io.colla.api.Colla;
import io.colla.api.Data;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Ten tasks that finish, then tasks that do not: programs with a child of their own, and a Java task. The folder (first argument) then has files {@code began-*}.
 * The second argument is the number of programs.
 */
public final class Ends {
    private Ends() {}

    public static void main(String[] args) throws IOException {
        try (Colla colla = Colla.start()) {
            List<Data<Integer>> done = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                done.add(colla.call(Math::addExact, in(i), in(i)));
            }
            done.forEach(Data::get);
            for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                colla.exec(BinaryTask.of(
                        "sh", "-c", "sleep 301 & : >\"$1\"; sleep 302", "sh", args[0] + "/began-program-" + i));
            }
            colla.run(Ends::waits, in(args[0]));
        }
    }

    public static void waits(String folder) throws IOException {
        Gate.mark(folder, "began-java");
        Gate.await(folder, "go");
    }
}
