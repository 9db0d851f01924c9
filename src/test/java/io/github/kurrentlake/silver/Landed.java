package io.github.kurrentlake.silver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.SharedSpark;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Where the events of a projection have landed in a lakehouse. */
final class Landed {
  private static final SparkSession SPARK = SharedSpark.session();

  private final Lakehouse lakehouse;
  private final Projection projection;

  Landed(Lakehouse lakehouse, Projection projection) {
    this.lakehouse = lakehouse;
    this.projection = projection;
  }

  /** Fails unless each event of Bronze is in one of the tables, once. */
  void assertEachEventOnce() {
    var events =
        positions(
            lakehouse
                .table(BronzeTables.EVENTS)
                .read(SPARK)
                .filter("schema_name = '" + projection.eventTypes().get(0) + "'"));
    var all = new java.util.ArrayList<>(silver());
    all.addAll(quarantine("open"));
    all.addAll(quarantine("dismissed"));
    assertThat(all).containsExactlyInAnyOrderElementsOf(events);
    assertThat(silver()).containsAll(quarantine("resolved"));
    assertThat(positions(quarantine())).doesNotHaveDuplicates();
  }

  List<Long> silver() {
    return positions(lakehouse.table(projection.table()).read(SPARK));
  }

  List<Long> quarantine(String state) {
    return positions(quarantine().filter("state = '" + state + "'"));
  }

  Dataset<Row> quarantine() {
    return lakehouse.table(QuarantineTable.DECLARATION).read(SPARK);
  }

  private static List<Long> positions(Dataset<Row> rows) {
    return rows.select("log_position").orderBy("log_position").collectAsList().stream()
        .map(row -> row.getLong(0))
        .toList();
  }
}
