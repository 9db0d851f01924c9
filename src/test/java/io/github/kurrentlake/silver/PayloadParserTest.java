package io.github.kurrentlake.silver;

import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.payload.Field.text;
import static io.github.kurrentlake.payload.Field.timestamp;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.table.TableSession;
import io.github.kurrentlake.testing.SharedSpark;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How what is read of a payload becomes a row, or errors, in Spark. */
class PayloadParserTest {
  private static final StructType EVENTS =
      StructType.fromDDL("log_position BIGINT, stream STRING, schema_name STRING, data STRING");

  private static final Projection PROJECTION =
      Projection.of("p", "One row", "P", "Q")
          .fields(
              text("name", "Name", "A text"),
              integer("age", "Age", "A number").nullIfBad(),
              timestamp("at", "At", "A time").required());

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void anEventOfTheProjectionsTypesIsARowOrHasErrors(String ansi, String compiled) {
    var spark = TableSession.of(SharedSpark.session());
    Map.of("spark.sql.ansi.enabled", ansi, "spark.sql.codegen.wholeStage", compiled)
        .forEach(spark.conf()::set);
    var events =
        List.of(
            event(1, "P", "{\"Name\":2.50,\"Age\":35,\"At\":\"2025-01-29 16:45:43.851140\"}"),
            event(2, "Other", "{}"),
            event(3, "Q", "{\"Age\":\"\u0664\",\"At\":1738168933}"),
            event(4, "Q", "{\"Name\":\"n\",\"Age\":1.5}"),
            event(5, "P", null));
    var rows =
        new PayloadParser(PROJECTION, ZoneId.of("Europe/Berlin"))
            .parse(spark.createDataFrame(events, EVENTS))
            .orderBy("log_position")
            .collectAsList();

    assertThat(rows).extracting(row -> row.getLong(4)).containsExactly(1L, 3L, 4L, 5L);
    assertThat(rows.get(0).getStruct(0).schema().fieldNames())
        .containsExactly("stream", "schema_name", "name", "age", "at", "log_position", "warnings");
    assertThat(rows)
        .extracting(row -> row.getStruct(0))
        .startsWith(
            RowFactory.create("s", "P", "2.50", 35, time("2025-01-29T15:45:43.851140Z"), 1L, null));
    var warned = rows.get(1).getStruct(0);
    assertThat(warned.isNullAt(3)).isTrue();
    assertThat(warned.<Timestamp>getAs("at")).isEqualTo(time("2025-01-29T16:42:13Z"));
    assertThat(warned.getList(6))
        .containsExactly(
            RowFactory.create("age", "bad value", "not a whole number of 32 bits", "\u0664"));
    assertThat(rows.subList(0, 2)).allMatch(row -> row.getList(5).isEmpty());
    assertThat(rows.get(2).getList(5))
        .containsExactly(RowFactory.create("at", "missing required", "no value at At", null));
    assertThat(rows.get(2).getString(3)).isEqualTo(events.get(3).getString(3));
    assertThat(rows.get(3).<Row>getList(5))
        .singleElement()
        .satisfies(error -> assertThat(error.isNullAt(0)).isTrue())
        .satisfies(error -> assertThat(error.getString(1)).isEqualTo("redacted payload"))
        .satisfies(error -> assertThat(error.isNullAt(3)).isTrue());
  }

  @Test
  void everyTypeIsSparksOwn() {
    var projection =
        Projection.of("p", "One row", "P")
            .fields(
                Field.bigint("id", "id", ""),
                Field.decimal("price", "price", 12, 3, ""),
                Field.doubleNumber("ratio", "ratio", ""),
                Field.truth("paid", "paid", ""),
                Field.date("day", "day", ""),
                Field.decimal("parts", "parts", 5, 2, "").array(),
                Field.timestamp("times", "times", "").array());
    var payload =
        "{\"id\":9007199254740993,\"price\":\"19.99\",\"ratio\":0.1,\"paid\":true,"
            + "\"day\":\"2024-02-29\",\"parts\":[1,null],\"times\":[\"2025-01-29T15:45:43Z\"]}";
    var row =
        new PayloadParser(projection, ZoneId.of("UTC"))
            .parse(
                TableSession.of(SharedSpark.session())
                    .createDataFrame(List.of(event(1, "P", payload)), EVENTS))
            .selectExpr("to_json(row) AS json", "typeof(row) AS type", "size(errors) AS errors")
            .head();

    assertThat(row.getInt(2)).isZero();
    assertThat(row.getString(0))
        .contains(
            "\"id\":9007199254740993,\"price\":19.990,\"ratio\":0.1,\"paid\":true,"
                + "\"day\":\"2024-02-29\",\"parts\":[1.00,null],"
                + "\"times\":[\"2025-01-29T15:45:43.000Z\"]");
    assertThat(row.getString(1)).contains("price:decimal(12,3)", "times:array<timestamp>");
  }

  private static Row event(long position, String type, String payload) {
    return RowFactory.create(position, "s", type, payload);
  }

  private static Timestamp time(String instant) {
    return Timestamp.from(Instant.parse(instant));
  }
}
