package io.github.kurrentlake.loans;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Histories of loans at random, written into Bronze, Silver and quarantine as the streams do: types
 * in any order, repeated, late, of types that nobody takes, refused, redriven and dismissed.
 */
final class RandomHistories {
  private static final List<String> TYPES =
      List.of(
          "LoanRequested",
          "CreditChecked",
          "LoanAutomaticallyApproved",
          "LoanAutomaticallyDenied",
          "LoanApprovalNeeded",
          "AutomatedSummary",
          "LoanManuallyApproved",
          "LoanManuallyDenied",
          "LoanArchived");

  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final Random random;
  private final int streams;
  private final Map<TableDeclaration, List<Row>> waiting = new LinkedHashMap<>();
  private final List<Event> refused = new ArrayList<>();
  private long position = 1000;

  private record Event(long position, String stream, String type) {}

  RandomHistories(SparkSession spark, Lakehouse lakehouse, int streams, long seed) {
    this.spark = spark;
    this.lakehouse = lakehouse;
    this.streams = streams;
    this.random = new Random(seed);
    tables().forEach(table -> lakehouse.ensure(spark, table));
  }

  private static List<TableDeclaration> tables() {
    var tables = new ArrayList<>(List.of(BronzeTables.EVENTS, QuarantineTable.DECLARATION));
    Loans.projections().forEach(projection -> tables.add(projection.table()));
    return tables;
  }

  /** Appends some events, in an order of their own, and settles some that were refused. */
  void step(int events) {
    var order = new ArrayList<>(IntStream.range(0, events).mapToObj(i -> next()).toList());
    // A task that died lands its events later than others do.
    Collections.shuffle(order, random);
    order.forEach(this::land);
    flush();
    settle();
    flush();
  }

  private Event next() {
    position += 1 + random.nextInt(50);
    return new Event(position, "loanRequest-" + random.nextInt(streams), pick(TYPES));
  }

  private void land(Event event) {
    add(
        BronzeTables.EVENTS,
        event.position(),
        event.stream(),
        "loanRequest",
        event.type(),
        time(event),
        "{}",
        time(event),
        event.position(),
        null,
        null,
        null,
        null,
        null);
    Loans.projections().stream()
        .filter(projection -> projection.eventTypes().contains(event.type()))
        .forEach(
            projection -> {
              if (random.nextInt(8) == 0) {
                refused.add(event);
                add(
                    QuarantineTable.DECLARATION,
                    event.position(),
                    projection.name(),
                    event.stream(),
                    event.type(),
                    "{}",
                    List.of(),
                    "old",
                    time(event),
                    time(event),
                    random.nextInt(5) == 0 ? QuarantineTable.DISMISSED : QuarantineTable.OPEN,
                    null);
              } else {
                accept(projection, event);
              }
            });
  }

  private void settle() {
    var some = refused.stream().filter(event -> random.nextInt(4) == 0).toList();
    refused.removeAll(some);
    for (var event : some) {
      var projection =
          Loans.projections().stream()
              .filter(one -> one.eventTypes().contains(event.type()))
              .findFirst()
              .orElseThrow();
      accept(projection, event);
    }
    if (!some.isEmpty()) {
      spark.sql(
          "UPDATE %s SET state = 'resolved' WHERE log_position IN (%s)"
              .formatted(
                  lakehouse.table(QuarantineTable.DECLARATION).sqlName(),
                  String.join(", ", some.stream().map(event -> "" + event.position()).toList())));
    }
  }

  /** A row with values in some of its columns. */
  private void accept(Projection projection, Event event) {
    var values = new ArrayList<Object>();
    for (var column : projection.table().columns()) {
      values.add(
          switch (column.name()) {
            case "stream" -> event.stream();
            case "schema_name" -> event.type();
            case "log_position" -> event.position();
            case "warnings" -> null;
            default -> value(column.type(), column.nullable(), event);
          });
    }
    add(projection.table(), values.toArray());
  }

  private Object value(String type, boolean nullable, Event event) {
    if (nullable && random.nextInt(3) == 0) {
      return null;
    }
    return switch (type) {
      case "INT" -> random.nextInt(3);
      case "FLOAT" -> random.nextInt(3) / 2f;
      case "TIMESTAMP" -> time(event);
      default -> "text " + random.nextInt(3);
    };
  }

  /** Business and recorded times do not follow the log. */
  private Timestamp time(Event event) {
    return new Timestamp(1_738_168_933_527L + event.position() * 1000 + random.nextInt(90_000));
  }

  private void add(TableDeclaration table, Object... values) {
    waiting.computeIfAbsent(table, none -> new ArrayList<>()).add(RowFactory.create(values));
  }

  private void flush() {
    waiting.forEach(
        (declaration, rows) -> {
          var table = lakehouse.table(declaration);
          var written =
              declaration.columns().stream()
                  .filter(column -> column.generatedAs().isEmpty())
                  .map(Column::name)
                  .toArray(String[]::new);
          var schema = table.read(spark).selectExpr(written).schema();
          spark.createDataFrame(rows, schema).coalesce(1).createOrReplaceTempView("random_rows");
          spark.sql(
              "INSERT INTO %s (%s) SELECT * FROM random_rows"
                  .formatted(table.sqlName(), String.join(", ", written)));
        });
    waiting.clear();
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
