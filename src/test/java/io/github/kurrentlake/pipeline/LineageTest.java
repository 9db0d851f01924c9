package io.github.kurrentlake.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineageTest {
  private static final String YAML =
      """
      name: orders
      category: order
      projections:
        - table: placed
          events: [OrderPlaced]
          columns:
            - {name: order_id, type: text, place: OrderId, older_places: [orderId], or_stream: true}
        - table: ended
          events: [OrderShipped, OrderCancelled]
          columns:
            - {name: order_id, type: text, place: Order.Id}
      """;

  @Test
  void everyColumnNamesItsOrigins() {
    var lineage = Lineage.of(PipelineFolder.parse(YAML, name -> Optional.empty()));
    assertThat(lineage)
        .contains(
            new Lineage("silver.placed", "order_id", "OrderPlaced: OrderId"),
            new Lineage("silver.placed", "order_id", "OrderPlaced: orderId"),
            new Lineage("silver.placed", "order_id", "bronze.events.stream"),
            new Lineage("silver.placed", "log_position", "bronze.events.log_position"),
            new Lineage("silver.ended", "order_id", "OrderShipped: Order.Id"),
            new Lineage("silver.ended", "order_id", "OrderCancelled: Order.Id"),
            new Lineage("silver.ended", "schema_name", "bronze.events.schema_name"),
            new Lineage("gold.orders", "order_id", "silver.placed.order_id"),
            new Lineage("gold.orders", "ended_order_id", "silver.ended.order_id"),
            new Lineage("gold.orders", "events", "its SQL"),
            new Lineage("gold.orders", "incarnation", "${latest}"))
        .doesNotHaveDuplicates();
  }
}
