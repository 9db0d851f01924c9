package io.github.kurrentlake.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.draft.Draft;
import io.github.kurrentlake.draft.DraftFiles;
import io.github.kurrentlake.draft.Drift;
import io.github.kurrentlake.draft.WrittenGold;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.EventsFile;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.reconcile.ReconcileOptions.Extent;
import io.github.kurrentlake.reconcile.ReconcileOptions.Payloads;
import io.github.kurrentlake.replay.ReplayOptions.OnceCompared;
import io.github.kurrentlake.replay.Replayed;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events that nobody has declared: from a sample of them to Gold, against what DuckDB makes of the
 * file they came from.
 */
class OrdersTest {
  private static final Path ORDERS = Path.of("jobs", "orders.jsonl");
  private static final SparkSession SPARK = SharedSpark.session();

  @TempDir private static Path directory;
  private static EmbeddedKurrentDb node;
  private static KurrentDb kurrentdb;
  private static Pipeline pipeline;
  private static Lakehouse lakehouse;

  @BeforeAll
  static void run() throws IOException {
    node = EmbeddedKurrentDb.builder().start();
    try (var records = EventsFile.at(ORDERS).records()) {
      node.append(records);
    }
    kurrentdb = KurrentDbs.reach(node, directory);
    var folder = Files.createDirectory(directory.resolve("order"));
    Files.writeString(
        folder.resolve(PipelineFolder.FILE), DraftFiles.yaml(Draft.of(kurrentdb, "order")));
    pipeline = PipelineFolder.read(folder);
    lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    bringUpToDate();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static void bringUpToDate() {
    tasks().ingest(kurrentdb);
    tasks().project();
    tasks().refresh();
  }

  private static PipelineTasks tasks() {
    return PipelineTasks.of(SPARK, lakehouse, pipeline);
  }

  @Test
  void everyColumnOfTheOrdersIsWhatAnotherReaderFindsInTheirJson() {
    assertThat(
            spark(
                "SELECT stream, order_id, total_amount, total_currency,"
                    + " CAST(unix_micros(placed_at) AS STRING), status, to_json(tags),"
                    + " customer_name, customer_email, express, due_day, coupon, weight,"
                    + " log_position FROM ${order_placed} WHERE warnings IS NULL ORDER BY stream"))
        .isEqualTo(
            duckdb(
                "SELECT stream,"
                    + " CAST(coalesce(data->>'$.OrderId', data->>'$.orderId') AS BIGINT),"
                    + " CAST(data->>'$.Total.Amount' AS DECIMAL(18, 2)), data->>'$.Total.Currency',"
                    + " CASE WHEN json_type(data->'$.PlacedAt') = 'VARCHAR'"
                    + " THEN epoch_us(CAST(data->>'$.PlacedAt' AS TIMESTAMPTZ))"
                    + " ELSE CAST(data->>'$.PlacedAt' AS BIGINT) * 1000000 END,"
                    + " data->>'$.Status', CAST(data->'$.Tags' AS VARCHAR),"
                    + " data->>'$.Customer.Name', data->>'$.Customer.Email',"
                    + " CAST(data->>'$.Express' AS BOOLEAN), CAST(data->>'$.DueDay' AS DATE),"
                    + " data->>'$.Coupon', data->>'$.Weight', log_position"
                    + " FROM orders WHERE schema_name = 'OrderPlaced' ORDER BY stream"));
  }

  @Test
  void eachElementOfAnArrayIsARow() {
    assertThat(
            spark(
                "SELECT stream, ordinal, order_id, sku, qty, price, note, log_position"
                    + " FROM ${order_placed_lines} WHERE ordinal > 0 ORDER BY stream, ordinal"))
        .isNotEmpty()
        .isEqualTo(
            duckdb(
                "SELECT stream, ordinal, order_id, line->>'$.Sku', CAST(line->>'$.Qty' AS BIGINT),"
                    + " CAST(line->>'$.Price' AS DECIMAL(18, 2)), line->>'$.Note', log_position"
                    + " FROM (SELECT stream, log_position,"
                    + " CAST(coalesce(data->>'$.OrderId', data->>'$.orderId') AS BIGINT)"
                    + " AS order_id, unnest(CAST(data->'$.Lines' AS JSON[])) AS line,"
                    + " generate_subscripts(CAST(data->'$.Lines' AS JSON[]), 1) AS ordinal"
                    + " FROM orders WHERE schema_name = 'OrderPlaced') ORDER BY stream, ordinal"));
    assertThat(spark("SELECT stream, ordinal, sku FROM ${order_placed_lines} WHERE ordinal = 0"))
        .hasSize(
            duckdb(
                    "SELECT stream FROM orders WHERE schema_name = 'OrderPlaced'"
                        + " AND json_array_length(data->'$.Lines') = 0")
                .size())
        .allSatisfy(row -> assertThat(row).endsWith("|0|null"));
  }

  @Test
  void goldHasOneRowPerOrderWithItsLastEventAndTheirNumber() {
    assertThat(
            spark(
                "SELECT stream, order_id, total_amount, carrier, reason_text, last_event_type,"
                    + " events, log_position, CAST(unix_millis(first_event_at) AS STRING),"
                    + " CAST(unix_millis(last_event_at) AS STRING)"
                    + " FROM ${gold} ORDER BY stream"))
        .isEqualTo(
            duckdb(
                "SELECT stream,"
                    + " max(CASE WHEN schema_name = 'OrderPlaced' THEN"
                    + " CAST(coalesce(data->>'$.OrderId', data->>'$.orderId') AS BIGINT) END),"
                    + " max(CAST(data->>'$.Total.Amount' AS DECIMAL(18, 2))),"
                    + " max(data->>'$.Carrier'), max(data->>'$.Reason.Text'),"
                    + " arg_max(schema_name, log_position), count(*), max(log_position),"
                    + " min(created_at), arg_max(created_at, log_position)"
                    + " FROM orders GROUP BY stream ORDER BY stream"));
  }

  @Test
  void goldThatIsWrittenOutIsWhatWasDerived() throws IOException {
    var gold = pipeline.lifecycle().tables().get(0);
    var folder = Files.createDirectory(directory.resolve("written"));
    Files.writeString(
        folder.resolve(PipelineFolder.FILE),
        Files.readString(directory.resolve("order").resolve(PipelineFolder.FILE))
            + WrittenGold.yaml(gold));
    Files.writeString(folder.resolve(WrittenGold.file(gold)), gold.select().text());
    assertThat(PipelineFolder.read(folder)).isEqualTo(pipeline);
  }

  @Test
  void nothingIsMissingOrAlteredAndAReplayFindsTheSame() {
    assertThat(tasks().reconcile(kurrentdb, Extent.FULL, Payloads.ALL).isClean()).isTrue();
    assertThat(tasks().replay(List.of(), OnceCompared.SWITCH)).noneMatch(Replayed::differs);
    assertThat(Drift.of(Draft.of(kurrentdb, "order"), pipeline).isEmpty()).isTrue();
  }

  @Test
  void aPlanSaysWhatAnotherDeclarationMeansForTheTables() throws IOException {
    assertThat(tasks().plan()).isEmpty();
    var folder = Files.createDirectory(directory.resolve("changed"));
    Files.writeString(
        folder.resolve(PipelineFolder.FILE),
        Files.readString(directory.resolve("order").resolve(PipelineFolder.FILE))
            .replace("name: weight\n        type: text", "name: weight\n        type: double")
            .replace("name: total_currency", "name: currency")
            .replace("table: order_cancelled", "table: order_given_up"));
    var changed = PipelineTasks.of(SPARK, lakehouse, folder.toString());
    assertThat(changed.plan())
        .extracting(one -> one.table() + " " + one.what())
        .contains(
            "silver.order_placed gets the column currency STRING",
            "silver.order_placed keeps the column total_currency, which is not declared",
            "silver.order_placed is refused: weight is STRING there and DOUBLE in the declaration;"
                + " give it another name, then replay",
            "silver.order_placed was declared otherwise when its 48 rows were written; new events"
                + " are read anew, and replay --projection=order_placed reads the others again",
            "silver.order_given_up is made, with 6 columns");
    assertThatThrownBy(changed::project).hasMessageContaining("KL-304");
    assertThat(changed.status(kurrentdb).layers()).hasSize(6);
    assertThat(PipelineTasks.of(SPARK, Lakehouse.at(directory.resolve("none")), pipeline).plan())
        .hasSize(7)
        .allSatisfy(one -> assertThat(one.what()).startsWith("is made, with "));
    assertThat(directory.resolve("none")).doesNotExist();
  }

  @Test
  void anotherPipelineInTheSameLakehouseTakesItsOwnEventsAlone() throws IOException {
    node.append(
        IntStream.range(0, 30)
            .mapToObj(
                i ->
                    LogRecord.json(
                        1_000_000 + i,
                        i,
                        1_738_168_933_527L,
                        "basket-" + i,
                        i % 2 == 0 ? "OrderPlaced" : "BasketLeft",
                        UUID.nameUUIDFromBytes(new byte[] {(byte) i}),
                        "{\"OrderId\":" + i + "}"))
            .collect(Stream::<LogRecord>builder, Stream.Builder::add, (some, more) -> {})
            .build());
    var folder = Files.createDirectory(directory.resolve("basket"));
    var draft = DraftFiles.yaml(Draft.of(kurrentdb, "basket"));
    Files.writeString(folder.resolve(PipelineFolder.FILE), draft);
    assertThatThrownBy(() -> PipelineTasks.of(SPARK, lakehouse, folder.toString()).project())
        .hasMessageContaining("KL-332")
        .hasMessageContaining("made for: order");
    var named = draft.replace("table: order_placed", "table: basket_placed");
    Files.writeString(
        folder.resolve(PipelineFolder.FILE),
        named.replace("table: basket_state", "table: order_state"));
    var others = PipelineTasks.of(SPARK, lakehouse, folder.toString());
    others.ingest(kurrentdb);
    others.project();
    assertThatThrownBy(others::refresh)
        .hasMessageContaining("KL-332")
        .hasMessageContaining("table: gold.order_state");
    Files.writeString(folder.resolve(PipelineFolder.FILE), named);
    var baskets = PipelineTasks.of(SPARK, lakehouse, folder.toString());
    baskets.refresh();
    bringUpToDate();
    assertThat(spark("SELECT count(*) FROM ${order_placed}")).containsExactly("48");
    assertThat(
            lakehouse
                .table(baskets.pipeline().lifecycle().projections().get(0).table())
                .read(SPARK)
                .count())
        .isEqualTo(15);
    assertThat(lakehouse.table(baskets.pipeline().lifecycle().table()).read(SPARK).count())
        .isEqualTo(30);
    assertThat(tasks().reconcile(kurrentdb, Extent.FULL, Payloads.ALL).isClean()).isTrue();
  }

  @Test
  void anotherClustersEventsDoNotComeIntoTheSameBronze() throws IOException {
    try (var other = EmbeddedKurrentDb.builder().start()) {
      other.append(
          Stream.of(
              LogRecord.json(
                  190,
                  0,
                  1_738_168_933_527L,
                  "invoice-1",
                  "InvoiceSent",
                  UUID.nameUUIDFromBytes(new byte[] {7}),
                  "{\"InvoiceId\":1}")));
      var elsewhere = KurrentDbs.reach(other, Files.createDirectory(directory.resolve("other")));
      assertThatThrownBy(
              () ->
                  Bronze.ingest(
                      SPARK,
                      new BronzeOptions(lakehouse, elsewhere, "invoice", "invoices", 1000),
                      Progress.unwatched()))
          .hasMessageContaining("KL-209");
    }
  }

  /** The rows with their cells as texts. */
  private static List<String> spark(String query) {
    var sql = query.replace("${gold}", lakehouse.table(pipeline.lifecycle().table()).sqlName());
    for (var projection : pipeline.lifecycle().projections()) {
      sql =
          sql.replace(
              "${" + projection.name() + "}", lakehouse.table(projection.table()).sqlName());
    }
    var rows = SPARK.sql(sql);
    return rows.collectAsList().stream()
        .map(
            row ->
                IntStream.range(0, row.length())
                    .mapToObj(i -> String.valueOf(row.get(i)))
                    .reduce((some, more) -> some + "|" + more)
                    .orElse(""))
        .toList();
  }

  private static List<String> duckdb(String query) {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "CREATE VIEW orders AS SELECT * REPLACE (CAST(data AS JSON) AS data)"
              + " FROM read_json('%s', columns = {log_position: 'BIGINT', created_at: 'BIGINT',"
                  .formatted(ORDERS)
              + " stream: 'VARCHAR', schema_name: 'VARCHAR', data: 'VARCHAR'})");
      var found = statement.executeQuery(query);
      var rows = new ArrayList<String>();
      while (found.next()) {
        var cells = new ArrayList<String>();
        for (var i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          cells.add(found.getString(i));
        }
        rows.add(
            cells.stream()
                .map(String::valueOf)
                .reduce((some, more) -> some + "|" + more)
                .orElse(""));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
