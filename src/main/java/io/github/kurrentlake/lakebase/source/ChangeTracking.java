package io.github.kurrentlake.lakebase.source;

import static java.util.stream.Collectors.joining;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.schema.Catalog;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.Literal;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.table.SqlTemplate;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Prepares a table of Postgres for the modes that need it: the statements lie beside this class as
 * SQL, for anyone who would rather run them by hand. All of it can be called again.
 */
public final class ChangeTracking {
  /** The column that {@link #stampTransactions} adds. */
  public static final String XID_COLUMN = "row_xid";

  /** The publication that {@link #publish} makes. */
  public static final String PUBLICATION = "kurrentlake";

  private final Connections connections;
  private final TableName table;

  private ChangeTracking(Connections connections, TableName table) {
    this.connections = connections;
    this.table = table;
  }

  public static ChangeTracking of(ConnectionInfoProvider lakebase, TableName table) {
    return new ChangeTracking(Connections.to(lakebase), table);
  }

  public static ChangeTracking at(LakebaseAddress address, TableName table) {
    return new ChangeTracking(address.connections(), table);
  }

  /**
   * For mode XID8: a column with the transaction that wrote the row, filled by a trigger, and its
   * index. Adding the column rewrites nothing.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-607 to KL-609, KL-620, KL-621
   */
  public void stampTransactions() {
    run(
        "stamp_transactions.sql",
        Map.of(
            "table", table.sql(),
            "column", Identifier.of(XID_COLUMN).sql(),
            "function", "kurrentlake." + Identifier.of("stamp_" + XID_COLUMN).sql()));
    var described = described();
    var columns =
        described.key().stream()
            .map(PostgresColumn::sql)
            .collect(joining(", ", XID_COLUMN + ", ", ""));
    try (var connection = connections.open("kurrentlake setup")) {
      // Without a lock that writers would wait for, and so outside of a transaction.
      if (described.isPartitioned()) {
        for (var partition : new Catalog(connection).partitions(table)) {
          index(connection, "INDEX CONCURRENTLY", partition, columns);
        }
        // Takes the partitions' indexes for its own, and reads no row.
        index(connection, "INDEX", table, columns);
      } else {
        index(connection, "INDEX CONCURRENTLY", table, columns);
      }
    } catch (SQLException e) {
      throw PostgresErrors.known(e, connections.provider());
    }
  }

  private static void index(Connection connection, String what, TableName on, String columns)
      throws SQLException {
    var name = Identifier.of("kurrentlake_xid_" + digest(on));
    Query.of(
            connection,
            "CREATE %s IF NOT EXISTS %s ON %s (%s)".formatted(what, name.sql(), on.sql(), columns))
        .run();
  }

  /**
   * For deletions in the modes XMIN and XID8: triggers that note the keys of deleted rows in {@code
   * kurrentlake.tombstone}.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-607 to KL-609, KL-620, KL-621
   */
  public void keepTombstones() {
    var key =
        described().key().stream()
            .map(column -> Literal.of(column.name()) + ", t." + column.sql())
            .collect(joining(", ", "jsonb_build_object(", ")"));
    run(
        "keep_tombstones.sql",
        Map.of(
            "table",
            table.sql(),
            "key",
            key,
            "function",
            "kurrentlake." + Identifier.of("bury_" + digest()).sql()));
  }

  /**
   * For mode SLOT: the whole old row in the log, and a place in a publication, which is made unless
   * it exists. Partitions that are added later need it again.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-607 to KL-609
   */
  public void publish(Identifier publication) {
    run(
        "publish.sql",
        Map.of(
            "table", table.sql(),
            "table_text", Literal.of(table.sql()),
            "publication", publication.sql(),
            "publication_text", Literal.of(publication.name())));
  }

  /** Drops a slot, so that Postgres need not keep its log any more; none is no error. */
  public void dropSlot(Identifier slot) {
    ReadSession.with(
        connections,
        connection -> {
          new ReplicationSlot(connections, slot.name(), PUBLICATION).drop(connection);
          return null;
        });
  }

  /** The slot of a stream that names none. */
  public static Identifier slot(TableName table) {
    return Identifier.of("kurrentlake_" + digest(table));
  }

  private PostgresTable described() {
    return ReadSession.with(
        connections, connection -> PostgresTable.read(connection, table, List.of()));
  }

  private void run(String resource, Map<String, String> values) {
    ReadSession.with(
        connections,
        connection -> {
          try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('kurrentlake setup'))");
            statement.execute(SqlTemplate.beside(ChangeTracking.class, resource).fill(values));
          }
          return null;
        });
  }

  private String digest() {
    return digest(table);
  }

  /** A name that fits where the table's own would be too long. */
  private static String digest(TableName table) {
    return UUID.nameUUIDFromBytes(table.sql().getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }
}
