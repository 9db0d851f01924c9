package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.table.SqlTemplate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * A cluster at one moment.
 *
 * @param cluster its {@code system_identifier}
 * @param timeline which of the histories of that cluster it is: another one where it was recovered
 *     to an earlier time or promoted, and on every branch of a Lakebase that tells its own
 * @param horizon every transaction below it has ended
 * @param nextTransaction no transaction above it has begun
 * @param wal the end of the write-ahead log that is safe on disk
 * @param oldestWriterSeconds for how long the oldest transaction that wrote something is open; what
 *     committed since it began waits for it
 */
public record ClusterState(
    String cluster,
    String timeline,
    long horizon,
    long nextTransaction,
    String wal,
    long oldestWriterSeconds) {
  private static final String SQL =
      SqlTemplate.beside(ClusterState.class, "cluster.sql").fill(Map.of());

  /**
   * Asks a cluster for its state.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-602 to KL-609
   */
  public static ClusterState now(LakebaseAddress address) {
    return ReadSession.with(address.connections(), ClusterState::of);
  }

  /** The position of a stream that has read what can be read now, as far as its mode tells it. */
  public String position(ReadMode mode) {
    var start = Position.start(mode, this);
    return switch (mode) {
      case XMIN, XID8 -> start.at(Long.toString(horizon)).json();
      case MONOTONIC, SLOT -> start.json();
    };
  }

  static ClusterState of(Connection connection) throws SQLException {
    return Query.of(connection, SQL)
        .one(
            row ->
                new ClusterState(
                    row.getString("cluster"),
                    row.getString("timeline"),
                    row.getLong("horizon"),
                    row.getLong("next_transaction"),
                    row.getString("wal"),
                    row.getLong("oldest_writer")));
  }
}
