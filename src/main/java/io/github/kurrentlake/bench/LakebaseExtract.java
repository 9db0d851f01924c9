package io.github.kurrentlake.bench;

import io.github.kurrentlake.embedded.postgres.LocalPostgres;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.source.LakebaseAddress;
import io.github.kurrentlake.lakebase.source.LakebaseSource;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.function.LongSupplier;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.SparkSession;

/**
 * The same table of an embedded PostgreSQL, read by the source {@code lakebase} and by Spark's own
 * JDBC source, both over one connection; the rows are dropped.
 */
final class LakebaseExtract {
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

  private final SparkSession spark;
  private final BenchOptions options;

  LakebaseExtract(SparkSession spark, BenchOptions options) {
    this.spark = spark;
    this.options = options;
  }

  /** Takes a measurement. */
  interface Recorder {
    void record(String name, int round, Sample sample);
  }

  void run(Recorder recorder) {
    try (var postgres = LocalPostgres.temporary()) {
      var database = (PostgresUrl) postgres.database("postgres");
      fill(database);
      var rows = new LinkedHashMap<String, LongSupplier>();
      rows.put(OURS, () -> drain(ours(database)));
      rows.put(JDBC, () -> drain(jdbc(database)));
      rows.keySet().removeIf(name -> !options.wants(name));
      for (var round = options.firstRound(); round <= options.rounds(); round++) {
        for (var row : rows.entrySet()) {
          var begun = System.nanoTime();
          var events = row.getValue().getAsLong();
          recorder.record(
              row.getKey(), round, new Sample(events, (System.nanoTime() - begun) / 1e9));
        }
      }
    }
  }

  private void fill(PostgresUrl database) {
    try (var connection = Connections.to(database).open("kurrentlake bench");
        var statement = connection.createStatement()) {
      for (var sql : ROWS.formatted(options.events()).split(";", -1)) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw ErrorCode.INTERNAL.error().with("postgres", e.getMessage()).causedBy(e);
    }
  }

  private DataFrameReader ours(PostgresUrl database) {
    return spark
        .read()
        .format(LakebaseSource.NAME)
        .options(LakebaseAddress.of(database).options())
        .option("table", "extract");
  }

  private DataFrameReader jdbc(PostgresUrl database) {
    return spark
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
  private long drain(DataFrameReader reader) {
    reader
        .load()
        .select("id", "name", "amount", "changed", "body")
        .write()
        .format("noop")
        .mode("overwrite")
        .save();
    return options.events();
  }
}
