package io.colla.tracing.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.export.CsvExport.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvExportTest {
    @TempDir
    Path folder;

    @Test
    void aTaskHasWhereAndWhenItRanAndWhatItHad() throws IOException {
        assertThat(CsvExport.write(SmallTrace.in(folder), CsvExport.USUAL, folder.resolve("csv")))
                .containsExactly(
                        folder.resolve("csv/tasks.csv"),
                        folder.resolve("csv/transfers.csv"),
                        folder.resolve("csv/dependencies.csv"));
        assertThat(folder.resolve("csv/tasks.csv"))
                .hasContent(
                        """
                        task,function,node,executor,core,begin_s,end_s,duration_s,cores,memory_mib,failed,overhead_s
                        7,"count(int,""a"")",n2,EXECUTOR (2.2.1),1,0.000002000,0.003000500,0.002998500,1,64,0,0.000001500
                        8,merge,n2,EXECUTOR (2.2.2),0,0.003002000,0.004002000,0.001000000,2,0,1,0.000001100
                        """);
        assertThat(folder.resolve("csv/transfers.csv"))
                .hasContent(
                        """
                        from_node,to_node,sent_s,received_s,bytes,content
                        n1,n2,0.000002500,0.000009000,4096,3
                        n1,n2,0.000002600,0.000008000,100,4
                        """);
        assertThat(folder.resolve("csv/dependencies.csv"))
                .hasContent(
                        """
                        predecessor,from_node,from_thread,to_node,to_thread,ended_s,began_s
                        7,n2,EXECUTOR (2.2.1),n2,EXECUTOR (2.2.2),0.003000500,0.003002000
                        """);
    }

    @Test
    void statesAndEventsAreWrittenWhenAskedFor() throws IOException {
        CsvExport.write(SmallTrace.in(folder), EnumSet.of(Table.STATES, Table.EVENTS), folder.resolve("csv"));
        assertThat(folder.resolve("csv/tasks.csv")).doesNotExist();
        assertThat(folder.resolve("csv/states.csv"))
                .hasContent(
                        """
                        node,thread,core,begin_s,end_s,state
                        n2,EXECUTOR (2.2.1),1,0.000002000,0.003000500,Running
                        """);
        assertThat(folder.resolve("csv/events.csv"))
                .content()
                .startsWith("node,thread,core,time_s,type,label,value,value_label\r\n"
                        + "n1,MAIN APP (1.1.1),,0.000000000,8001001,API,6,Barrier\r\n")
                .contains("n2,EXECUTOR (2.2.2),0,0.004002000,8009001,Task failed,1,Failed\r\n");
    }
}
