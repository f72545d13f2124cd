package io.colla.binary.spawn;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Kills a process group without JNA, through kill(1) of the shell: for the rare cases that have nothing better. */
final class GroupKiller {

    private GroupKiller() {}

    static void killSession(long pid) {
        signal(Signal.KILL, pid, true);
    }

    static void signal(Signal signal, long pid, boolean group) {
        try {
            String target = (group ? "-" : "") + pid;
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + signal.number() + " " + target)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(10, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            // No process can be started any more: there is nothing left to try.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
