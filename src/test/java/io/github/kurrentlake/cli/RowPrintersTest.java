package io.github.kurrentlake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.testing.SharedSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class RowPrintersTest {

  @Test
  void jsonIsOneObjectALineWithNulls() throws IOException {
    assertThat(
            print(
                JsonPrinter::new,
                "SELECT id AS a, CASE WHEN id = 0 THEN 'ü\"\n' END AS b FROM range(2)"))
        .isEqualTo("{\"a\":0,\"b\":\"ü\\\"\\n\"}\n{\"a\":1,\"b\":null}\n");
  }

  @Test
  void jsonTimestampsAreIsoInUtcWithMicroseconds() throws IOException {
    assertThat(
            print(
                JsonPrinter::new,
                """
                SELECT timestamp'2025-01-29 17:45:43.85114+01:00' AS t,
                       timestamp'2025-01-29 00:00:00Z' AS midnight,
                       timestamp_ntz'2025-01-29 16:45:43.85114' AS ntz,
                       date'2025-01-29' AS d
                """))
        .isEqualTo(
            "{\"t\":\"2025-01-29T16:45:43.851140Z\",\"midnight\":\"2025-01-29T00:00:00.000000Z\","
                + "\"ntz\":\"2025-01-29T16:45:43.851140\",\"d\":\"2025-01-29\"}\n");
  }

  @Test
  void jsonKeepsNumbersExactAndNestsWhatIsNested() throws IOException {
    assertThat(
            print(
                JsonPrinter::new,
                """
                SELECT 9223372036854775807 AS big, CAST('1.10' AS DECIMAL(38, 2)) AS exact,
                       CAST(2.5 AS FLOAT) AS f, true AS truth, X'00FF' AS bytes,
                       array(1, null) AS list, map('k', 1.5D) AS map,
                       named_struct('x', 1, 'y', timestamp'2025-01-01 00:00:00Z') AS struct
                """))
        .isEqualTo(
            "{\"big\":9223372036854775807,\"exact\":1.10,\"f\":2.5,\"truth\":true,"
                + "\"bytes\":\"AP8=\",\"list\":[1,null],\"map\":{\"k\":1.5},"
                + "\"struct\":{\"x\":1,\"y\":\"2025-01-01T00:00:00.000000Z\"}}\n");
  }

  @Test
  void csvQuotesWhatNeedsItAndTellsNullFromEmpty() throws IOException {
    assertThat(
            print(
                CsvPrinter::new,
                """
                SELECT 'a,b' AS `with,comma`, 'say "x"' AS b, 'two\\nlines' AS c, '' AS empty,
                       CAST(null AS STRING) AS nothing, array('x') AS list, 1 AS n
                """))
        .isEqualTo(
            "\"with,comma\",b,c,empty,nothing,list,n\n"
                + "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"\",,\"[\"\"x\"\"]\",1\n");
  }

  @Test
  void aTableAlignsNumbersRightAndCountsItsRows() throws IOException {
    assertThat(
            print(
                TablePrinter::to,
                "SELECT * FROM VALUES ('one', 1), ('two\\nlines', 1000), (null, null) AS t(a, b)"))
        .isEqualTo(
            """
            a              b
            ----------  ----
            one            1
            two\\nlines  1000
            null        null
            (3 rows)
            """);
  }

  @Test
  void whatIsInTheDataDoesNothingToATerminal() throws IOException {
    assertThat(print(TablePrinter::to, "SELECT '\\u001b[2Jgone\\u0007\\u0085' AS name"))
        .contains("\\u001b[2Jgone\\u0007\\u0085")
        .doesNotContain("\u001b", "\u0007", "\u0085");
  }

  @Test
  void aTableShowsEveryRowAlsoBehindThoseItMeasured() throws IOException {
    var rows =
        LongStream.range(0, 3_000)
            .mapToObj(i -> RowFactory.create("x".repeat(i == 2_500 ? 50 : 1)));

    var lines =
        print(TablePrinter::to, StructType.fromDDL("c STRING"), rows.iterator()).lines().toList();

    assertThat(lines).hasSize(2 + 3_000 + 1).endsWith("(3,000 rows)").contains("x".repeat(50));
  }

  @Test
  void printersTakeRowsOneByOneAndStopWhenNobodyReads() throws IOException {
    var taken = new int[1];
    Iterator<Row> endless =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Row next() {
            taken[0]++;
            return RowFactory.create("x".repeat(100));
          }
        };
    var closedPipe =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            },
            false,
            StandardCharsets.UTF_8);

    var schema = StructType.fromDDL("c STRING");
    for (var printer :
        List.<RowPrinter>of(
            new JsonPrinter(closedPipe), new CsvPrinter(closedPipe), TablePrinter.to(closedPipe))) {
      printer.print(schema, endless);
    }

    assertThat(taken[0]).isBetween(1, 100_000);
  }

  @Test
  void aStatementWithoutAResultPrintsNothing() throws IOException {
    assertThat(print(TablePrinter::to, new StructType(), List.<Row>of().iterator())).isEmpty();
  }

  private static String print(Function<PrintStream, RowPrinter> printer, String query)
      throws IOException {
    SparkSession spark = SharedSpark.session().newSession();
    spark.conf().set("spark.sql.session.timeZone", "UTC");
    spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
    var result = spark.sql(query);
    return print(printer, result.schema(), result.collectAsList().iterator());
  }

  private static String print(
      Function<PrintStream, RowPrinter> printer, StructType schema, Iterator<Row> rows)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    printer.apply(new PrintStream(bytes, false, StandardCharsets.UTF_8)).print(schema, rows);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
