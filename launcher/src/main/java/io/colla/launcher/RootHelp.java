package io.colla.launcher;

import java.util.ArrayList;
import java.util.List;

/** The part of the help that is no option. */
final class RootHelp {
    private RootHelp() {}

    /** Examples and exit codes, one line an element. */
    static String[] footer() {
        List<String> lines = new ArrayList<>(List.of(
                "",
                "Examples:",
                "  colla run app.py input.txt           on this machine, or in this Slurm job",
                "  colla run app.jar input.txt          a Java application",
                "  colla run --workers local:3 app.py   in three worker JVMs on this machine",
                "  colla run -cp classes my.Main        a class instead of a jar",
                "  colla alloc                          what the run would get",
                "  colla doctor                         what is missing here, and what to do",
                "",
                "Exit codes:",
                "    N  the Python program's own, or what the application gave to System.exit"));
        for (ExitCode code : ExitCode.values()) {
            lines.add(String.format("  %3d  %s", code.number(), code.meaning()));
        }
        return lines.toArray(new String[0]);
    }
}
