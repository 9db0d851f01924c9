package io.github.kurrentlake.lakebase.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.source.ChangeTracking;
import io.github.kurrentlake.lakebase.source.LakebaseOption;
import io.github.kurrentlake.lakebase.source.LakebaseSource;
import io.github.kurrentlake.lakebase.source.ReadMode;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableSession;
import io.github.kurrentlake.testing.PostgresClient;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bronze has each version once, whatever becomes of Spark's checkpoint or of Bronze itself. */
@Tag("long")
class LostCheckpointTest {
  private static final SparkSession SPARK = SharedSpark.session();
  private static final PostgresClient POSTGRES = PostgresClient.of(LostCheckpointTest.class);
  private static int tables;

  @TempDir private Path directory;
  private TableName table;
  private int last;

  @BeforeEach
  void table() {
    tables++;
    table = TableName.of("public", "kept_" + tables);
    POSTGRES.run("CREATE TABLE %s (id int PRIMARY KEY)".formatted(table));
    var tracking = ChangeTracking.of(POSTGRES.database(), table);
    tracking.stampTransactions();
    tracking.publish(Identifier.of(ChangeTracking.PUBLICATION));
    insert();
    insert();
    insert();
  }

  @AfterEach
  void dropSlots() {
    POSTGRES.run(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
            + " WHERE database = current_database()");
  }

  @ParameterizedTest
  @EnumSource(names = {"XMIN", "SLOT"})
  void aCheckpointMayBeDeletedOrRestoredOrBelongToAnotherRun(ReadMode mode) throws IOException {
    var options = options(mode);
    assertThat(ingest(options)).isEqualTo(new JobReport(3, 3));
    var backup = Trees.copy(checkpoint("kept"), directory.resolve("backup"));
    insert();
    ingest(options);
    assertOnce();

    Trees.delete(checkpoint("kept"));
    assertThat(ingest(options)).isEqualTo(JobReport.nothingNew());
    assertOnce();
    Trees.delete(checkpoint("kept"));
    insert();
    assertThat(ingest(options)).isEqualTo(new JobReport(1, 1));
    assertOnce();

    replaceCheckpoint(backup);
    insert();
    assertThat(ingest(options)).isEqualTo(new JobReport(1, 1));
    assertOnce();

    // The other run has begun later and read more.
    var other = options.into("other").with(LakebaseOption.SLOT, "other_slot");
    ingest(other);
    insert();
    ingest(other);
    insert();
    ingest(other);
    replaceCheckpoint(checkpoint("other"));
    assertThat(ingest(options)).isEqualTo(new JobReport(2, 2));
    assertOnce();
  }

  /** As after a restore of the storage from a backup: the checkpoint is ahead of the table. */
  @ParameterizedTest
  @EnumSource(names = {"MONOTONIC", "SLOT"})
  void anOlderBronzeGetsWhatItLacksOrTheRunStops(ReadMode mode) throws IOException {
    var options = options(mode);
    ingest(options);
    var backup = Trees.copy(bronze("kept"), directory.resolve("backup"));
    insert();
    ingest(options);
    insert();
    ingest(options);
    Trees.delete(bronze("kept"));
    Trees.copy(backup, bronze("kept"));
    if (mode == ReadMode.SLOT) {
      assertCode(() -> ingest(options), ErrorCode.LAKEBASE_SLOT_MOVED);
    } else {
      assertThat(ingest(options)).isEqualTo(new JobReport(2, 2));
      assertOnce();
    }
  }

  @Test
  void aBronzeOfWhichNobodyKnowsHowFarItWasReadStopsTheRun() {
    var options = options(ReadMode.XMIN);
    ingest(options);
    insert();
    ingest(options);
    var sql = "CREATE TABLE delta.`%s` SHALLOW CLONE delta.`%s`";
    SPARK.sql(sql.formatted(bronze("copy"), bronze("kept")));
    assertCode(() -> ingest(options.into("copy")), ErrorCode.BRONZE_POSITION_UNKNOWN);

    SPARK.sql("RESTORE TABLE delta.`%s` TO VERSION AS OF 1".formatted(bronze("kept")));
    insert();
    assertCode(() -> ingest(options), ErrorCode.BRONZE_POSITION_UNKNOWN);
    assertThat(rows().count()).isEqualTo(3);
    LakebaseIngest.resync(SPARK, options, Progress.unwatched());
    assertThat(ids()).hasSize(3 + 5).contains(4, 5);
    insert();
    assertThat(ingest(options)).isEqualTo(new JobReport(1, 1));
  }

  /** What others do to the rows or the files of Bronze says nothing of Postgres. */
  @Test
  void othersCommitsDoNotHideHowFarBronzeWasRead() {
    var options = options(ReadMode.XMIN);
    ingest(options);
    insert();
    ingest(options);
    SPARK.sql("DELETE FROM delta.`%s` WHERE id = 1".formatted(bronze("kept")));
    SPARK.sql("OPTIMIZE delta.`%s`".formatted(bronze("kept")));
    for (var commit = 0; commit < 31; commit++) {
      SPARK.sql(
          "ALTER TABLE delta.`%s` SET TBLPROPERTIES ('of.others' = '%d')"
              .formatted(bronze("kept"), commit));
    }
    insert();
    assertThat(ingest(options)).isEqualTo(new JobReport(1, 1));
    assertThat(ids()).containsExactlyInAnyOrder(2, 3, 4, 5);
    // Nothing new, and nothing to note.
    var version = version();
    ingest(options);
    assertThat(version()).isEqualTo(version);
  }

  @Test
  void ofTwoRunsAtOnceOneWrites() {
    var options = options(ReadMode.XMIN);
    ingest(options);
    var slow = bronze(options);
    var from = slow.reached();
    insert();
    ingest(options);
    var row = rows().limit(1);
    assertCode(
        () -> slow.write(row, from.next(from.position() + " elsewhere")),
        ErrorCode.TABLE_CONTENDED);
    assertOnce();
    // A batch without a row is noted like any other.
    slow.write(row.limit(0), slow.reached().next(slow.reached().position()));
    insert();
    ingest(options);
    assertOnce();
  }

  /** Rows that an overlap brings again are left out, also where they come without a checkpoint. */
  @Test
  void anOverlapWritesNoRowTwice() throws IOException {
    var options = options(ReadMode.MONOTONIC).with(LakebaseOption.OVERLAP, "2");
    assertThat(ingest(options)).isEqualTo(new JobReport(3, 3));
    insert();
    ingest(options);
    assertOnce();
    Trees.delete(checkpoint("kept"));
    insert();
    ingest(options);
    assertOnce();
  }

  private static BronzeCopy bronze(IngestOptions options) {
    var spark = TableSession.of(SPARK);
    var source = spark.read().format(LakebaseSource.NAME).options(options.options()).load();
    return BronzeCopy.ensure(spark, options, List.of("id"), source.schema());
  }

  private void insert() {
    last++;
    POSTGRES.run("INSERT INTO %s VALUES (%d)".formatted(table, last));
  }

  private IngestOptions options(ReadMode mode) {
    var options =
        IngestOptions.of(
                Lakehouse.at(directory.resolve("lakehouse")), POSTGRES.database(), table, mode)
            .into("kept");
    return mode == ReadMode.MONOTONIC ? options.with(LakebaseOption.CURSOR_COLUMN, "id") : options;
  }

  private static JobReport ingest(IngestOptions options) {
    return LakebaseIngest.ingest(SPARK, options, Progress.unwatched());
  }

  private Path bronze(String name) {
    return directory.resolve("lakehouse/bronze/" + name);
  }

  private Dataset<Row> rows() {
    return SPARK.newSession().read().format("delta").load(bronze("kept").toString());
  }

  private List<Integer> ids() {
    return rows().select("id").as(Encoders.INT()).collectAsList();
  }

  private long version() {
    return SPARK
        .sql("DESCRIBE HISTORY delta.`%s` LIMIT 1".formatted(bronze("kept")))
        .head()
        .getLong(0);
  }

  private void assertOnce() {
    assertThat(ids())
        .containsExactlyInAnyOrderElementsOf(
            POSTGRES.rows("SELECT id FROM %s".formatted(table)).stream()
                .map(Integer::valueOf)
                .toList());
  }

  private Path checkpoint(String bronze) throws IOException {
    try (var checkpoints = Files.list(directory.resolve("lakehouse/ops/_checkpoints"))) {
      return checkpoints
          .filter(path -> path.getFileName().toString().startsWith("lakebase_" + bronze + "_"))
          .findFirst()
          .orElseThrow();
    }
  }

  private void replaceCheckpoint(Path by) throws IOException {
    var place = checkpoint("kept");
    Trees.delete(place);
    Trees.copy(by, place);
  }

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call).hasMessageStartingWith(code.code());
  }
}
