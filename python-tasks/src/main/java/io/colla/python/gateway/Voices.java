package io.colla.python.gateway;

import io.colla.master.TaskVoices;
import io.colla.python.FrameException;
import io.colla.python.FrameInput;
import io.colla.python.gateway.streams.StreamBroker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What running tasks say: calls of other tasks, messages to streams, and what they print. */
final class Voices implements TaskVoices {
    private static final Logger LOG = LoggerFactory.getLogger(Voices.class);
    private static final int CALLS = 0;
    private static final int STREAMS = 1;

    /** A task's own session. */
    private static final class Caller {
        final FrameInput in = new FrameInput(4 << 10);
        final NestedAnswers out = new NestedAnswers();
        final Conversation conversation;

        Caller(Conversation.Setting setting, boolean near, Executor inOrder) {
            conversation = Conversation.ofTask(setting, in, out, near, inOrder);
        }
    }

    private record Attempt(int worker, int task, int attempt) {}

    private final Conversation.Setting setting;
    private final StreamBroker streams;
    private final Answers program;
    private final Executor inOrder;
    /** Used by the tasks of {@link #inOrder} only. */
    private final Map<Attempt, Caller> callers = new HashMap<>();

    /** Who uses streams. */
    private final Set<Attempt> streaming = ConcurrentHashMap.newKeySet();

    /**
     * @param program is shown what tasks print
     * @param inOrder carries out what tasks ask, one after the other
     */
    Voices(Conversation.Setting setting, Answers program, Executor inOrder) {
        this.setting = setting;
        this.streams = setting.streams();
        this.program = program;
        this.inOrder = inOrder;
    }

    @Override
    public void printed(String task, String node, String text) {
        if (setting.wishes().stream()) {
            program.printed(task, node, text);
        }
    }

    @Override
    public void asked(Speaker speaker, int channel, byte[] question, @Nullable Consumer<byte[]> answer) {
        if (channel == STREAMS) {
            Attempt attempt = new Attempt(speaker.worker(), speaker.task(), speaker.attempt());
            if (answer == null) {
                streaming.remove(attempt); // these are its last words
                streams.ask(question, ignored -> {});
            } else {
                streaming.add(attempt);
                streams.ask(question, answer);
            }
        } else if (channel == CALLS) {
            inOrder.execute(() -> call(speaker, question, answer));
        } else {
            LOG.warn("task #{} asks on channel {}, which nobody listens to", speaker.task(), channel);
        }
    }

    private void call(Speaker speaker, byte[] question, @Nullable Consumer<byte[]> answer) {
        Attempt attempt = new Attempt(speaker.worker(), speaker.task(), speaker.attempt());
        boolean farewell = answer == null;
        Caller caller = farewell ? callers.get(attempt) : caller(attempt);
        if (caller == null) {
            return; // it has said goodbye itself
        }
        caller.out.begin(answer);
        try {
            ReadableByteChannel bytes = Channels.newChannel(new ByteArrayInputStream(question));
            while (caller.in.fill(bytes) > 0) {
                caller.conversation.carryOut();
            }
        } catch (FrameException e) {
            LOG.error("what task #{} calls cannot be understood", speaker.task(), e);
            end(attempt, caller, "the task sent what the gateway cannot understand");
        } catch (IOException | RuntimeException e) {
            LOG.error("what task #{} calls cannot be carried out", speaker.task(), e);
            end(attempt, caller, "the gateway failed: " + e);
        }
        caller.out.end();
        if (caller.conversation.isLeaving()) {
            callers.remove(attempt);
        }
    }

    private Caller caller(Attempt attempt) {
        return callers.computeIfAbsent(attempt, a -> new Caller(setting, a.worker() == 0, inOrder));
    }

    private void end(Attempt attempt, Caller caller, String why) {
        callers.remove(attempt);
        caller.conversation.answers().broken(why);
        caller.conversation.abandon(why);
        caller.conversation.forget();
    }

    @Override
    public void lost(int worker) {
        for (Attempt attempt : streaming) {
            if (attempt.worker() == worker && streaming.remove(attempt)) {
                streams.lost(attempt.task(), attempt.attempt());
            }
        }
        inOrder.execute(() -> {
            for (Map.Entry<Attempt, Caller> entry : Map.copyOf(callers).entrySet()) {
                if (entry.getKey().worker() == worker) {
                    end(entry.getKey(), entry.getValue(), "the worker of the task that called it was lost");
                }
            }
        });
    }
}
