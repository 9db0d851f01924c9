package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.UserIndex;
import io.github.kurrentlake.embedded.kurrentdb.UserIndex.FieldType;
import io.github.kurrentlake.testing.SharedSpark;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Events that KurrentDB gave without their payloads, and has. */
class RefillTest {
  private static final long EVENTS = 5_000;
  private static final int SIZE = 20;

  @Test
  void aVectorThatWasLeftUnfilledOnceIsReadAgain() {
    try (var node = node(UnaryOperator.identity())) {
      var filled = read(node);
      assertThat(filled).hasSize((int) EVENTS).noneMatch(row -> row.isNullAt(1));
      node.leaveUnfilled(2);
      assertThat(read(node)).isEqualTo(filled);
    }
  }

  @Test
  void scavengedRecordsSpoilNoneOfTheirNeighbours() {
    try (var node = node(EmbeddedKurrentDb.Builder::unfilledByScavengedRecords)) {
      var filled = read(node);
      var scavenged = List.of(1L, 2L, 777L, 2_048L, 2_049L, 4_444L, EVENTS);
      scavenged.forEach(number -> node.scavenge(position(number)));
      var left = read(node);
      assertThat(left)
          .filteredOn(row -> !row.isNullAt(1))
          .isEqualTo(
              filled.stream().filter(row -> !scavenged.contains(number(row.getLong(0)))).toList());
      assertThat(left)
          .filteredOn(row -> row.isNullAt(1))
          .extracting(row -> number(row.getLong(0)))
          .isEqualTo(scavenged);
    }
  }

  @Test
  void aUserDefinedIndexKeepsTheStreamsOfItsEvents() {
    try (var node = node(UnaryOperator.identity())) {
      node.createIndex(
          "numbers",
          UserIndex.ofEventType("OrderPlaced").field("number", FieldType.INT_64, "$.number"));
      var index =
          reader(node)
              .option("index", "numbers")
              .load()
              .select("log_position", "stream", "schema_name");
      var filled = sorted(index);
      assertThat(filled).hasSize((int) EVENTS / 2).noneMatch(row -> row.isNullAt(1));
      node.leaveUnfilled(1);
      assertThat(sorted(index)).isEqualTo(filled);
    }
  }

  @Test
  void whatIsEmptyInTheLogStaysAsItIs() {
    try (var node = node(UnaryOperator.identity())) {
      for (var number : LongStream.range(100, 110).toArray()) {
        node.scavenge(position(number));
      }
      node.redact(position(200));
      assertThat(read(node))
          .filteredOn(row -> row.getString(1).length() < SIZE)
          .extracting(row -> row.getString(1))
          .containsExactly("{}", "{}", "{}", "{}", "{}", "{}", "{}", "{}", "{}", "{}", "");
    }
  }

  @Test
  void aReadWithoutPayloadsAsksForNone() {
    try (var node = node(UnaryOperator.identity())) {
      node.leaveUnfilled(1);
      assertThat(reader(node).load().select("log_position", "stream").count()).isEqualTo(EVENTS);
      assertThat(reader(node).load().filter("data IS NULL").count()).isZero();
    }
  }

  private static EmbeddedKurrentDb node(UnaryOperator<EmbeddedKurrentDb.Builder> setUp) {
    var node = setUp.apply(EmbeddedKurrentDb.builder().insecure()).start();
    node.append(Node.orders(1, EVENTS, SIZE));
    return node;
  }

  private static long position(long number) {
    return Node.order(number, "x".repeat(SIZE)).logPosition();
  }

  private static long number(long position) {
    return position / position(1);
  }

  private static List<Row> read(EmbeddedKurrentDb node) {
    return sorted(
        reader(node).load().select("log_position", "data", "metadata", "stream", "record_id"));
  }

  /** Sorted here, since Spark would read twice to sort. */
  private static List<Row> sorted(Dataset<Row> events) {
    return events.collectAsList().stream()
        .sorted(Comparator.comparingLong(row -> row.getLong(0)))
        .toList();
  }

  private static DataFrameReader reader(EmbeddedKurrentDb node) {
    return SharedSpark.session()
        .read()
        .format(KurrentDbSource.NAME)
        .option("endpoint", node.endpoint().toString());
  }
}
