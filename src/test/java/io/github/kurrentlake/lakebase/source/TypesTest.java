package io.github.kurrentlake.lakebase.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.testing.PostgresClient;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a value of every type, in both forms in which Postgres sends it. */
class TypesTest {
  private static final SparkSession SPARK = SharedSpark.session();
  private static final PostgresClient POSTGRES = PostgresClient.of(TypesTest.class);

  /** Postgres' type, a value, Spark's type, and the value as Spark writes it. */
  private record Case(String postgres, String value, String spark, String text) {}

  private static final List<Case> CASES =
      List.of(
          new Case("boolean", "true", "boolean", "true"),
          new Case("smallint", "-32768", "smallint", "-32768"),
          new Case("integer", "2147483647", "int", "2147483647"),
          new Case("bigint", "-9223372036854775808", "bigint", "-9223372036854775808"),
          new Case("real", "'1.1'", "float", "1.1"),
          new Case("real", "'NaN'", "float", "NaN"),
          new Case("double precision", "'0.1'", "double", "0.1"),
          new Case("double precision", "'-Infinity'", "double", "-Infinity"),
          new Case("numeric(10,2)", "-12345678.90", "decimal(10,2)", "-12345678.90"),
          new Case("numeric(5,5)", "0.00001", "decimal(5,5)", "0.00001"),
          new Case(
              "numeric(38,18)",
              "12345678901234567890.123456789012345678",
              "decimal(38,18)",
              "12345678901234567890.123456789012345678"),
          new Case(
              "numeric(20,0)", "10000000000000000000", "decimal(20,0)", "10000000000000000000"),
          new Case("numeric(10,2)", "'NaN'", "decimal(10,2)", null),
          new Case(
              "numeric(50,20)",
              "123456789012345678901234567890.12345678901234567890",
              "string",
              "123456789012345678901234567890.12345678901234567890"),
          new Case("numeric(5,-2)", "1234567", "string", "1234600"),
          new Case("numeric(3,5)", "0.00123", "string", "0.00123"),
          new Case("numeric", "'NaN'", "string", "NaN"),
          new Case("numeric", "1e40::numeric + 0.5", "string", "1" + "0".repeat(40) + ".5"),
          new Case("text", "'Grüße \\ ''x'' 🦆'", "string", "Grüße \\ 'x' 🦆"),
          new Case("varchar(5)", "''", "string", ""),
          new Case("char(4)", "'ab'", "string", "ab  "),
          new Case("\"char\"", "'x'", "string", "x"),
          new Case("name", "'relation'", "string", "relation"),
          new Case("bytea", "'\\x00ff10'", "binary", "00FF10"),
          new Case("date", "'2024-02-29'", "date", "2024-02-29"),
          new Case("date", "'infinity'", "date", null),
          new Case("date", "'0044-03-15 BC'", "date", null),
          new Case(
              "timestamp",
              "'2024-02-29 23:59:59.123456'",
              "timestamp_ntz",
              "2024-02-29 23:59:59.123456"),
          new Case("timestamp", "'0001-01-01 00:00:00'", "timestamp_ntz", "0001-01-01 00:00:00"),
          new Case(
              "timestamptz",
              "'2024-03-31 02:30:00.000001+02'",
              "timestamp",
              "2024-03-31 00:30:00.000001"),
          new Case("timestamptz", "'-infinity'", "timestamp", null),
          new Case("timestamptz", "'12024-01-01 00:00:00+00'", "timestamp", null),
          new Case("time", "'12:34:56.123456'", "string", "12:34:56.123456"),
          new Case("time", "'24:00:00'", "string", "24:00:00"),
          new Case("timetz", "'12:00:00+05:30'", "string", "12:00:00+05:30"),
          new Case(
              "interval",
              "'1 year 2 days 03:04:05.000006'",
              "string",
              "1 year 2 days 03:04:05.000006"),
          new Case("money", "'1234.5'", "string", "$1,234.50"),
          new Case("money[]", "'{1.5}'", "string", "{$1.50}"),
          new Case(
              "uuid",
              "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
              "string",
              "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
          new Case("json", "'{ \"a\" : 1 }'", "string", "{ \"a\" : 1 }"),
          new Case(
              "jsonb",
              "'{\"b\": [1, 2.50], \"a\": null}'",
              "string",
              "{\"a\": null, \"b\": [1, 2.50]}"),
          new Case("xml", "'<a>b</a>'", "string", "<a>b</a>"),
          new Case("inet", "'192.168.0.1'", "string", "192.168.0.1"),
          new Case("cidr", "'10.0.0.0/8'", "string", "10.0.0.0/8"),
          new Case("macaddr", "'08:00:2b:01:02:03'", "string", "08:00:2b:01:02:03"),
          new Case("bit(4)", "B'1010'", "string", "1010"),
          new Case("bit varying", "B'10'", "string", "10"),
          new Case("oid", "4294967295", "string", "4294967295"),
          new Case("xid8", "'18446744073709551615'", "string", "18446744073709551615"),
          new Case("point", "'(1.5,2)'", "string", "(1.5,2)"),
          new Case("tsvector", "'a fat cat'", "string", "'a' 'cat' 'fat'"),
          new Case("int4range", "'[1,5]'", "string", "[1,6)"),
          new Case("integer[]", "'{{1,NULL},{3,4}}'", "string", "{{1,NULL},{3,4}}"),
          new Case("text[]", "ARRAY['a,b', 'c\"d']", "string", "{\"a,b\",\"c\\\"d\"}"),
          new Case("mood", "'happy'", "string", "happy"),
          new Case("pair", "ROW(1, 'x y')", "string", "(1,\"x y\")"),
          new Case("posint", "7", "int", "7"),
          new Case("cents", "12.30", "decimal(12,2)", "12.30"),
          new Case("hstore", "'a=>1, b=>NULL'", "string", "\"a\"=>\"1\", \"b\"=>NULL"),
          new Case("citext", "'MiXed'", "string", "MiXed"));

  @TempDir private Path directory;

  @BeforeAll
  static void table() {
    POSTGRES.run(
        "CREATE EXTENSION hstore",
        "CREATE EXTENSION citext",
        "CREATE TYPE mood AS ENUM ('sad', 'happy')",
        "CREATE TYPE pair AS (n int, t text)",
        "CREATE DOMAIN posint AS int CHECK (value > 0)",
        "CREATE DOMAIN money_amount AS numeric(12,2)",
        "CREATE DOMAIN cents AS money_amount");
    var columns = new ArrayList<String>();
    for (var number = 0; number < CASES.size(); number++) {
      columns.add(name(number) + " " + CASES.get(number).postgres());
    }
    POSTGRES.run(
        "CREATE TABLE every_type (id int PRIMARY KEY, " + String.join(", ", columns) + ")");
    ChangeTracking.of(POSTGRES.database(), TableName.parse("every_type"))
        .publish(Identifier.of(ChangeTracking.PUBLICATION));
  }

  @Test
  void everyTypeIsReadAsItIsShownWhicheverWayPostgresSendsIt() throws Exception {
    // The slot begins on the empty table, so that the rows come through the log.
    stream();
    insert();
    stream();
    var log = SPARK.read().format("delta").load(directory.resolve("table").toString());
    assertCases(log);

    var table = SPARK.read().format("lakebase").options(options(Map.of())).load();
    assertCases(table);
  }

  private static void assertCases(Dataset<Row> rows) {
    var expressions =
        IntStream.range(0, CASES.size())
            .mapToObj(
                number ->
                    CASES.get(number).spark().equals("binary")
                        ? "hex(" + name(number) + ")"
                        : "CAST(" + name(number) + " AS STRING)")
            .toArray(String[]::new);
    var values = rows.filter("id = 1").selectExpr(expressions).collectAsList();
    assertThat(values).hasSize(1);
    for (var number = 0; number < CASES.size(); number++) {
      var expected = CASES.get(number);
      assertThat(rows.schema().apply(name(number)).dataType().sql())
          .as(expected.postgres())
          .isEqualToIgnoringCase(expected.spark());
      assertThat(values.get(0).getString(number))
          .as(expected.postgres() + " " + expected.value())
          .isEqualTo(expected.text());
    }
    var nulls = rows.filter("id = 2").selectExpr(expressions).head();
    assertThat(IntStream.range(0, CASES.size()).allMatch(nulls::isNullAt)).isTrue();
  }

  @Test
  void aJsonColumnBecomesAVariant() {
    POSTGRES.run(
        "CREATE TABLE documents (id int PRIMARY KEY, body jsonb)",
        "INSERT INTO documents VALUES (1, '{\"a\": {\"b\": [7, 8]}}')");
    var rows =
        SPARK
            .read()
            .format("lakebase")
            .options(POSTGRES.options("documents"))
            .load()
            .selectExpr("id", "parse_json(body) AS body");
    rows.write().format("delta").save(directory.resolve("silver").toString());
    var stored = SPARK.read().format("delta").load(directory.resolve("silver").toString());
    assertThat(stored.selectExpr("variant_get(body, '$.a.b[1]', 'int')").head().getInt(0))
        .isEqualTo(8);
  }

  @Test
  void noNameOfAColumnMakesATableUnreadable() {
    POSTGRES.run(
        "CREATE TABLE odd (\"Id\" int PRIMARY KEY, id int, \"a b;c=d\" int, \"_sequence\" int,"
            + " \"q\"\"uote\" int, gone int)",
        "ALTER TABLE odd DROP COLUMN gone",
        "INSERT INTO odd VALUES (1, 2, 3, 4, 5)");
    var rows = SPARK.read().format("lakebase").options(POSTGRES.options("odd")).load();
    assertThat(rows.columns())
        .startsWith("Id", "id_2", "a_b_c_d", "_sequence_4", "q\"uote", "_pg_change_type");
    var target = directory.resolve("odd").toString();
    rows.write().format("delta").save(target);
    var row = SPARK.read().format("delta").load(target).head();
    assertThat(IntStream.range(0, 5).map(row::getInt)).containsExactly(1, 2, 3, 4, 5);
  }

  private void insert() {
    var values = CASES.stream().map(Case::value).toList();
    POSTGRES.run(
        "INSERT INTO every_type VALUES (1, " + String.join(", ", values) + ")",
        "INSERT INTO every_type (id) VALUES (2)");
  }

  private void stream() throws Exception {
    SPARK
        .readStream()
        .format("lakebase")
        .options(options(Map.of("mode", "slot")))
        .load()
        .writeStream()
        .format("delta")
        .option("checkpointLocation", directory.resolve("checkpoint").toString())
        .trigger(Trigger.AvailableNow())
        .start(directory.resolve("table").toString())
        .awaitTermination();
  }

  private static Map<String, String> options(Map<String, String> more) {
    var options = new HashMap<>(POSTGRES.options("every_type"));
    options.putAll(more);
    return options;
  }

  private static String name(int number) {
    return "c" + number;
  }
}
