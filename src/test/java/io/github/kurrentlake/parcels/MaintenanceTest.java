package io.github.kurrentlake.parcels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.maintain.Maintained;
import io.github.kurrentlake.maintain.Maintained.Action;
import io.github.kurrentlake.maintain.Maintenance;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.BronzeRows;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a table's files, and of those that a task has still to read. */
class MaintenanceTest {
  private static final SparkSession SPARK = SharedSpark.session();
  private static final Projection SCANNED = Parcels.PROJECTIONS.get(1);

  @TempDir private Path directory;

  @Test
  void smallFilesAreWrittenTogetherAndOldOnesGoOnceTheirReadersHaveComeToThem() throws IOException {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    append(lakehouse, 100);
    Silver.project(SPARK, lakehouse, SCANNED, Progress.unwatched());
    append(lakehouse, 200);
    append(lakehouse, 300);
    assertThat(maintain(lakehouse, 50))
        .extracting(Maintained::table, Maintained::action)
        .containsExactly(tuple("bronze.events", Action.NONE));
    SPARK.sql(
        "ALTER TABLE %s SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval 0 hours')"
            .formatted(lakehouse.table(BronzeTables.EVENTS).sqlName()));

    assertThat(maintain(lakehouse, 2))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.action()).isEqualTo(Action.OPTIMIZED);
              assertThat(one.reason()).contains("still to be read by silver.parcel_scanned");
              assertThat(one.before().files()).isEqualTo(3);
              assertThat(one.after().files()).isEqualTo(1);
            });
    assertThat(dataFiles()).isEqualTo(4);
    assertThat(maintain(lakehouse, 2)).extracting(Maintained::action).containsExactly(Action.NONE);

    assertThat(Silver.project(SPARK, lakehouse, SCANNED, Progress.unwatched()).rowsOut())
        .isEqualTo(2);
    assertThat(maintain(lakehouse, 0))
        .extracting(Maintained::action)
        .containsExactly(Action.OPTIMIZED_AND_VACUUMED);
    assertThat(dataFiles()).isEqualTo(1);
    assertThat(lakehouse.table(BronzeTables.EVENTS).read(SPARK).count()).isEqualTo(3);
  }

  private static List<Maintained> maintain(Lakehouse lakehouse, long afterCommits) {
    return Maintenance.run(
        SPARK, lakehouse, List.of(BronzeTables.EVENTS), Parcels.JOURNEY, afterCommits);
  }

  private static void append(Lakehouse lakehouse, long position) {
    new BronzeRows()
        .event(position, "parcel-" + position, "ParcelScanned", "{\"hub\":\"Ghent\"}")
        .append(SPARK, lakehouse);
  }

  private long dataFiles() throws IOException {
    try (var files = Files.list(directory.resolve("lakehouse/bronze/events"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }
}
