package io.colla.tracing.export;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.EventType;
import io.colla.tracing.paraver.PcfWriter;
import io.colla.tracing.paraver.PrvReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A master on n1 and a worker with two executors on n2: two tasks, of which the second needs the first and fails; two transfers that overlap; a call of the main program that never ends. */
final class SmallTrace {
    private static final String RECORDS =
            """
            #Paraver (26/11/2026 at 09:05):5000000_ns:2(4,2):2:1(1:1),2(1:2,2:2),0
            2:0:1:1:1:0:8001001:6
            2:0:1:1:1:5:8000006:2
            2:0:1:1:1:6:123456:9:42000999:7777
            2:6:2:2:1:1000:8000008:1:8000010:64:8000007:1:8001002:11
            2:6:2:2:1:2000:8000000:1:8000002:7
            2:0:1:1:1:2001:8000006:0
            3:0:1:1:1:2500:2500:0:2:1:1:9000:9000:4096:3
            3:0:1:1:1:2600:2600:0:2:1:1:8000:8000:100:4
            1:6:2:2:1:2000:3000500:1
            2:6:2:2:1:3000500:8000000:0:8000002:0
            3:6:2:2:1:3000500:3000500:5:2:2:2:3002000:3002000:0:7
            2:6:2:2:1:3001000:8001002:0:8000007:0:8000008:0:8000010:0
            2:5:2:2:2:3001500:8000008:2:8000007:1:8001002:11
            2:5:2:2:2:3002000:8000000:2:8000002:8
            2:5:2:2:2:4002000:8000000:0:8000002:0:8009001:1
            2:5:2:2:2:4002600:8001002:0:8000007:0:8000008:0
            """;

    private SmallTrace() {}

    static PrvReader in(Path folder) throws IOException {
        Path prv = Files.writeString(folder.resolve("small.prv"), RECORDS);
        List<EventType> types = new ArrayList<>();
        types.add(new EventType(0, EventTypes.TASK, "Task", Map.of(0L, "End", 1L, "count(int,\"a\")", 2L, "merge")));
        types.add(new EventType(0, 123456, "Rounds", Map.of()));
        types.add(new EventType(7, 42000999, "COUNTED", Map.of()));
        for (int type : List.of(
                EventTypes.TASK_ID,
                EventTypes.READY_COUNT,
                EventTypes.TASK_TYPE,
                EventTypes.CPUS,
                EventTypes.MEMORY,
                EventTypes.API,
                EventTypes.RUNTIME,
                EventTypes.TASK_FAILED)) {
            types.add(EventTypes.of(type));
        }
        Files.writeString(folder.resolve("small.pcf"), PcfWriter.text(types));
        Files.writeString(
                folder.resolve("small.row"),
                """
                LEVEL CPU SIZE 6
                1.n1
                2.n1
                3.n1
                4.n1
                5.n2
                6.n2

                LEVEL NODE SIZE 2
                n1
                n2

                LEVEL THREAD SIZE 4
                MAIN APP (1.1.1)
                WORKER MAIN (2.1.1)
                EXECUTOR (2.2.1)
                EXECUTOR (2.2.2)
                """);
        return PrvReader.open(prv);
    }
}
