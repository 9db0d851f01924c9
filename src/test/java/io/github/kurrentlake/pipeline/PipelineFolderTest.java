package io.github.kurrentlake.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.Column;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineFolderTest {
  private static final String ORDERS =
      """
      name: orders
      category: order
      zone: Europe/Berlin
      projections:
        - table: order_placed
          events: [OrderPlaced]
          fail_above: 0.25
          columns:
            - {name: order_id, type: bigint, place: OrderId, older_places: [orderId, id], required: true}
            - {name: total, type: "decimal(12,2)", place: Total.Amount, null_if_bad: true}
            - {name: tags, type: array<text>, place: Tags, comment: Free words}
            - {name: customer, type: json, place: Customer, personal: true}
        - table: order_shipped
          events: [OrderShipped, OrderSent]
          columns:
            - {name: order_id, type: bigint, place: OrderId}
            - {name: on_day, type: timestamp, place: Day, calendar: yyyyMMdd}
      """;

  @TempDir private Path directory;

  @Test
  void theProjectionsAreThoseOfTheBuilders() {
    var pipeline = parse(ORDERS, Map.of());
    assertThat(pipeline.name()).isEqualTo("orders");
    assertThat(pipeline.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(pipeline.lifecycle().category()).isEqualTo("order");
    assertThat(pipeline.lifecycle().projections())
        .containsExactly(
            Projection.of("order_placed", "One row per OrderPlaced event", "OrderPlaced")
                .fields(
                    Field.bigint("order_id", "OrderId", "At OrderId of the payload")
                        .or("orderId")
                        .or("id")
                        .required(),
                    Field.decimal("total", "Total.Amount", 12, 2, "At Total.Amount of the payload")
                        .nullIfBad(),
                    Field.text("tags", "Tags", "Free words").array(),
                    Field.json("customer", "Customer", "At Customer of the payload").personal())
                .failAbove(0.25)
                .ofCategory("order"),
            Projection.of(
                    "order_shipped",
                    "One row per event; schema_name says which",
                    "OrderShipped",
                    "OrderSent")
                .fields(
                    Field.bigint("order_id", "OrderId", "At OrderId of the payload"),
                    Field.timestamp("on_day", "Day", "At Day of the payload")
                        .calendarDigits("yyyyMMdd"))
                .ofCategory("order"));
  }

  @Test
  void goldThatIsNotDeclaredHasEveryColumnOnce() {
    var gold = parse(ORDERS, Map.of()).lifecycle().table();
    assertThat(gold.qualifiedName()).hasToString("gold.orders");
    assertThat(gold.key()).containsExactly("stream");
    assertThat(gold.columns())
        .extracting(Column::name)
        .containsExactly(
            "order_id",
            "total",
            "tags",
            "customer",
            "order_shipped_order_id",
            "on_day",
            "last_event_type",
            "first_event_at",
            "last_event_at",
            "events",
            "stream",
            "log_position",
            "open_quarantine",
            "warnings",
            "incarnation",
            "first_log_position");
  }

  @Test
  void theSqlOfGoldMayNameOtherFiles() {
    var yaml =
        ORDERS
            + """
            gold:
              - table: order_state
                sql: order_state.sql
                columns:
                  - all_of: order_placed
                  - {name: state, type: text, required: true, comment: Where it is}
                  - name: stream
                  - name: log_position
            """;
    var gold =
        parse(
                yaml,
                Map.of(
                    "order_state.sql", "SELECT ${state} FROM (${latest})", "state.sql", "'placed'"))
            .lifecycle()
            .tables()
            .get(0);
    assertThat(gold.select().text()).isEqualTo("SELECT 'placed' FROM (${latest})");
    assertThat(gold.table().columns())
        .extracting(Column::name, Column::type, Column::nullable)
        .contains(
            tuple("total", "DECIMAL(12, 2)", true),
            tuple("state", "STRING", false),
            tuple("stream", "STRING", false));
  }

  @Test
  void allThatIsWrongIsSaidAtOnceWithItsLine() {
    var yaml =
        """
        name: Orders
        category: order
        zone: Mars/Olympus
        projections:
          - table: order_placed
            events: [OrderPlaced]
            columns:
              - {name: id, type: number, place: Id}
              - {name: stream, type: text, place: Stream}
              - {name: total, type: "decimal(50,2)", place: Total}
              - {name: city, type: text, place: Address.City}
              - {name: city, type: text, plaze: Address}
          - table: order_placed
            events: []
            columns: []
        gold:
          - table: order_state
            sql: missing.sql
            key: [order_id]
            columns:
              - {name: unheard}
              - all_of: nothing
        """;
    assertThatThrownBy(() -> parse(yaml, Map.of()))
        .isInstanceOfSatisfying(
            KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_PIPELINE))
        .message()
        .contains(
            "line 1: /name: a name is lower-case letters",
            "line 3: not a zone such as Europe/Berlin",
            "line 8: /projections/0/columns/0/type: a type is text, int",
            "line 9: every such table has a column stream",
            "line 10: no such decimal: (50, 2)",
            "line 12: ",
            "plaze",
            "two columns have the name city",
            "line 13: two projections have the table order_placed",
            "line 14: /projections/1/events: must have at least 1 items",
            "line 18: there is no file missing.sql beside",
            "line 19: the key has no stream in it",
            "line 21: the column unheard needs a type",
            "line 22: no projection has the table nothing, only order_placed");
  }

  @Test
  void aKeyCannotHoldAValueAndAnObject() {
    var yaml =
        """
        name: orders
        category: order
        projections:
          - table: order_placed
            events: [OrderPlaced]
            columns:
              - {name: address, type: text, place: Address}
              - {name: city, type: text, place: Address.City}
        """;
    assertThatThrownBy(() -> parse(yaml, Map.of()))
        .hasMessageContaining("line 7: a key cannot hold a value and an object: Address");
  }

  @Test
  void whatIsNoYamlIsSaidWithItsLine() {
    assertThatThrownBy(() -> parse("name: orders\ncategory: [order\n", Map.of()))
        .hasMessageContaining("KL-108")
        .hasMessageContaining("line 2: not YAML");
    assertThatThrownBy(() -> parse("", Map.of())).hasMessageContaining("line 1: the file is not");
    assertThatThrownBy(() -> parse("- a\n", Map.of())).hasMessageContaining("line 1: the file is");
  }

  @Test
  void aFolderIsReadFromItsFiles() throws Exception {
    Files.writeString(directory.resolve("pipeline.yaml"), ORDERS);
    assertThat(PipelineFolder.read(directory)).isEqualTo(parse(ORDERS, Map.of()));
    assertThatThrownBy(() -> PipelineFolder.read(directory.resolve("elsewhere")))
        .hasMessageContaining("KL-104")
        .hasMessageContaining("elsewhere/pipeline.yaml");
  }

  private static Pipeline parse(String yaml, Map<String, String> sql) {
    return PipelineFolder.parse(yaml, name -> Optional.ofNullable(sql.get(name)));
  }
}
