package io.github.kurrentlake.parcels;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.job.TaskRuns;
import io.github.kurrentlake.report.Report;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.status.LayerStatus;
import io.github.kurrentlake.status.Status;
import io.github.kurrentlake.status.Tasks;
import io.github.kurrentlake.status.UnknownKey;
import io.github.kurrentlake.status.UnknownKeys;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far each layer is said to be. */
class StatusTest {
  private static final SparkSession SPARK = SharedSpark.session();
  private static final long TIME = 1_738_168_933_527L;

  @TempDir private Path directory;
  private BronzeOptions options;

  @Test
  void eachLayerIsBehindByWhatItsTaskHasNotComeTo() {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    try (var node = EmbeddedKurrentDb.builder().start()) {
      options =
          new BronzeOptions(
              lakehouse, KurrentDbs.reach(node, directory), "parcel", "parcels", 1000);
      node.append(
          Stream.of(
              event(0, "ParcelPosted", "{\"weight\":1.5}"),
              event(100, "ParcelScanned", "{\"hub\":\"Ghent\",\"belt.side\":\"left\"}"),
              event(200, "ParcelScanned", "{}"),
              event(300, "ParcelPainted", "{}")));
      Bronze.ingest(SPARK, options, Progress.unwatched());
      SPARK.sql(
          "INSERT INTO %s VALUES ('another', 900, current_timestamp())"
              .formatted(lakehouse.table(BronzeTables.INGEST_HWM).sqlName()));
      var ingested = status();
      assertThat(behind(ingested)).isEqualTo(List.of(0L, 1L, 2L, 0L, 4L));
      assertThat(ingested.behind()).isPresent();

      Parcels.PROJECTIONS.forEach(
          projection -> Silver.project(SPARK, lakehouse, projection, Progress.unwatched()));
      Gold.refresh(SPARK, lakehouse, Parcels.JOURNEY, Progress.unwatched());
      var now = status();
      assertThat(now.behind()).isEmpty();
      assertThat(now.unclaimed()).isEqualTo(Map.of("ParcelPainted", 1L));
      assertThat(now.layers()).allSatisfy(layer -> assertThat(layer.logPosition()).hasValue(300));
      assertThat(now.layers().get(2).openQuarantine()).isEqualTo(1);
      assertThat(now.layers().get(2).oldestQuarantine()).isPresent();

      var page = Report.page(SPARK, lakehouse, Parcels.JOURNEY, "Parcels", now, List.of());
      assertThat(page.substring(page.indexOf("<body>"), page.indexOf("<script>")))
          .contains("✓</span> nothing: every event is in every layer", "✗</span> 1 event<")
          .containsPattern("empty payload</data></td><td class=\"number\"><data value=\"1\">")
          .contains("<data value=\"silver.parcel_scanned\">", "never")
          .doesNotContain("Ghent", "parcel-a");

      assertThat(UnknownKeys.of(SPARK, lakehouse, Parcels.JOURNEY, 1_000))
          .containsExactly(
              new UnknownKey(
                  "silver.parcel_scanned", "ParcelScanned", "belt\\.side", "text", 0.5, 100));

      node.append(Stream.of(event(400, "ParcelScanned", "{\"hub\":\"Lille\"}")));
      assertThat(behind(status())).isEqualTo(List.of(1L, 0L, 1L, 0L, 1L));
    }
    var alone = status();
    assertThat(alone.unanswered().orElseThrow().code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(alone.layers())
        .hasSize(5)
        .allSatisfy(layer -> assertThat(layer.eventsBehind()).isEmpty());

    SPARK.sql(
        """
        INSERT INTO %s (run_id, task, version, started_at, seconds, outcome, error_code) VALUES
          ('1', 'IngestParcels', '1', TIMESTAMP '2025-01-29 11:00:00Z', 1, 'succeeded', NULL),
          ('2/1', 'FollowParcels', '1', TIMESTAMP '2025-01-29 10:00:00Z', 1, 'failed', 'KL-203')
        """
            .formatted(lakehouse.ensure(SPARK, TaskRuns.TABLE).sqlName()));
    assertThat(status().layers())
        .extracting(layer -> layer.lastRun().orElseThrow().outcome())
        .containsExactly("succeeded", "KL-203", "KL-203", "KL-203", "KL-203");
  }

  private Status status() {
    var tasks = new Tasks(Map.of("bronze.events", "IngestParcels"), "FollowParcels");
    return Status.of(SPARK, options, Parcels.JOURNEY, tasks);
  }

  private static List<Long> behind(Status status) {
    return status.layers().stream()
        .map(LayerStatus::eventsBehind)
        .map(events -> events.orElseThrow())
        .toList();
  }

  private static LogRecord event(long position, String type, String data) {
    return LogRecord.json(position, position / 100, TIME + position, "parcel-a", type, null, data);
  }
}
