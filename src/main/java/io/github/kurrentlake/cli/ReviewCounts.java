package io.github.kurrentlake.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The figures of the demonstration.
 *
 * @param committed changes of rows that were committed, in Postgres' own count
 * @param bronze rows in Bronze
 * @param lost committed changes that Bronze does not have
 * @param doubled rows of Bronze that no committed change stands behind
 * @param synced rows that Postgres serves of Gold
 */
record ReviewCounts(long committed, long bronze, long lost, long doubled, long synced) {
  private static final SqlTemplate AUDIT =
      SqlTemplate.beside(ReviewCounts.class, "audit_reviews.sql");
  private static final SqlTemplate COMPARE =
      SqlTemplate.beside(ReviewCounts.class, "compare_reviews.sql");

  /** Lets Postgres count from now on, before anybody writes. */
  static void begin(Connections connections) throws SQLException {
    try (var connection = connections.open("kurrentlake-demo");
        var statement = connection.createStatement()) {
      statement.execute(AUDIT.fill(Map.of()));
    }
  }

  /** Compares Postgres with the lakehouse, when nobody writes any more. */
  static ReviewCounts count(SparkSession spark, Path lakehouse, Connections connections)
      throws SQLException {
    var audit = new ArrayList<Row>();
    long synced;
    try (var connection = connections.open("kurrentlake-demo");
        var statement = connection.createStatement()) {
      try (var rows = statement.executeQuery("SELECT xid, review_id, change FROM demo.audit")) {
        while (rows.next()) {
          audit.add(RowFactory.create(rows.getLong(1), rows.getLong(2), rows.getString(3)));
        }
      }
      try (var rows = statement.executeQuery("SELECT count(*) FROM app.loan_reviews")) {
        rows.next();
        synced = rows.getLong(1);
      }
    }
    var schema = StructType.fromDDL("xid BIGINT, review_id BIGINT, change STRING");
    spark.createDataFrame(audit, schema).createOrReplaceTempView("audit");
    var bronze = Sql.name("delta", lakehouse.resolve("bronze/loan_review").toString());
    var row = spark.sql(COMPARE.fill(Map.of("bronze", bronze))).head();
    return new ReviewCounts(row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3), synced);
  }

  boolean isExact() {
    return lost == 0 && doubled == 0;
  }

  /** Lines for a person. */
  List<String> lines() {
    return List.of(
        "%,d changes were committed, in Postgres' own count.".formatted(committed),
        "%,d rows are in Bronze: %,d lost, %,d doubled.".formatted(bronze, lost, doubled),
        "%,d loans are served from Postgres.".formatted(synced));
  }

  /**
   * Writes the figures as a JSON object.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-104
   */
  void write(Path file) {
    try {
      new ObjectMapper().writeValue(file.toFile(), this);
    } catch (IOException e) {
      throw ErrorCode.UNREADABLE_FILE.error().with("file", file).causedBy(e);
    }
  }
}
