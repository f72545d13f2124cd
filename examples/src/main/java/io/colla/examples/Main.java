package io.colla.examples;

import io.colla.examples.hmmer.HmmerSearch;
import io.colla.examples.linalg.Cholesky;
import io.colla.examples.linalg.MatrixProduct;
import io.colla.examples.wordcount.WordCount;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/** The main class of the examples' jar: runs the example that the first argument names. */
public final class Main {
    private static final List<Example> EXAMPLES =
            List.of(HmmerSearch.EXAMPLE, MatrixProduct.EXAMPLE, Cholesky.EXAMPLE, WordCount.EXAMPLE);

    private Main() {}

    public static void main(String[] args) {
        int code = run(args, System.out, System.err);
        if (code != Example.DONE) {
            System.exit(code);
        }
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        if (args.length == 0 || args[0].equals("--help")) {
            boolean asked = args.length > 0;
            list(asked ? out : err);
            return asked ? Example.DONE : Example.BAD_USAGE;
        }
        for (Example example : EXAMPLES) {
            if (example.name().equals(args[0])) {
                return example.run(Arrays.copyOfRange(args, 1, args.length), out, err);
            }
        }
        err.println("there is no example '" + args[0] + "'");
        list(err);
        return Example.BAD_USAGE;
    }

    private static void list(PrintStream to) {
        to.println("usage: colla run colla-examples.jar EXAMPLE [options], where EXAMPLE is one of");
        for (Example example : EXAMPLES) {
            to.println("  " + example.name() + " " + example.usage());
            to.println("      " + example.purpose());
        }
    }
}
