package io.colla.tracing.merge;

import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvWriter;
import io.colla.tracing.paraver.State;
import java.io.IOException;

/**
 * The states of a thread: running inside tasks, overhead while it sees to one, synchronisation in calls of the main program, scheduling where the runtime works, else idle. Reads the thread's records a second time, ahead of its events, as a state is written when it
 * begins with when it ends.
 */
final class StateSource extends Source {
    private final Row row;
    private final LogReader.Cursor records;
    private State state = State.IDLE;
    private State following = State.IDLE;
    private long end;
    private PrvWriter.Place place;
    private PrvWriter.Place followingPlace;
    private boolean over;

    StateSource(Row row) {
        super(1);
        this.row = row;
        this.followingPlace = PrvWriter.place(0, row.id());
        this.place = followingPlace;
        this.records = row.thread().cursor();
    }

    @Override
    boolean next() throws IOException {
        do {
            if (over) {
                return false;
            }
            time = end;
            state = following;
            place = followingPlace;
            change();
        } while (end <= time);
        return true;
    }

    private void change() throws IOException {
        while (records.next()) {
            State then =
                    switch (records.type()) {
                        case Records.TASK_TAKEN, Records.TASK_END -> State.OVERHEAD;
                        case Records.TASK_BEGIN -> State.RUNNING;
                        case Records.TASK_LEFT -> State.IDLE;
                        case EventTypes.API -> records.value() == 0 ? State.IDLE : State.SYNCHRONIZATION;
                        case EventTypes.RUNTIME -> records.value() == 0 ? State.IDLE : State.SCHEDULING;
                        default -> following;
                    };
            if (records.type() == Records.CORE) {
                followingPlace = PrvWriter.place(row.rows().cpu(row.id(), records.detail()), row.id());
            }
            if (then != following) {
                end = Math.max(end, row.time(records.time()));
                following = then;
                return;
            }
        }
        end = Math.max(end, row.end());
        over = true;
    }

    @Override
    void write(PrvWriter out) throws IOException {
        out.state(place, time, end, state.number());
    }
}
