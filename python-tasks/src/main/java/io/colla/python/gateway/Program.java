package io.colla.python.gateway;

import io.colla.python.FrameException;
import io.colla.python.FrameInput;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of the program. The thread that {@link #converse}s waits for the program and, in the middle of a submission, for the run's window; answers come from other threads and go
 * out meanwhile.
 */
final class Program {
    private static final Logger LOG = LoggerFactory.getLogger(Program.class);
    private static final int READ_AHEAD = 256 << 10;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final SocketChannel channel;
    private final FrameInput in = new FrameInput(READ_AHEAD);
    private final Outgoing out;
    private final Conversation conversation;

    /** @param channel in non-blocking mode */
    Program(Conversation.Setting setting, SocketChannel channel) {
        this.channel = channel;
        this.out = new Outgoing(channel);
        this.conversation = Conversation.ofProgram(setting, in, out);
    }

    /** Does what the program says, until its connection ends. */
    ProgramEnd converse() {
        try (Selector readable = Selector.open()) {
            channel.register(readable, SelectionKey.OP_READ);
            for (int count = in.fill(channel); count >= 0; count = in.fill(channel)) {
                if (count == 0) {
                    readable.select();
                    readable.selectedKeys().clear();
                } else {
                    conversation.carryOut();
                }
            }
        } catch (FrameException e) {
            LOG.error("the program's connection cannot be understood", e);
            sayLast("the program sent what the gateway cannot understand (" + e.getMessage()
                    + "): are its package colla and this Colla of the same version?");
        } catch (IOException e) {
            LOG.info("the program's connection broke: {}", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("the gateway failed", e);
            sayLast("the gateway failed: " + e);
        }
        out.close();
        ProgramEnd said = conversation.end();
        if (said != null) {
            return said;
        }
        conversation.abandon("the program has ended without saying so");
        return new ProgramEnd(ProgramEnd.Way.LOST, null);
    }

    private void sayLast(String sentence) {
        conversation.answers().broken(sentence);
        out.drain(LAST_WORDS);
    }

    Answers answers() {
        return conversation.answers();
    }

    /** Nothing more is read; {@link #converse} returns soon. */
    void stop() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing the program's connection: {}", String.valueOf(e.getMessage()));
        }
    }
}
