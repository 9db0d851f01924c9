package io.github.kurrentlake.gold;

import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a category's streams are in Gold: a table with one row per stream, its state now, and others
 * of the same events, such as its history. Their SQL reads
 *
 * <ul>
 *   <li>{@code ${latest}}, a row per stream: {@code stream}, {@code log_position} (of its last
 *       event), {@code first_log_position}, {@code incarnation}, {@code open_quarantine} (how many
 *       of its events are open in quarantine), {@code warnings} (how many values of the events that
 *       count did not fit and are null) and per projection a struct by the projection's name, null
 *       when the stream has no such event. All but {@code first_log_position} are of the stream's
 *       newest life alone.
 *   <li>{@code ${events}}, a row per event: {@code stream}, {@code log_position}, {@code
 *       schema_name}, {@code incarnation} (from 1), {@code is_quarantined} and the structs, of
 *       which that of the event's projection is not null.
 *   <li>{@code ${so_far}}, columns for a query over {@code ${events}}: by each projection's name a
 *       struct of the {@code schema_name} of the last event that it took in this life up to this
 *       event, null when there was none yet.
 *   <li>{@code ${bronze}}, the same events in Bronze, for what Silver does not have.
 * </ul>
 *
 * @param category the streams that are entities
 * @param projections the Silver tables, which take the events of its streams alone
 * @param lives when a stream begins another life
 * @param tables the Gold tables; the first is the one with a row per stream
 */
public record Lifecycle(
    String category, List<Projection> projections, Lives lives, List<GoldTable> tables) {
  /** The column of {@code ${latest}} with the position of a stream's first event. */
  public static final String FIRST_POSITION = "first_log_position";

  /** So that a refresh marks the rows it replaces instead of writing whole files again. */
  private static final String DELETION_VECTORS = "delta.enableDeletionVectors";

  public Lifecycle {
    projections = projections.stream().map(one -> one.ofCategory(category)).toList();
    tables = List.copyOf(tables);
  }

  /** A lifecycle of one table, whose streams have one life. */
  public Lifecycle(
      String category, TableDeclaration table, List<Projection> projections, SqlTemplate select) {
    this(category, projections, Lives.one(), List.of(state(table, select)));
  }

  /** The same with streams that may live again. */
  public Lifecycle lives(Lives others) {
    return new Lifecycle(category, projections, others, tables);
  }

  /** The same with one more table. */
  public Lifecycle and(GoldTable other) {
    var more = new ArrayList<>(tables);
    more.add(other);
    return new Lifecycle(category, projections, lives, more);
  }

  /**
   * The projections whose rows are events. What the others take is in Gold as the events that no
   * projection takes are.
   */
  public List<Projection> perEvent() {
    return projections.stream().filter(projection -> !projection.isExploding()).toList();
  }

  /** The columns of {@code ${latest}} but for the projections' structs. */
  public static List<Column> ofLatest() {
    return List.of(
        required("stream", "STRING", "The stream in KurrentDB").personal(),
        required("log_position", "BIGINT", "Position of the stream's last event"),
        required("open_quarantine", "BIGINT", "Events of it that are open in quarantine"),
        required("warnings", "BIGINT", "Values of it that did not fit and are null here"),
        required("incarnation", "BIGINT", "Which life of the stream this is, from 1"),
        required(FIRST_POSITION, "BIGINT", "Position of the first event of the stream"));
  }

  /** A table of Gold as all are: its key holds, readers can follow it, and a refresh is cheap. */
  public static TableDeclaration goldTable(
      String name, String comment, List<Column> columns, List<String> key) {
    return TableDeclaration.table("gold", name, comment)
        .columns(columns)
        .reliableKey(key.toArray(String[]::new))
        .changeFeed()
        .property(DELETION_VECTORS, "true");
  }

  /** The tables that Gold is made of: Bronze, quarantine, and Silver's. */
  public List<TableDeclaration> sources() {
    return Stream.concat(
            Stream.of(BronzeTables.EVENTS, QuarantineTable.DECLARATION),
            projections.stream().map(Projection::table))
        .toList();
  }

  /** The table with one row per stream. */
  public TableDeclaration table() {
    return state().table();
  }

  GoldTable state() {
    return tables.get(0);
  }

  private static GoldTable state(TableDeclaration table, SqlTemplate select) {
    var declaresIt =
        table.columns().stream().anyMatch(column -> column.name().equals(FIRST_POSITION));
    return new GoldTable(table, select, declaresIt ? FIRST_POSITION : "");
  }
}
