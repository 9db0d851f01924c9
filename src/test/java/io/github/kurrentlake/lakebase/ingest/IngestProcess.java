package io.github.kurrentlake.lakebase.ingest;

import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.source.LakebaseAddress;
import io.github.kurrentlake.lakebase.source.ReadMode;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sessions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** An ingest in a JVM of its own, which runs and tells how far it is until it is killed. */
final class IngestProcess {
  private IngestProcess() {}

  public static void main(String[] arguments) throws IOException {
    var options =
        new IngestOptions(
            Lakehouse.at(Path.of(arguments[0])),
            new LakebaseAddress(arguments[1], arguments[2], ""),
            TableName.parse(arguments[3]),
            ReadMode.valueOf(arguments[4]),
            arguments[5],
            Map.of("maxRowsPerTrigger", "200"),
            IngestOptions.Keys.TRUSTED);
    Progress rows = (rowsIn, rowsOut) -> System.out.println(rowsIn > 0 ? "rows" : "none yet");
    try (var spark = Sessions.local("ingest-process")) {
      while (true) {
        System.out.println("run");
        LakebaseIngest.ingest(spark, options, rows);
      }
    }
  }
}
