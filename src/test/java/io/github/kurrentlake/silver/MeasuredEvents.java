package io.github.kurrentlake.silver;

import static io.github.kurrentlake.payload.Field.integer;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.BronzeRows;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of Silver share: a projection of measured degrees, and its tables without a row. */
abstract class MeasuredEvents {
  static final Projection MEASURED =
      Projection.of("measured", "One row per Measured event", "Measured")
          .fields(integer("degrees", "Degrees", "Temperature"));
  static final String GOOD = "{\"Degrees\":20}";
  static final String BAD = "{\"Degrees\":\"hot\"}";
  static final SparkSession SPARK = SharedSpark.session();

  @TempDir private static Path shared;
  @TempDir Path directory;
  Lakehouse lakehouse;
  Landed landed;

  @BeforeAll
  static void tablesWithoutARow() {
    var empty = Lakehouse.at(shared.resolve("lakehouse"));
    List.of(BronzeTables.EVENTS, MEASURED.table(), QuarantineTable.DECLARATION)
        .forEach(table -> empty.ensure(SPARK, table));
  }

  @BeforeEach
  void aCopyOfThem() {
    use(Lakehouse.at(Trees.copy(shared.resolve("lakehouse"), directory.resolve("lakehouse"))));
  }

  final void use(Lakehouse other) {
    lakehouse = other;
    landed = new Landed(lakehouse, MEASURED);
  }

  final JobReport project() {
    return Silver.project(SPARK, lakehouse, MEASURED, Progress.unwatched());
  }

  /** Appends Measured events, given as position and payload by turns, in one commit. */
  final void bronze(Object... events) {
    var rows = new BronzeRows();
    for (var i = 0; i < events.length; i += 2) {
      rows.event(((Integer) events[i]).longValue(), "sensor-1", "Measured", (String) events[i + 1]);
    }
    rows.append(SPARK, lakehouse);
  }
}
