package io.colla.pbs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that has PBS's task manager start a process on a node of the job, and waits for its end. It finds nodes by the lines of the node file. */
record TmClient(Kind kind, Path program, NodeFile nodes) {
    enum Kind {
        /** OpenPBS: returns the exit code of what it started; takes its words as they are. */
        PBS_TMRSH("pbs_tmrsh"),
        /** OpenPBS and Torque: returns 0 whatever happened. */
        PBSDSH("pbsdsh");

        private final String command;

        Kind(String command) {
            this.command = command;
        }

        /** The program's name. */
        String command() {
            return command;
        }
    }

    String name() {
        return kind.command();
    }

    boolean reaches(String node) {
        return nodes.indexOf(node) >= 0;
    }

    List<String> argv(String node, List<String> command) {
        int line = nodes.indexOf(node);
        List<String> argv = new ArrayList<>(List.of(program.toString()));
        // Without the dashes, pbsdsh takes options of the command for its own.
        argv.addAll(
                kind == Kind.PBSDSH
                        ? List.of("-n", Integer.toString(line), "--")
                        : List.of(nodes.lines().get(line)));
        argv.addAll(command);
        return argv;
    }
}
