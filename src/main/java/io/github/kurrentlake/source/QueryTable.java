package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The answer to one statement of the user's. KurrentDB has no way to take it in parts, so one task
 * reads it, a batch at a time; Spark filters and counts for itself.
 */
final class QueryTable implements Table, SupportsRead {
  private final StructType shown;

  QueryTable(StructType shown) {
    this.shown = shown;
  }

  /**
   * The columns of the statement's rows; it is planned by KurrentDB, and not run.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-206 for a statement that KurrentDB
   *     refuses, KL-217 for a column of a type that Spark has not
   */
  static StructType schema(CaseInsensitiveStringMap options, String query) {
    refuseOthers(options);
    var kurrentdb = KurrentDb.of(options);
    try (var connection =
        kurrentdb.connect(KurrentDbSource.PLANNING_MEMORY, CallPolicy.of(options))) {
      return SourceColumn.schemaOf(
          connection.schema("SELECT * FROM (" + statement(query) + ") AS asked LIMIT 0"));
    }
  }

  private static void refuseOthers(CaseInsensitiveStringMap options) {
    for (var option : SourceOption.OF_EVENTS) {
      if (options.containsKey(option.name())) {
        throw ErrorCode.BAD_OPTION
            .error()
            .with("option", option.name())
            .with("expected", "to be in the statement, where the option query gives one");
      }
    }
  }

  private static String statement(String query) {
    return query.strip().replaceFirst(";$", "");
  }

  @Override
  public String name() {
    return "query";
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester")
  public StructType schema() {
    return shown;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    refuseOthers(options);
    var partition =
        new StatementPartition(
            KurrentDb.of(options).forTasks(),
            CallPolicy.of(options),
            SourceOption.MAX_MEMORY_PER_TASK.get(options),
            SourceColumn.of(shown),
            statement(SourceOption.QUERY.get(options)));
    return () -> new QueryScan(shown, partition);
  }

  private record QueryScan(StructType readSchema, StatementPartition partition)
      implements ColumnarScan {

    @Override
    public String description() {
      return "kurrentdb query " + partition.sql().lines().findFirst().orElse("");
    }

    @Override
    public InputPartition[] planInputPartitions() {
      return List.of(partition).toArray(InputPartition[]::new);
    }
  }
}
