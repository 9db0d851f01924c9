package io.github.kurrentlake.source;

import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * {@code format("kurrentdb")}: the events of KurrentDB as a table or a stream, or the answer to a
 * statement as a table. {@code docs/source.md} describes its options.
 *
 * <p>The columns are those that KurrentDB sends. Anyone who gives a schema saves the question, and
 * chooses the columns of a stream, where Spark does not tell a source which ones it needs.
 */
public final class KurrentDbSource implements TableProvider, DataSourceRegister {
  public static final String NAME = "kurrentdb";

  /** Schemas and questions to the index are a few small batches. */
  static final long PLANNING_MEMORY = 64L << 20;

  @Override
  public String shortName() {
    return NAME;
  }

  @Override
  public boolean supportsExternalMetadata() {
    return true;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    var query = SourceOption.QUERY.find(options);
    if (query.isPresent()) {
      return QueryTable.schema(options, query.get());
    }
    var request = LogRequest.of(options);
    try (var connection = request.connect(PLANNING_MEMORY)) {
      return SourceColumn.schema(connection.schema(RecordsSql.schema(request.selection().table())));
    }
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    var options = new CaseInsensitiveStringMap(properties);
    if (SourceOption.QUERY.find(options).isPresent()) {
      return new QueryTable(schema);
    }
    var request = LogRequest.of(options);
    return new Events(request.selection().table(), schema);
  }

  /** Equal to no other: what Spark cached of one load is not the log of a later one. */
  private static final class Events implements Table, SupportsRead {
    private final LogTable table;
    private final StructType shown;

    Events(LogTable table, StructType shown) {
      this.table = table;
      this.shown = shown;
    }

    @Override
    public String name() {
      return table.toString();
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester")
    public StructType schema() {
      return shown;
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ, TableCapability.MICRO_BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return new EventScanBuilder(LogRequest.of(options), shown);
    }
  }
}
