package io.github.kurrentlake.lakebase.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.testing.PostgresClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stream plans, and what it refuses, without the batches of Spark. */
class TableStreamTest {
  private static final PostgresClient POSTGRES = PostgresClient.of(TableStreamTest.class);

  @TempDir private Path directory;

  @Test
  void anOpenTransactionThatHasWrittenHoldsBackWhatCommitsAfterItAndIsShown() throws Exception {
    POSTGRES.run("CREATE TABLE held (id int PRIMARY KEY)");
    var stream = stream("held", Map.of());
    var from = stream.initialOffset();
    try (var slow = POSTGRES.open()) {
      slow.setAutoCommit(false);
      try (var statement = slow.createStatement()) {
        statement.execute("INSERT INTO held VALUES (1)");
        POSTGRES.run("INSERT INTO held VALUES (2)");
        assertThat(stream.latestOffset(from, ReadLimit.allAvailable())).isEqualTo(from);
        assertThat(Integer.parseInt(stream.metrics(Optional.empty()).get("transactionsBehind")))
            .isGreaterThanOrEqualTo(2);
        assertThat(stream.metrics(Optional.empty())).containsKey("oldestWriterSeconds");
        slow.commit();
      }
    }
    assertThat(rows(stream, from)).isEqualTo(2);
  }

  @Test
  void aColumnThatIsAddedBetweenPlanningAndReadingStopsTheRead() {
    POSTGRES.run("CREATE TABLE changing (id int PRIMARY KEY)", "INSERT INTO changing VALUES (1)");
    var stream = stream("changing", Map.of());
    var from = stream.initialOffset();
    var to = stream.latestOffset(from, ReadLimit.allAvailable());
    POSTGRES.run("ALTER TABLE changing ADD COLUMN more text DEFAULT 'lost otherwise'");
    var partition = stream.planInputPartitions(from, to)[0];
    assertCode(
        () -> stream.createReaderFactory().createReader(partition),
        ErrorCode.LAKEBASE_TABLE_CHANGED);
  }

  @Test
  void aBatchThatIsPlannedReadsTheSameAgainButForWhatHasChangedSince() throws Exception {
    POSTGRES.run(
        "CREATE TABLE again (id int PRIMARY KEY, n int)",
        "INSERT INTO again SELECT n, 0 FROM generate_series(1, 10) n");
    var stream = stream("again", Map.of());
    var from = stream.initialOffset();
    var to = stream.latestOffset(from, ReadLimit.allAvailable());
    assertThat(rows(stream, from, to)).isEqualTo(10);
    POSTGRES.run("UPDATE again SET n = 1 WHERE id <= 3");
    var after = stream("again", Map.of());
    assertThat(rows(after, from, after.deserializeOffset(to.json()))).isEqualTo(7);
    assertThat(rows(after, to)).isEqualTo(3);
  }

  @Test
  void whatCannotBeReadIsRefusedWithItsReason() {
    POSTGRES.run(
        "CREATE TABLE keyless (n int, changed timestamp)",
        "CREATE VIEW shown AS SELECT 1 AS id, now() AS changed",
        "CREATE TABLE plain (id int PRIMARY KEY, state text, amount numeric)");
    assertCode(() -> stream("nowhere", Map.of()), ErrorCode.LAKEBASE_NO_TABLE);
    assertCode(() -> stream("keyless", Map.of()), ErrorCode.LAKEBASE_NO_KEY);
    assertCode(() -> stream("shown", Map.of("keyColumns", "id")), ErrorCode.LAKEBASE_NOT_PREPARED);
    assertCode(() -> stream("plain", Map.of("mode", "xid8")), ErrorCode.LAKEBASE_NOT_PREPARED);
    assertCode(
        () -> stream("plain", Map.of("deletes", "tombstones")), ErrorCode.LAKEBASE_NOT_PREPARED);
    assertCode(() -> stream("plain", Map.of("mode", "slot")), ErrorCode.LAKEBASE_NOT_PREPARED);
    assertCode(
        () -> stream("plain", Map.of("mode", "monotonic", "cursorColumn", "amount")),
        ErrorCode.BAD_OPTION);
    assertCode(() -> stream("plain", Map.of("password", "canary")), ErrorCode.SECRET_IN_OPTIONS);
    assertThatThrownBy(() -> stream("plain", Map.of("password", "canary")))
        .hasMessageContaining("instead: LAKEBASE_PASSWORD")
        .hasMessageNotContainingAny("KURRENTDB", "usernameFile", "canary");
    assertThatThrownBy(() -> stream("plain", Map.of("USER", "canary")))
        .hasMessageContaining("instead: the option lakebase");
    assertCode(() -> stream("plain", Map.of("dbtable", "plain")), ErrorCode.BAD_OPTION);
    assertThat(
            stream(
                    "shown",
                    Map.of("mode", "monotonic", "keyColumns", "id", "cursorColumn", "changed"))
                .initialOffset()
                .json())
        .contains("MONOTONIC");
  }

  private static int rows(TableStream stream, Offset from) throws Exception {
    return rows(stream, from, stream.latestOffset(from, ReadLimit.allAvailable()));
  }

  private static int rows(TableStream stream, Offset from, Offset to) throws Exception {
    var rows = 0;
    var partition = stream.planInputPartitions(from, to)[0];
    try (var reader = stream.createReaderFactory().createReader(partition)) {
      while (reader.next()) {
        rows++;
      }
    }
    return rows;
  }

  private TableStream stream(String table, Map<String, String> more) {
    var options = new HashMap<>(POSTGRES.options(table));
    options.putAll(more);
    var request = ReadRequest.of(new CaseInsensitiveStringMap(options));
    return new TableStream(request, request.schema(), directory.toString());
  }

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call).hasMessageStartingWith(code.code()).hasMessageNotContaining("canary");
  }
}
