package io.colla.worker;

import io.colla.platform.Errand;
import io.colla.platform.ErrandListener;
import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskDefinition;
import io.colla.platform.TaskDefinition.Implementation;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends an errand to each other node of its task and returns what it hears of them. The first word of the task's body says what an errand does: {@code echo} says its cores and
 * returns; {@code fail} throws; {@code last} lasts until it is ended, and takes its time even then. A second word is a folder: the executor and the errands that last leave
 * their process' number there when they begin, in {@code first.ATTEMPT} and {@code errand-NODE.ATTEMPT}, and another file with {@code .over} when they end. Only the first attempt
 * lasts.
 */
public final class ErrandExecutor implements TaskExecutor {
    public static final String KIND = "errands";

    /** Errands that last, with what tests wait for. */
    static final LinkedBlockingQueue<String> HEARD = new LinkedBlockingQueue<>();

    static volatile CountDownLatch mayReturn = new CountDownLatch(0);

    public static TaskDefinition definition(String request) {
        return new TaskDefinition("errands", List.of(), List.of(new Implementation(KIND, request)));
    }

    private String node = "";

    @Override
    public void start(ExecutorHost host) {
        node = host.node();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Object execute(TaskContext context) throws Exception {
        String[] words = context.body().toString().split(" ", -1);
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        List<ErrandListener.Handle> errands = new ArrayList<>();
        for (int node = 1; node < context.nodes().size(); node++) {
            errands.add(context.errand(
                    node, context.body().toString().getBytes(StandardCharsets.UTF_8), new Listener(node, heard)));
        }
        StringBuilder all = new StringBuilder(context.ranks() + " of " + context.coresPerRank());
        if (words.length > 1) {
            mark(words[1], "first." + context.attempt());
        }
        int over = 0;
        while (over < errands.size()) {
            String line = heard.poll(20, TimeUnit.SECONDS);
            if (line == null) {
                throw new IllegalStateException("nothing was heard of the errands");
            }
            all.append("; ").append(line);
            over += line.contains("ended") ? 1 : 0;
            if (words[0].equals("last") && context.attempt() > 1) {
                errands.forEach(ErrandListener.Handle::end);
            }
        }
        return all.toString();
    }

    private static void mark(String folder, String name) throws IOException {
        Path path = Path.of(folder, name);
        Path partial = Path.of(folder, "." + name);
        Files.writeString(partial, Long.toString(ProcessHandle.current().pid()));
        Files.move(partial, path);
    }

    private record Listener(int node, LinkedBlockingQueue<String> heard) implements ErrandListener {
        @Override
        public void said(byte[] content) {
            heard.add(node + " said " + new String(content, StandardCharsets.UTF_8));
        }

        @Override
        public void ended(@Nullable String error) {
            heard.add(node + " ended" + (error == null ? "" : " " + error));
        }
    }

    @Override
    public void errand(Errand errand) throws Exception {
        String[] words = new String(errand.request(), StandardCharsets.UTF_8).split(" ", -1);
        switch (words[0]) {
            case "echo" -> errand.say((errand.cores() + " cores " + errand.cpus()).getBytes(StandardCharsets.UTF_8));
            case "fail" -> throw new TaskError("no luck here", "", true, null);
            default -> last(errand, words);
        }
    }

    private void last(Errand errand, String[] words) throws Exception {
        String name = "errand-" + node + "." + errand.attempt();
        errand.onEnd(() -> HEARD.add("told"));
        errand.say("begun".getBytes(StandardCharsets.UTF_8));
        HEARD.add("begun");
        if (words.length > 1) {
            mark(words[1], name);
        }
        try {
            Thread.sleep(TimeUnit.MINUTES.toMillis(5));
        } catch (InterruptedException e) {
            if (!mayReturn.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let the errand return");
            }
            if (words.length > 1) {
                mark(words[1], name + ".over");
            }
            HEARD.add("returned");
            throw e;
        }
    }

    @Override
    public void close() {}
}
