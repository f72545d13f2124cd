package io.colla.launcher;

import io.colla.master.RunStatus;
import io.colla.master.TaskSummary;
import java.time.Duration;
import java.util.List;

/** Which runtime is behind a run. */
final class Backends {
    private Backends() {}

    static Backend.Factory factory() {
        return plan -> new None();
    }

    /** A run without tasks. */
    private static final class None implements Backend {
        @Override
        public RunStatus status() {
            return new RunStatus(0, 0, 0, 0, 0, 0, 0, 0);
        }

        @Override
        public List<TaskSummary> tasks() {
            return List.of();
        }

        @Override
        public double busySeconds() {
            return 0;
        }

        @Override
        public void cancel(String why) {}

        @Override
        public List<String> stop(Duration grace) {
            return List.of();
        }
    }
}
