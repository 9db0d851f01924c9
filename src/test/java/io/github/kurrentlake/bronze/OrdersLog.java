package io.github.kurrentlake.bronze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs of Bronze over a log of orders, each test with a node and a lakehouse of its own. */
abstract class OrdersLog {
  static final long TIME = 1_738_168_933_527L;
  static final String PIPELINE = "test_to_bronze";

  final SparkSession spark = SharedSpark.session();
  @TempDir static Path shared;
  @TempDir Path directory;
  Lakehouse lakehouse;
  EmbeddedKurrentDb kurrentdb;

  @BeforeAll
  static void tablesWithoutARow() {
    var empty = Lakehouse.at(shared.resolve("lakehouse"));
    List.of(BronzeTables.EVENTS, BronzeTables.INGEST_HWM)
        .forEach(table -> empty.ensure(SharedSpark.session(), table));
  }

  @BeforeEach
  void start() {
    lakehouse =
        Lakehouse.at(Trees.copy(shared.resolve("lakehouse"), directory.resolve("lakehouse")));
    kurrentdb = EmbeddedKurrentDb.builder().start();
  }

  @AfterEach
  void stop() {
    kurrentdb.close();
  }

  static void assertCode(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KurrentlakeException.class, error -> assertThat(error.code()).isEqualTo(code))
        .hasMessageNotContainingAny("canary", "changeit");
  }

  /** What a run moved, without the part of the log that it read. */
  JobReport ingest(long batchSize) {
    return Bronze.ingest(spark, options(batchSize, kurrentdb), Progress.unwatched())
        .spanning(Optional.empty());
  }

  void ingest(KurrentDb other) {
    Bronze.ingest(
        spark, new BronzeOptions(lakehouse, other, "order", PIPELINE, 100), Progress.unwatched());
  }

  BronzeOptions options(long batchSize, EmbeddedKurrentDb source) {
    return new BronzeOptions(
        lakehouse, KurrentDbs.reach(source, directory), "order", PIPELINE, batchSize);
  }

  void append(int from, int to) {
    kurrentdb.append(records(from, to));
  }

  static Stream<LogRecord> records(int from, int to) {
    return records(from, to, TIME);
  }

  static Stream<LogRecord> records(int from, int to, long createdAt) {
    return IntStream.range(from, to)
        .mapToObj(
            number ->
                LogRecord.json(
                    number * 100L,
                    number,
                    createdAt + number,
                    "order-" + number % 3,
                    "OrderPlaced",
                    null,
                    "{\"n\":1}"));
  }

  static List<Long> positions(int from, int to) {
    return IntStream.range(from, to).mapToObj(number -> number * 100L).toList();
  }

  List<Long> positions() {
    return lakehouse
        .table(BronzeTables.EVENTS)
        .read(spark)
        .select("log_position")
        .orderBy("log_position")
        .collectAsList()
        .stream()
        .map(row -> row.getLong(0))
        .toList();
  }

  List<org.assertj.core.groups.Tuple> rows(String... columns) {
    return lakehouse
        .table(BronzeTables.EVENTS)
        .read(spark)
        .orderBy("log_position")
        .selectExpr(columns)
        .collectAsList()
        .stream()
        .map(OrdersLog::tupleOf)
        .toList();
  }

  static org.assertj.core.groups.Tuple tupleOf(Row row) {
    return tuple(IntStream.range(0, row.size()).mapToObj(row::get).toArray());
  }

  String events() {
    return lakehouse.table(BronzeTables.EVENTS).sqlName();
  }

  long mark() {
    return new HighWaterMark(spark, lakehouse.table(BronzeTables.INGEST_HWM), PIPELINE)
        .position()
        .orElseThrow();
  }

  void setMark(long position) {
    spark.sql(
        "UPDATE %s SET last_position = %d WHERE pipeline_name = '%s'"
            .formatted(lakehouse.table(BronzeTables.INGEST_HWM).sqlName(), position, PIPELINE));
  }

  long commits(String operation) {
    return spark
        .sql("DESCRIBE HISTORY " + events())
        .filter("operation = '" + operation + "'")
        .count();
  }

  List<Path> dataFiles() throws IOException {
    try (var files = Files.list(directory.resolve("lakehouse/bronze/events"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }
}
