package io.github.kurrentlake.lakebase.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.sync.SyncReport.Kind;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.Postgres;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncedValuesTest {
  private static final ConnectionInfoProvider DATABASE = Postgres.database(SyncedValuesTest.class);

  /** What Delta holds, the type in Postgres, and the value as Postgres shows it. */
  private static final List<List<String>> CASES =
      List.of(
          List.of("true", "boolean", "true"),
          List.of("CAST(-128 AS TINYINT)", "smallint", "-128"),
          List.of("CAST(32767 AS SMALLINT)", "smallint", "32767"),
          List.of("-2147483648", "integer", "-2147483648"),
          List.of("9223372036854775807L", "bigint", "9223372036854775807"),
          List.of("CAST(1.5 AS FLOAT)", "real", "1.5"),
          List.of("CAST('NaN' AS DOUBLE)", "double precision", "NaN"),
          List.of("CAST('-Infinity' AS DOUBLE)", "double precision", "-Infinity"),
          List.of("1.7976931348623157E308D", "double precision", "1.7976931348623157e+308"),
          List.of(
              "CAST('-12345678901234567890123456789012345.678' AS DECIMAL(38,3))",
              "numeric(38,3)",
              "-12345678901234567890123456789012345.678"),
          List.of("CAST(0 AS DECIMAL(38,18))", "numeric(38,18)", "0.000000000000000000"),
          List.of("'plain'", "text", "plain"),
          List.of("''", "text", ""),
          List.of("CAST(NULL AS STRING)", "text", "null"),
          List.of("'\\\\N'", "text", "\\N"),
          List.of("'\\\\.'", "text", "\\."),
          List.of(
              "'tab\\there, line\\nthere\\r\\\\ and \\b'",
              "text",
              "tab\there, line\nthere\r\\ and \b"),
          List.of("'ünï😀 \\'quoted\\' \"twice\"'", "text", "ünï😀 'quoted' \"twice\""),
          List.of("X'00ff5c0a'", "bytea", "\\x00ff5c0a"),
          List.of("X''", "bytea", "\\x"),
          List.of("DATE'2026-11-20'", "date", "2026-11-20"),
          List.of("DATE'+12026-11-20'", "date", "12026-11-20"),
          List.of("DATE'-0043-03-15'", "date", "0044-03-15 BC"),
          List.of("DATE'0000-03-15'", "date", "0001-03-15 BC"),
          List.of(
              "TIMESTAMP'2026-11-20 19:42:52.123456 Europe/Berlin'",
              "timestamp with time zone",
              "2026-11-20 18:42:52.123456+00"),
          List.of(
              "TIMESTAMP_NTZ'2026-11-20 19:42:52.000001'",
              "timestamp without time zone",
              "2026-11-20 19:42:52.000001"),
          List.of(
              "named_struct('a', 1, 'b', CAST(NULL AS STRING), 'c', 'q\"\\n')",
              "jsonb",
              "{\"a\": 1, \"b\": null, \"c\": \"q\\\"\\n\"}"),
          List.of("array(1, NULL, 3)", "jsonb", "[1, null, 3]"),
          List.of("map('k', DATE'2026-01-02')", "jsonb", "{\"k\": \"2026-01-02\"}"),
          List.of("parse_json('{\"x\": [1.5, \"y\"]}')", "jsonb", "{\"x\": [1.5, \"y\"]}"));

  private final SparkSession spark = SharedSpark.session();
  private final Connections connections = Connections.to(DATABASE);
  @TempDir private Path directory;

  @Test
  void everyTypeArrivesAsItIsWholeAndByChanges() throws SQLException {
    var select =
        IntStream.range(0, CASES.size()).mapToObj(i -> CASES.get(i).get(0) + " AS c" + i).toList();
    spark
        .sql("SELECT 1L AS id, " + String.join(", ", select))
        .write()
        .format("delta")
        .option("delta.enableChangeDataFeed", "true")
        .save(path("everything"));
    var table = SyncedTable.of("gold.everything", TableName.of("app", "everything"), List.of("id"));
    assertThat(sync(table).kind()).isEqualTo(Kind.WHOLE_FIRST);
    spark.sql("UPDATE delta.`%s` SET id = 2".formatted(path("everything")));
    assertThat(sync(table).kind()).isEqualTo(Kind.CHANGES);

    try (var served = new Served(DATABASE)) {
      for (var i = 0; i < CASES.size(); i++) {
        var type = "pg_typeof(c" + i + ") || ''";
        assertThat(served.value("SELECT " + type + " FROM app.everything"))
            .as("case %d", i)
            .isEqualTo(CASES.get(i).get(1).replaceAll("\\(.*", ""));
        assertThat(served.value("SELECT c" + i + "::text FROM app.everything"))
            .as("case %d: %s", i, CASES.get(i).get(0))
            .isEqualTo(CASES.get(i).get(2));
      }
      assertThat(
              served.rows(
                  "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                      + " WHERE attrelid = 'app.everything'::regclass AND attname = 'c9'"))
          .containsExactly("numeric(38,3)");
    }
  }

  @Test
  void aNulOrANullKeyIsRefusedByColumnAndKey() {
    var table = SyncedTable.of("gold.nul", TableName.of("app", "nul"), List.of("id"));
    write("nul", "SELECT 'a' AS id, 'x' AS t, array('') AS j");
    sync(table);
    for (var bad : List.of("'k', concat('x', char(0)), array('')", "'k', 'x', array(char(0))")) {
      spark.sql("INSERT INTO delta.`%s` VALUES (%s)".formatted(path("nul"), bad));
      assertRefused(
          ErrorCode.ROW_NOT_SYNCABLE,
          table,
          bad.contains("concat") ? "column: t" : "column: j",
          "key id: k");
      spark.sql("DELETE FROM delta.`%s` WHERE id = 'k'".formatted(path("nul")));
    }
    // A backslash before it makes it plain text.
    spark.sql(
        "INSERT INTO delta.`%s` VALUES ('b', 'x', array('\\\\u0000'))".formatted(path("nul")));
    assertThat(sync(table).written()).isEqualTo(1);
    spark.sql("INSERT INTO delta.`%s` VALUES (NULL, 'x', array(''))".formatted(path("nul")));
    assertRefused(ErrorCode.KEY_IS_NULL, table, "column: id", "key id: null");
  }

  @Test
  void namesAreTakenAsTheyAre() throws SQLException {
    var target = TableName.of("a\"; DROP SCHEMA x; --", "$1 ?{t}'\\");
    write("odd", "SELECT 1 AS `Id`, 2 AS `we\"ird'$1?`, 3 AS sync_deleted, 4 AS select");
    var table = SyncedTable.of("gold.odd", target, List.of("id", "we\"ird'$1?"));
    sync(table);
    spark.sql("UPDATE delta.`%s` SET sync_deleted = 30".formatted(path("odd")));
    assertThat(sync(table)).isEqualTo(new SyncReport(Kind.CHANGES, 1, 1, 1));
    sync(table.schedulingPolicy(SchedulingPolicy.SNAPSHOT));
    try (var served = new Served(DATABASE)) {
      assertThat(
              served.rows(
                  "SELECT \"Id\", \"we\"\"ird'$1?\", sync_deleted, \"select\" FROM "
                      + target.sql()))
          .containsExactly("1|2|30|4");
    }
  }

  private void write(String name, String select) {
    spark
        .sql(select)
        .write()
        .format("delta")
        .option("delta.enableChangeDataFeed", "true")
        .save(path(name));
  }

  private SyncReport sync(SyncedTable table) {
    return LakebaseSync.run(spark, Lakehouse.at(directory), connections, table);
  }

  private void assertRefused(ErrorCode code, SyncedTable table, String... parts) {
    assertThatThrownBy(() -> sync(table))
        .isInstanceOfSatisfying(
            KurrentlakeException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e).hasMessageContainingAll(parts);
            });
  }

  private String path(String name) {
    return directory.resolve("gold").resolve(name).toString();
  }
}
