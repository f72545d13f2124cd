package io.colla.slurm;

import io.colla.platform.ExitCodes;
import io.colla.platform.NodeLauncher.Listener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes out, from what one srun prints, what happens on each node. Each node's end is told once, by whichever hears of it first: the shell
 * around the worker, srun's message about a task or a node, or the end of srun itself.
 */
final class SrunOutput {
    private static final int LAST_WORDS = 4;
    private static final Pattern LABELLED = Pattern.compile("\\s*(\\d+): ?(.*)");
    private static final Pattern TASKS = Pattern.compile("srun: error: (\\S+): tasks? [\\d,\\-\\[\\]]+: (.*)");
    private static final Pattern EXIT_CODE = Pattern.compile("Exited with exit code (\\d{1,3})");
    private static final Pattern NODE_FAILED = Pattern.compile("srun: error: Node failure on (\\S+?)\\.?");
    private static final Pattern NOT_LAUNCHED =
            Pattern.compile("srun: error: Task launch for .* failed on node (\\S+): (.*)");

    /** Said whenever --cpu-bind=none meets a cluster that does not bind anyway. */
    private static final String HARMLESS = "cluster configuration lacks support for cpu binding";

    private final String mark;
    private final Listener listener;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Map<Integer, String> nodeOfTask = new ConcurrentHashMap<>();
    private final ConcurrentLinkedDeque<String> lastWords = new ConcurrentLinkedDeque<>();
    private volatile @Nullable String step;

    SrunOutput(String mark, List<String> nodes, Listener listener) {
        this.mark = mark;
        this.listener = listener;
        running.addAll(nodes);
    }

    /** The step's number; null until a node has told it. */
    @Nullable
    String step() {
        return step;
    }

    void line(String line) {
        Matcher labelled = LABELLED.matcher(line);
        if (labelled.matches() && labelled.group(1).length() < 10) {
            taskSaid(Integer.parseInt(labelled.group(1)), labelled.group(2));
        } else if (!line.contains(HARMLESS)) {
            srunSaid(line);
        }
    }

    private void taskSaid(int task, String text) {
        int at = text.indexOf(mark);
        String before = at < 0 ? text : text.substring(0, at);
        if (at != 0) {
            listener.printed(nodeOfTask.getOrDefault(task, ""), before);
        }
        if (at >= 0) {
            message(task, text.substring(at + mark.length()).strip().split(" "));
        }
    }

    private void message(int task, String[] words) {
        if (words.length >= 3 && words[0].equals("started")) {
            nodeOfTask.put(task, words[1]);
            step = words[2];
        } else if (words.length >= 2 && words[0].equals("ended")) {
            ended(nodeOfTask.getOrDefault(task, ""), codeInWords(words[1]));
        }
    }

    private static String codeInWords(String code) {
        return code.matches("\\d{1,3}") ? ExitCodes.ended(Integer.parseInt(code)) : "it ended";
    }

    private void srunSaid(String line) {
        if (line.startsWith("srun: error") || line.startsWith("srun: fatal") || line.startsWith("slurmstepd: error")) {
            lastWords.addLast(line);
            if (lastWords.size() > LAST_WORDS) {
                lastWords.removeFirst();
            }
        }
        Matcher tasks = TASKS.matcher(line);
        Matcher failed = NODE_FAILED.matcher(line);
        Matcher notLaunched = NOT_LAUNCHED.matcher(line);
        List<String> nodes = List.of();
        String what = "";
        if (tasks.matches()) {
            nodes = names(tasks.group(1));
            Matcher code = EXIT_CODE.matcher(tasks.group(2));
            what = code.matches() ? codeInWords(code.group(1)) : "srun says: " + tasks.group(2);
        } else if (failed.matches()) {
            nodes = names(failed.group(1));
            what = "srun says: the node failed";
        } else if (notLaunched.matches()) {
            nodes = names(notLaunched.group(1));
            what = "it could not be started: " + notLaunched.group(2);
        }
        listener.printed(nodes.size() == 1 ? nodes.get(0) : "", line);
        for (String node : nodes) {
            ended(node, what);
        }
    }

    private static List<String> names(String list) {
        try {
            return HostList.expand(list);
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private void ended(String node, String what) {
        if (running.remove(node)) {
            listener.ended(node, what);
        }
    }

    /** srun itself has ended. @return whether workers that have started may still run: srun was killed, or lost sight of a node */
    boolean ended(int code) {
        boolean started = step != null;
        String words = String.join("; ", lastWords);
        String what = (started ? "its step ended" : "srun did not start it")
                + (words.isEmpty() ? ": srun " + ExitCodes.ended(code).substring("it ".length()) : ": " + words);
        List<String> unheard = List.copyOf(running);
        for (String node : unheard) {
            ended(node, what);
        }
        return started && !unheard.isEmpty();
    }
}
