package io.github.kurrentlake.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.kurrentlake.pipeline.PipelineFolder;
import io.github.kurrentlake.source.EventLog.Payload;
import io.github.kurrentlake.source.EventLog.TypeOfEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuessTest {
  @TempDir private Path directory;

  @Test
  void aNumberThatWouldNotBeWrittenThatWayAgainIsAText() {
    assertThat(
            types("{\"Zip\":\"01234\",\"Phone\":\"+49123\",\"Plain\":\"1234\",\"Code\":\"1e3\"}"))
        .contains(tuple("zip", "text"), tuple("phone", "text"), tuple("plain", "bigint"));
  }

  @Test
  void digitsBehindThePointAreKeptAlsoWhenTheyAreZeros() {
    assertThat(types("{\"Price\":100.00}", "{\"Price\":\"7.5\"}"))
        .containsExactly(tuple("price", "decimal(18,2)"));
    assertThat(types("{\"Big\":123456789012345678901.5}"))
        .containsExactly(tuple("big", "decimal(38,1)"));
    assertThat(types("{\"Ratio\":1.5e-12}", "{\"Ratio\":2}"))
        .containsExactly(tuple("ratio", "double"));
  }

  @Test
  void aTimeIsOneByItsValueAndANumberByItsName() {
    assertThat(
            types(
                "{\"CreatedAt\":1735689600,\"Amount\":1735689600,\"Day\":\"2025-01-31\","
                    + "\"Seen\":\"2025-01-31T10:00:00+02:00\",\"updated_at\":\"soon\"}"))
        .containsExactly(
            tuple("created_at", "timestamp"),
            tuple("amount", "bigint"),
            tuple("day", "date"),
            tuple("seen", "timestamp"),
            tuple("updated_at", "text"));
  }

  @Test
  void whatIsNowAnObjectAndNowAValueIsKeptAsJson() {
    assertThat(types("{\"Who\":{\"Name\":\"Ada\"}}", "{\"Who\":\"Bob\"}", "{\"Any\":[[1],2]}"))
        .containsExactlyInAnyOrder(tuple("who", "json"), tuple("any", "json"));
  }

  @Test
  void anObjectWhoseKeysAreDataIsOneColumn() {
    var payloads =
        IntStream.range(0, 60)
            .mapToObj(i -> "{\"Stock\":{\"sku-%d\":%d},\"Name\":\"n\"}".formatted(i, i))
            .toArray(String[]::new);
    assertThat(types(payloads)).containsExactly(tuple("stock", "json"), tuple("name", "text"));
  }

  @Test
  void twoSpellingsAreOneColumnWithTheNewestFirst() {
    var column = guess("{\"order_id\":1}", "{\"orderId\":2}", "{\"OrderID\":3}").get(0).columns();
    assertThat(column).extracting(DraftColumn::name).containsExactly("order_id");
    assertThat(column.get(0).places()).containsExactly("OrderID", "orderId", "order_id");
    assertThat(column.get(0).present()).isEqualTo(1);
  }

  @Test
  void onlyWhatEveryOneOfEnoughEventsHasIsRequired() {
    var payloads =
        IntStream.range(0, 20)
            .mapToObj(i -> i < 19 ? "{\"A\":1,\"B\":1,\"C\":\"x\"}" : "{\"A\":1,\"C\":\"\"}")
            .toArray(String[]::new);
    assertThat(guess(payloads).get(0).columns())
        .extracting(DraftColumn::name, DraftColumn::isRequired)
        .containsExactly(tuple("a", true), tuple("b", false), tuple("c", false));
    assertThat(guess("{\"A\":1}").get(0).columns().get(0).isRequired()).isFalse();
  }

  @Test
  void anArrayOfObjectsIsATableThatHasTheEventsIds() {
    var projections = guess("{\"CartId\":7,\"Items\":[{\"Sku\":\"a\",\"Ordinal\":1}]}", "{}", "[]");
    assertThat(projections).extracting(DraftProjection::table).containsExactly("t", "t_items");
    assertThat(projections.get(0).unreadable()).isEqualTo(2);
    assertThat(projections.get(1).exploded()).isEqualTo("Items");
    assertThat(projections.get(1).columns())
        .extracting(DraftColumn::name, DraftColumn::places)
        .containsExactly(
            tuple("cart_id", List.of("CartId")),
            tuple("sku", List.of("Items.Sku")),
            tuple("element_ordinal", List.of("Items.Ordinal")));
  }

  @Test
  void aDraftIsAPipelineWhateverTheKeysAreCalled() throws Exception {
    var projections =
        guess(
            "{\"on\":true,\"a.b\":1,\"2nd\":1,\"stream\":\"s\",\"true\":1,\"é\":1,\"x y\":1,"
                + "\"quote\\\"\":1,\"#\":1,\"log_position\":1}");
    var yaml = DraftFiles.yaml(new Draft("my category: #1", projections));
    Files.writeString(directory.resolve(PipelineFolder.FILE), yaml);
    var pipeline = PipelineFolder.read(directory);
    assertThat(pipeline.lifecycle().category()).isEqualTo("my category: #1");
    assertThat(pipeline.lifecycle().projections().get(0).fields())
        .flatExtracting(field -> field.paths())
        .contains(List.of("on"), List.of("a.b"), List.of("true"), List.of("quote\""), List.of("#"));
  }

  private static List<Tuple> types(String... payloads) {
    return guess(payloads).get(0).columns().stream()
        .map(column -> tuple(column.name(), column.type()))
        .toList();
  }

  private static List<DraftProjection> guess(String... payloads) {
    var sample = new ArrayList<Payload>();
    for (var payload : payloads) {
      sample.add(new Payload(sample.size() * 100L, payload));
    }
    return Guess.of(
        new EventSample(new TypeOfEvents("c", "T", payloads.length, 0, 0), sample), "t");
  }
}
