package io.github.kurrentlake.bronze;

import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sha256;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The streams that were erased, which no layer takes in again although KurrentDB may still have
 * them. They are known by a hash of their names alone, and compared by Spark.
 *
 * <p>Whether any was erased is asked once, when this is made; those that are erased later count as
 * well where there was one before.
 */
public final class ErasedStreams {
  /**
   * One row is one stream that was erased; its key is {@code stream_hash}. It is written before the
   * first row of the stream is deleted, and never removed.
   */
  public static final TableDeclaration TABLE =
      TableDeclaration.table(
              "ops", "erasures", "One row per stream that was erased, without its name")
          .columns(
              List.of(
                  required(
                      "stream_hash",
                      "STRING",
                      "SHA-256 of the stream's name in UTF-8, hexadecimal"),
                  required("begun_at", "TIMESTAMP", "From when on it is kept out, UTC"),
                  optional("done_at", "TIMESTAMP", "When no table had a row of it any more, UTC"),
                  optional("purged_at", "TIMESTAMP", "When no file had a row of it any more, UTC"),
                  required("rows_removed", "MAP<STRING, BIGINT>", "By table how many rows it had")))
          .reliableKey("stream_hash");

  private static final String HASH = "sha2(%s, 256)";

  private final Optional<Table> table;

  private ErasedStreams(Optional<Table> table) {
    this.table = table;
  }

  /** Those of a lakehouse. */
  public static ErasedStreams of(SparkSession spark, Lakehouse lakehouse) {
    return new ErasedStreams(
        Optional.of(lakehouse.table(TABLE))
            .filter(erasures -> erasures.exists(spark) && !erasures.isEmpty(spark)));
  }

  /** What a stream is known by. */
  public static String hash(String stream) {
    return Sha256.hex(stream);
  }

  /** In SQL, whether a column holds the name of the stream with a hash. */
  public static String isHashOf(String hash, String column) {
    return HASH.formatted(Sql.identifier(column)) + " = " + Sql.literal(hash);
  }

  /** Whether none was erased. */
  public boolean isNone() {
    return table.isEmpty();
  }

  /** Those of some streams that were erased. */
  public Set<String> among(SparkSession spark, Collection<String> streams) {
    if (table.isEmpty() || streams.isEmpty()) {
      return Set.of();
    }
    var byHash = streams.stream().distinct().collect(Collectors.toMap(ErasedStreams::hash, s -> s));
    return table
        .orElseThrow()
        .read(spark)
        .filter(functions.col("stream_hash").isInCollection(byHash.keySet()))
        .select("stream_hash")
        .collectAsList()
        .stream()
        .map(row -> byHash.get(row.getString(0)))
        .collect(Collectors.toSet());
  }

  /** The rows of other streams; the same rows where none was erased. */
  public Dataset<Row> leaveOut(Dataset<Row> rows) {
    return join(rows, "left_anti").orElse(rows);
  }

  /** The rows of erased streams. */
  public Dataset<Row> only(Dataset<Row> rows) {
    return join(rows, "left_semi").orElseGet(() -> rows.limit(0));
  }

  /** The query without rows of erased streams; the same text where none was erased. */
  public String leaveOut(String query) {
    return table
        .map(
            erasures ->
                "SELECT rows.* FROM (\n%s\n) AS rows LEFT ANTI JOIN %s AS erased ON %s = erased.stream_hash"
                    .formatted(query, erasures.sqlName(), HASH.formatted("rows.stream")))
        .orElse(query);
  }

  private Optional<Dataset<Row>> join(Dataset<Row> rows, String how) {
    return table.map(
        erasures ->
            rows.join(
                functions.broadcast(erasures.read(rows.sparkSession()).select("stream_hash")),
                functions.expr(HASH.formatted("stream")).equalTo(functions.col("stream_hash")),
                how));
  }
}
