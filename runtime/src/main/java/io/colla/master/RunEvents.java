package io.colla.master;

import io.colla.core.Engine;
import io.colla.core.OutputSizes;
import io.colla.core.Submission;
import io.colla.wire.Message;
import io.colla.worker.store.ContentStore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Feeds the mailbox' events to the engine. Runs on the thread that owns the engine. */
final class RunEvents implements EngineLoop.Handler {
    /** A message of a worker. */
    record FromWorker(int worker, Message.ToMaster message) {}

    /** Anything else. */
    interface Call extends Consumer<Engine> {
        /** What the trace says of it, by {@link EngineTrace}'s names. */
        default int phase() {
            return EngineTrace.NOTHING;
        }
    }

    private record Told(int phase, Consumer<Engine> what) implements Call {
        @Override
        public void accept(Engine engine) {
            what.accept(engine);
        }
    }

    /** A call of which the trace says something. */
    static Call told(int phase, Consumer<Engine> what) {
        return new Told(phase, what);
    }

    private final Engine engine;
    private final EngineShell shell;
    private final ContentStore store;
    private final Runnable whenSettled;
    private final Consumer<Throwable> whenBroken;
    private @Nullable EngineTrace trace;
    private boolean broken;

    RunEvents(
            Engine engine,
            EngineShell shell,
            ContentStore store,
            Runnable whenSettled,
            Consumer<Throwable> whenBroken) {
        this.engine = engine;
        this.shell = shell;
        this.store = store;
        this.whenSettled = whenSettled;
        this.whenBroken = whenBroken;
    }

    void recordIn(EngineTrace engine) {
        trace = engine;
    }

    @Override
    public void handle(Object event) {
        if (broken) {
            return;
        }
        if (trace != null) {
            trace.does(phase(event), System.nanoTime());
        }
        if (event instanceof FromWorker from) {
            heard(from.worker, from.message, System.nanoTime());
        } else if (event instanceof Submission submission) {
            engine.submit(submission, System.nanoTime());
        } else if (event instanceof Call call) {
            call.accept(engine);
        } else if (event instanceof Session.NewDatum datum) {
            engine.newDatum(datum.datum(), datum.kind(), datum.name());
        } else if (event instanceof Session.ClosedDatum datum) {
            engine.closeDatum(datum.datum());
        } else {
            throw new IllegalArgumentException("event " + event);
        }
    }

    private static int phase(Object event) {
        if (event instanceof FromWorker) {
            return EngineTrace.UPDATE_GRAPH;
        }
        if (event instanceof Submission) {
            return EngineTrace.ANALYSE_TASK;
        }
        if (event instanceof Call call) {
            return call.phase();
        }
        return event instanceof Session.NewDatum ? EngineTrace.REGISTER_DATA : EngineTrace.DEREGISTER_OBJECT;
    }

    @Override
    public void settled() {
        if (broken) {
            return;
        }
        EngineTrace recorded = trace;
        if (recorded == null) {
            dispatch(System.nanoTime());
            return;
        }
        long now = System.nanoTime();
        int ready = engine.ready();
        recorded.does(ready > 0 ? EngineTrace.EXECUTE_TASKS : EngineTrace.NOTHING, now);
        recorded.ready(ready, now);
        dispatch(now);
        long then = System.nanoTime();
        recorded.ready(engine.ready(), then);
        recorded.does(EngineTrace.NOTHING, then);
    }

    private void dispatch(long now) {
        engine.dispatch(now);
        shell.flush();
        whenSettled.run();
    }

    @Override
    public void broken(Throwable error) {
        if (!broken) {
            broken = true;
            whenBroken.accept(error);
        }
    }

    private void heard(int worker, Message.ToMaster message, long now) {
        if (message instanceof Message.Finished m) {
            engine.finished(worker, m.task(), m.attempt(), m.run(), new Reported(m), now);
        } else if (message instanceof Message.Failed m) {
            Engine.Outcome why = new Engine.Outcome(
                    m.run(), m.message(), m.exception(), m.stack(), m.touched(), m.retriable(), m.endsGroup());
            engine.failed(worker, shell.node(worker), m.task(), m.attempt(), why, now);
        } else if (message instanceof Message.Stopped m) {
            engine.stopped(worker, m.task(), m.attempt(), m.run(), m.touched());
        } else if (message instanceof Message.Returned m) {
            engine.returned(worker, m.task(), m.attempt(), now);
        } else if (message instanceof Message.Unfetched m) {
            int[] without = m.failed().length == 0 ? new int[] {worker} : m.failed();
            engine.unfetched(worker, m.task(), m.attempt(), m.content(), without, now);
        } else if (message instanceof Message.Began) {
            engine.lasts(worker);
        } else if (message instanceof Message.Turned m) {
            engine.turned(worker, m.task(), m.attempt(), m.turn());
        } else if (message instanceof Message.Holding m) {
            engine.holding(worker, m.task(), m.attempt());
        } else if (message instanceof Message.Fetched m) {
            engine.fetched(worker, m.content(), now);
        } else {
            passOn(worker, message);
        }
    }

    /** What one node of a task wants of another or tells it. Nobody is told what comes after the end of the attempt. */
    private void passOn(int from, Message.ToMaster message) {
        if (message instanceof Message.AskErrand m) {
            int node = engine.otherNode(from, m.task(), m.attempt(), m.node());
            if (node >= 0) {
                shell.send(node, new Message.DoErrand(m.task(), m.attempt(), m.errand(), m.kind(), m.request()));
            }
        } else if (message instanceof Message.EndErrand m) {
            int node = engine.otherNode(from, m.task(), m.attempt(), m.node());
            if (node >= 0) {
                shell.send(node, new Message.StopErrand(m.task(), m.attempt(), m.errand()));
            }
        } else if (message instanceof Message.ErrandSays m) {
            int first = engine.firstNode(from, m.task(), m.attempt());
            if (first >= 0) {
                shell.send(first, new Message.ErrandSaid(m.task(), m.attempt(), m.errand(), m.content()));
            }
        } else if (message instanceof Message.ErrandEnds m) {
            int first = engine.firstNode(from, m.task(), m.attempt());
            if (first >= 0) {
                shell.send(first, new Message.ErrandEnded(m.task(), m.attempt(), m.errand(), m.error()));
            }
        }
    }

    /** Sizes of a finished task's outputs; small ones are kept here as the engine asks. */
    private final class Reported implements OutputSizes {
        private final Message.Finished finished;

        Reported(Message.Finished finished) {
            this.finished = finished;
        }

        @Override
        public long size(int output) {
            return finished.outputs().get(output).size();
        }

        @Override
        public boolean atMaster(int output) {
            Message.Output reported = finished.outputs().get(output);
            if (!reported.inline()) {
                return false;
            }
            Object value = reported.value();
            shell.inline(reported.content(), InlineValues.wrap(value));
            if (value instanceof Message.Serialized serialized) {
                store.putSerialized(reported.content(), serialized.bytes());
            } else {
                store.put(reported.content(), value);
            }
            return true;
        }
    }
}
