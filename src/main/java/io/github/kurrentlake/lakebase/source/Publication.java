package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.table.SqlTemplate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * What a publication tells of a table.
 *
 * @param hasAllOperations whether it tells of insertions, updates, deletions and TRUNCATE
 * @param hasAllValues whether it has neither a row filter nor a list of columns
 * @param since differs whenever the publication or the table's place in it was made again or
 *     altered
 */
record Publication(boolean hasAllOperations, boolean hasAllValues, String since) {
  private static final SqlTemplate SQL = SqlTemplate.beside(Publication.class, "publication.sql");
  private static final String BY_SCHEMA =
      SqlTemplate.beside(Publication.class, "publication_by_schema.sql").fill(Map.of());

  /** The first version that publishes whole schemas. */
  private static final int HAS_SCHEMAS = 15;

  /**
   * What a publication tells of a table, which must be all.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-622 when it is not
   */
  static Publication require(Connection connection, String name, PostgresTable table)
      throws SQLException {
    var found = of(connection, name, table);
    if (found.isEmpty()) {
      throw lacks(table, "a place in the publication " + name);
    } else if (!found.get().hasAllOperations()) {
      throw lacks(table, "publish = 'insert, update, delete, truncate' of the publication " + name);
    } else if (!found.get().hasAllValues()) {
      throw lacks(table, "a place without row filter and columns in the publication " + name);
    }
    return found.get();
  }

  /**
   * The same, and nobody has changed it since a stream began: what was not published then is not in
   * what its slot tells, and nobody knows it any more.
   *
   * @param since what the stream has noted; the empty text of one that has noted nothing
   * @return what it notes from now on
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-631 when somebody has changed it
   */
  static String requireUnchanged(
      Connection connection, String name, PostgresTable table, String since) throws SQLException {
    var found = require(connection, name, table);
    if (!since.isEmpty() && !since.equals(found.since())) {
      throw ErrorCode.LAKEBASE_PUBLICATION_CHANGED
          .error()
          .with("table", table.name())
          .with("publication", name);
    }
    return found.since();
  }

  private static RuntimeException lacks(PostgresTable table, String lack) {
    return ErrorCode.LAKEBASE_NOT_PREPARED
        .error()
        .with("table", table.name())
        .with("mode", ReadMode.SLOT)
        .with("lacks", lack);
  }

  private static Optional<Publication> of(Connection connection, String name, PostgresTable table)
      throws SQLException {
    var bySchema =
        connection.getMetaData().getDatabaseMajorVersion() < HAS_SCHEMAS ? "" : BY_SCHEMA;
    var sql = SQL.fill(Map.of("table", table.oid(), "by_schema", bySchema));
    var schema = table.name().schema().name();
    return Query.of(connection, sql, name, schema, table.name().table().name())
        .first(
            row ->
                new Publication(
                    row.getBoolean("all_operations"),
                    row.getBoolean("all_values"),
                    row.getString("since")));
  }
}
