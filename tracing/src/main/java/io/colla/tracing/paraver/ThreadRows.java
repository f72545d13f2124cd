package io.colla.tracing.paraver;

import java.util.ArrayList;
import java.util.List;

/** The threads of a machine as rows, from 0: in the order of applications, tasks and threads. */
final class ThreadRows {
    /** The row of the first thread of each task of each application, with that of the one after the last task. */
    private final int[][] firsts;

    private final ThreadId[] threads;

    ThreadRows(Machine machine) {
        List<ThreadId> ids = new ArrayList<>();
        List<Machine.Application> applications = machine.applications();
        firsts = new int[applications.size()][];
        for (int a = 0; a < firsts.length; a++) {
            List<Machine.Task> tasks = applications.get(a).tasks();
            firsts[a] = new int[tasks.size() + 1];
            for (int t = 0; t < tasks.size(); t++) {
                firsts[a][t] = ids.size();
                for (int i = 0; i < tasks.get(t).threads().size(); i++) {
                    ids.add(new ThreadId(a + 1, t + 1, i + 1));
                }
            }
            firsts[a][tasks.size()] = ids.size();
        }
        threads = ids.toArray(ThreadId[]::new);
    }

    int count() {
        return threads.length;
    }

    ThreadId thread(int row) {
        return threads[row];
    }

    /** The row of a thread, by numbers from 1 as records have them; -1 if there is no such thread. */
    int row(long application, long task, long thread) {
        if (application < 1 || application > firsts.length || thread < 1 || thread > threads.length) {
            return -1;
        }
        int[] first = firsts[(int) application - 1];
        if (task < 1 || task >= first.length) {
            return -1;
        }
        int row = first[(int) task - 1] + (int) thread - 1;
        return row < first[(int) task] ? row : -1;
    }
}
