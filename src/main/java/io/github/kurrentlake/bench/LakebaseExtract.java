package io.github.kurrentlake.bench;

import io.github.kurrentlake.bench.Bench.Measurement;
import io.github.kurrentlake.embedded.postgres.LocalPostgres;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.source.LakebaseAddress;
import io.github.kurrentlake.lakebase.source.LakebaseSource;
import java.sql.SQLException;
import java.util.List;
import org.apache.spark.sql.DataFrameReader;

/**
 * The same table of an embedded PostgreSQL, read by the source {@code lakebase} and by Spark's own
 * JDBC source, both over one connection; the rows are dropped.
 */
final class LakebaseExtract implements Experiment {
  static final String OURS = "lakebase-extract";
  static final String JDBC = "jdbc-extract";

  private static final String ROWS =
      """
      CREATE TABLE extract AS
      SELECT n AS id, 'customer ' || n AS name, (n * 0.37)::numeric(12,2) AS amount,
             timestamptz '2024-01-01' + n * interval '1 second' AS changed,
             jsonb_build_object('n', n, 'tags', jsonb_build_array('a', 'b')) AS body
      FROM generate_series(1::bigint, %d) AS n;
      ALTER TABLE extract ADD PRIMARY KEY (id);
      VACUUM ANALYZE extract
      """;

  private final Bench bench;
  private final long events;

  LakebaseExtract(Bench bench) {
    this.bench = bench;
    this.events = bench.options().events();
  }

  @Override
  public List<String> rows() {
    return List.of(OURS, JDBC);
  }

  @Override
  public void run() {
    try (var postgres = LocalPostgres.temporary()) {
      var database = (PostgresUrl) postgres.database("postgres");
      fill(database);
      bench.byTurns(
          new Measurement(OURS, round -> drained(ours(database))),
          new Measurement(JDBC, round -> drained(jdbc(database))));
    }
  }

  private void fill(PostgresUrl database) {
    try (var connection = Connections.to(database).open("kurrentlake bench");
        var statement = connection.createStatement()) {
      for (var sql : ROWS.formatted(events).split(";", -1)) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw ErrorCode.INTERNAL.error().with("postgres", e.getMessage()).causedBy(e);
    }
  }

  private DataFrameReader ours(PostgresUrl database) {
    return bench
        .spark()
        .read()
        .format(LakebaseSource.NAME)
        .options(LakebaseAddress.of(database).options())
        .option("table", "extract");
  }

  private DataFrameReader jdbc(PostgresUrl database) {
    return bench
        .spark()
        .read()
        .format("jdbc")
        .option("driver", "org.postgresql.Driver")
        .option("url", database.address().jdbcUrl())
        .option("user", database.address().user())
        .option("authenticationPluginClassName", FilePassword.class.getName())
        .option(FilePassword.FILE, LakebaseAddress.of(database).passwordFile())
        .option("fetchsize", 10_000)
        .option("dbtable", "extract");
  }

  /** Both hand on every column of every row. */
  private Sample drained(DataFrameReader reader) {
    return Sample.timed(
        () -> {
          reader
              .load()
              .select("id", "name", "amount", "changed", "body")
              .write()
              .format("noop")
              .mode("overwrite")
              .save();
          return events;
        });
  }
}
