package io.github.kurrentlake.lakebase.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** One of the ways to find what is new: where a batch ends, and what is in it. */
sealed interface Extraction permits XidExtraction, MonotonicExtraction, SlotExtraction {

  /** The end of all that could be read now. */
  Position furthest(Connection connection, ClusterState now, Position from) throws SQLException;

  /**
   * The end of the next batch, which is {@code from} itself when nothing is new.
   *
   * @param bound where the stream ends
   * @param maxRows rows of a batch, as far as the mode can keep to it
   */
  Position next(
      Connection connection,
      ClusterState now,
      Position from,
      Optional<Position> bound,
      long maxRows)
      throws SQLException;

  /** Whether a position is of the future: the cluster is not the one that it was. */
  boolean isAhead(Position position, ClusterState now) throws SQLException;

  /** The rows between two positions. */
  ReadWork between(List<PostgresColumn> columns, Position from, Position to);

  /** All rows that there are. */
  ReadWork everything(List<PostgresColumn> columns);
}
