package io.github.kurrentlake.parcels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine with a domain that it has never seen. */
class ParcelPipelineTest {
  private static final SparkSession SPARK = SharedSpark.session();
  @TempDir private Path directory;

  @Test
  void anotherDomainRunsFromItsEventsToItsOwnGold() {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      kurrentdb.append(
          Stream.of(
              event(
                  0, "parcel-a", "ParcelPosted", "{\"to\":{\"name\":\"Ada\"},\"weight\":\"1.5\"}"),
              event(100, "parcel-b", "ParcelPosted", "{\"recipientName\":\"Bob\",\"weight\":2}"),
              event(200, "parcel-a", "ParcelScanned", "{\"hub\":\"Ghent\",\"belt\":\"left\"}"),
              event(300, "invoice-1", "ParcelPosted", "{\"weight\":9}"),
              event(400, "parcel-a", "ParcelScanned", "{\"hub\":\"Lille\",\"belt\":4}"),
              event(500, "parcel-c", "ParcelPosted", "{\"recipientName\":\"Cy\",\"weight\":3}"),
              event(600, "parcel-a", "ParcelDelivered", "{\"at\":1738168933.527328}"),
              event(700, "parcel-c", "ParcelScanned", "{\"hub\":\"Ghent\"}")));
      run(kurrentdb, lakehouse);
      kurrentdb.append(Stream.of(event(800, "parcel-b", "ParcelReturned", "{\"at\":1738168999}")));
      assertThat(run(kurrentdb, lakehouse).notes()).containsExactly("refreshed in 1 stream");
    }

    assertThat(
            lakehouse.table(Parcels.JOURNEY.table()).read(SPARK).orderBy("stream").collectAsList())
        .extracting(row -> row.get(0), row -> row.get(1), row -> row.get(2), row -> row.get(3))
        .containsExactly(
            tuple("Ada", 1.5f, "Lille", "ParcelDelivered"),
            tuple("Bob", 2f, null, "ParcelReturned"),
            tuple("Cy", 3f, "Ghent", "under way"));
    assertThat(
            Gold.asOf(SPARK, lakehouse, Parcels.JOURNEY, Parcels.JOURNEY.table(), 500)
                .orderBy("stream")
                .collectAsList())
        .extracting(row -> row.get(0), row -> row.get(2), row -> row.get(3))
        .containsExactly(
            tuple("Ada", "Lille", "under way"),
            tuple("Bob", null, "posted"),
            tuple("Cy", null, "posted"));
    assertThat(
            lakehouse
                .table(Parcels.PROJECTIONS.get(1).table())
                .read(SPARK)
                .filter("belt IS NULL AND warnings[0].value = 'left'")
                .count())
        .isEqualTo(1);
  }

  private JobReport run(EmbeddedKurrentDb kurrentdb, Lakehouse lakehouse) {
    Bronze.ingest(
        SPARK,
        new BronzeOptions(
            lakehouse, KurrentDbs.reach(kurrentdb, directory), "parcel", "parcels", 1000),
        Progress.unwatched());
    Parcels.PROJECTIONS.forEach(
        projection -> Silver.project(SPARK, lakehouse, projection, Progress.unwatched()));
    return Gold.refresh(SPARK, lakehouse, Parcels.JOURNEY, Progress.unwatched());
  }

  private static LogRecord event(long position, String stream, String schemaName, String data) {
    var id = UUID.nameUUIDFromBytes(new byte[] {(byte) (position / 100)});
    return LogRecord.json(position, position, 1_738_168_933_527L, stream, schemaName, id, data);
  }
}
