package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.nio.file.Path;
import java.sql.Timestamp;
import org.apache.spark.sql.RowFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A statement of the user's instead of events. */
class QueryReadTest {
  private static final String COUNTS =
      "SELECT schema_name, count(*) AS events FROM kdb.records GROUP BY schema_name;";

  @TempDir private static Path directory;
  private static Node node;

  @BeforeAll
  static void fillTheLog() {
    node = Node.start(directory);
    node.kurrentdb().append(Node.orders(1, 5_000, 100));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void everyTypeOfAnAnswerIsASparkType() {
    var rows =
        node.read()
            .option(
                "query",
                """
                SELECT min(log_position) AS big, CAST(7 AS INTEGER) AS small, 0.5::DOUBLE AS share,
                  0.5::FLOAT AS half, true AS yes, sum(stream_revision) AS total,
                  epoch_ms(0) AS time, DATE '2025-01-29' AS day, 'x' AS text, NULL::VARCHAR AS none
                FROM kdb.records
                """)
            .load();
    assertThat(rows.schema().toDDL())
        .isEqualTo(
            "big BIGINT,small INT,share DOUBLE,half FLOAT,yes BOOLEAN,total DECIMAL(38,0),"
                + "time TIMESTAMP,day DATE,text STRING,none STRING");
    var row = rows.drop("total").head();
    assertThat(row)
        .isEqualTo(
            RowFactory.create(
                row.getLong(0),
                7,
                0.5,
                0.5f,
                true,
                new Timestamp(0),
                java.sql.Date.valueOf("2025-01-29"),
                "x",
                null));
  }

  @Test
  void sparkGoesOnWithTheAnswer() {
    var statements = node.kurrentdb().statements();
    var counts = node.read().option("query", COUNTS).load();
    assertThat(counts.filter("events > 10").selectExpr("sum(events)").head().get(0))
        .isEqualTo(node.read().load().count());
    assertThat(node.kurrentdb().statements()).isGreaterThan(statements);
    var all = node.read().option("query", "SELECT data FROM kdb.records").load();
    assertThat(all.count()).isEqualTo(node.read().load().count());
  }

  @Test
  void whatKurrentDbOrSparkCannotDoIsNamed() {
    assertCode(() -> load("SELECT * FROM kdb.streams"), ErrorCode.QUERY_FAILED);
    assertCode(() -> load("SELECT stream_hash FROM kdb.records"), ErrorCode.COLUMN_DIFFERS);
    assertCode(
        () -> node.read().option("query", COUNTS).option("category", "order").load(),
        ErrorCode.BAD_OPTION);
    assertThatThrownBy(
            () ->
                node.read()
                    .schema("schema_name STRING, events BIGINT, more INT")
                    .option("query", COUNTS)
                    .load()
                    .collectAsList())
        .hasMessageContaining("KL-217");
  }

  private static void load(String query) {
    node.read().option("query", query).load();
  }

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KurrentlakeException.class, error -> assertThat(error.code()).isEqualTo(code))
        .hasMessageNotContaining(Node.PASSWORD);
  }
}
