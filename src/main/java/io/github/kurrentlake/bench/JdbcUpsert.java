package io.github.kurrentlake.bench;

import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Row;
import org.postgresql.PGProperty;

/** Upserts by JDBC as one would write them: batches of a thousand, which the driver rewrites. */
record JdbcUpsert(PostgresUrl database) implements ForeachPartitionFunction<Row> {
  private static final int BATCH = 1_000;
  private static final int COLUMNS = 5;
  private static final String UPSERT =
      """
      INSERT INTO write_jdbc (id, name, amount, changed, body) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, amount = excluded.amount,
        changed = excluded.changed, body = excluded.body""";

  @Override
  public void call(Iterator<Row> rows) throws SQLException {
    var rewrite = Map.of(PGProperty.REWRITE_BATCHED_INSERTS, "true");
    try (var connection = Connections.to(database).open("kurrentlake bench", rewrite);
        var statement = connection.prepareStatement(UPSERT)) {
      connection.setAutoCommit(false);
      for (var count = 1; rows.hasNext(); count++) {
        var row = rows.next();
        for (var i = 0; i < COLUMNS; i++) {
          statement.setObject(i + 1, row.get(i));
        }
        statement.addBatch();
        if (count % BATCH == 0) {
          statement.executeBatch();
        }
      }
      statement.executeBatch();
      connection.commit();
    }
  }
}
