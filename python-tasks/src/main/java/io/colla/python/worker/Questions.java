package io.colla.python.worker;

import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskContext;
import io.colla.python.FrameException;
import io.colla.python.FrameInput;
import io.colla.python.FrameOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The questions of one task, on their way to the master and back. A task that waits for an answer for long leaves its cores to others meanwhile. Used by the task's thread; answers come by any.
 */
final class Questions {
    /** How long an answer is waited for before the cores are left to others. */
    static final long PATIENCE_MILLIS = 2;

    /** What nested calls are asked on: frames as the program sends them to its gateway. */
    private static final int CALLS = 0;
    /** The gateway's frame that ends a session, and its argument if the program failed. */
    private static final int BYE = 14;

    private static final int FAILED = 1;

    private static final int STREAMS = 1;
    /** The message of a stream's that says how an attempt has ended. */
    private static final int ENDED = 10;

    /** @param waits whether the task does nothing until it has it */
    private record Answer(int number, boolean waits, byte[] content) {}

    private final ExecutorHost host;
    private final TaskContext context;
    private final ExecutorLink link;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    /** Questions without answer yet for which the task does nothing else. */
    private int waiting;

    private boolean paused;
    private boolean called;
    private boolean streamed;
    private boolean succeeded;

    Questions(ExecutorHost host, TaskContext context, ExecutorLink link) {
        this.host = host;
        this.context = context;
        this.link = link;
    }

    /** Takes a question from the current frame. */
    void ask(FrameInput in) throws FrameException {
        int number = in.u32();
        int channel = in.u8();
        boolean waits = in.u8() != 0;
        byte[] question = in.rest();
        called |= channel == CALLS;
        streamed |= channel == STREAMS;
        if (number == 0) {
            host.ask(context.task(), context.attempt(), channel, question, null);
            return;
        }
        waiting += waits ? 1 : 0;
        host.ask(context.task(), context.attempt(), channel, question, content -> {
            answers.add(new Answer(number, waits, content));
            link.wakeUp();
        });
    }

    /** The attempt is about to {@link #end} well. */
    void succeeds() {
        succeeded = true;
    }

    /** The attempt has ended: what it has called and not said goodbye to is ended, and streams are told whether to give again what it took. */
    void end() {
        if (streamed) {
            byte[] message = ByteBuffer.allocate(10)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) ENDED)
                    .putInt(context.task())
                    .putInt(context.attempt())
                    .put((byte) (succeeded ? 1 : 0))
                    .array();
            host.ask(context.task(), context.attempt(), STREAMS, message, null);
        }
        if (called) {
            FrameOutput bye = new FrameOutput(16);
            bye.begin(BYE).u32(0).u8(FAILED).end();
            byte[] frame = new byte[bye.size()];
            bye.written().get(frame);
            host.ask(context.task(), context.attempt(), CALLS, frame, null);
        }
    }

    /** Whether {@link #look} will leave the cores to others, unless an answer comes. */
    boolean isAboutToPause() {
        return waiting > 0 && !paused && answers.isEmpty();
    }

    /** How long to wait for the next frame before {@link #look} is called again; 0 for any time. */
    long patience() {
        return waiting > 0 && !paused ? PATIENCE_MILLIS : 0;
    }

    /**
     * Writes the answers that have come; or leaves the cores to others if there is none.
     *
     * @return whether something was written
     */
    boolean look(FrameOutput out) {
        Answer answer = answers.poll();
        if (answer == null) {
            if (waiting > 0 && !paused) {
                paused = true;
                context.pause();
            }
            return false;
        }
        List<Integer> cpus = List.of();
        if (paused) {
            try {
                context.resume();
                cpus = context.cpus();
            } catch (InterruptedException e) {
                // The task is being ended, and has heard of it: it goes on only to its own end.
            }
            paused = false;
        }
        for (; answer != null; answer = answers.poll()) {
            waiting -= answer.waits ? 1 : 0;
            out.begin(ExecutorFrames.ANSWER).u32(answer.number).u16(cpus.size());
            cpus.forEach(out::u16);
            out.bytes(answer.content).end();
        }
        return true;
    }
}
