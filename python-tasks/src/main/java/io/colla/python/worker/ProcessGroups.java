package io.colla.python.worker;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kills process groups when the zygote cannot do it any more. */
final class ProcessGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessGroups.class);

    private ProcessGroups() {}

    /** Returns at once. @param leaders numbers of the leading processes; those that are not positive are left out */
    static void kill(List<Long> leaders) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s KILL -- \"$@\"", "colla-kill"));
        for (long leader : leaders) {
            if (leader > 1) {
                words.add("-" + leader);
            }
        }
        if (words.size() == 4) {
            return;
        }
        try {
            new ProcessBuilder(words)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.warn("what Python tasks had started may be left: {}", e.getMessage());
        }
    }
}
