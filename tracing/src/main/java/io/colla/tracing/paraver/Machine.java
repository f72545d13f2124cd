package io.colla.tracing.paraver;

import java.util.List;

/**
 * What ran where, as Paraver sees it: nodes with their cpus, and applications of tasks of threads. Every number that a record carries is a position here, from 1.
 *
 * @param nodes at least one
 * @param applications at least one
 */
public record Machine(List<Node> nodes, List<Application> applications) {
    public Machine {
        nodes = List.copyOf(nodes);
        applications = List.copyOf(applications);
        if (nodes.isEmpty() || applications.isEmpty()) {
            // Paraver rejects every record of a trace without nodes.
            throw new IllegalArgumentException("a trace needs a node and an application");
        }
        for (Application application : applications) {
            for (Task task : application.tasks()) {
                if (task.node() < 1 || task.node() > nodes.size()) {
                    throw new IllegalArgumentException(
                            application.name() + " is on node " + task.node() + " of " + nodes.size());
                }
            }
        }
    }

    /** @param cpus at least 1 */
    public record Node(String name, int cpus) {
        public Node {
            if (cpus < 1) {
                throw new IllegalArgumentException("node " + name + " has " + cpus + " cpus");
            }
        }
    }

    public record Application(String name, List<Task> tasks) {
        public Application {
            tasks = List.copyOf(tasks);
        }
    }

    /**
     * A process.
     *
     * @param node its node's number, from 1
     * @param threads the names of its threads
     */
    public record Task(int node, List<String> threads) {
        public Task {
            threads = List.copyOf(threads);
        }
    }

    /** The number of the node's first cpu, which are counted over all nodes. */
    public int firstCpu(int node) {
        int first = 1;
        for (int i = 0; i < node - 1; i++) {
            first += nodes.get(i).cpus();
        }
        return first;
    }

    public int cpus() {
        return nodes.stream().mapToInt(Node::cpus).sum();
    }

    /** The number of the thread's node. */
    public int nodeOf(ThreadId thread) {
        return applications
                .get(thread.application() - 1)
                .tasks()
                .get(thread.task() - 1)
                .node();
    }
}
