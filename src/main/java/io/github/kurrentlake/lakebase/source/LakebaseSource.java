package io.github.kurrentlake.lakebase.source;

import java.util.List;
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
 * {@code format("lakebase")}: a table of Postgres as a table or a stream. {@code
 * docs/lakebase-source.md} describes its options, its columns and what becomes of Postgres' types.
 */
public final class LakebaseSource implements TableProvider, DataSourceRegister {
  public static final String NAME = "lakebase";

  /**
   * The key columns of the table that options name, by their names in Spark.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException as a read of the table
   */
  public static List<String> keyColumns(Map<String, String> options) {
    return ReadRequest.of(new CaseInsensitiveStringMap(options)).table().key().stream()
        .map(PostgresColumn::shown)
        .toList();
  }

  @Override
  public String shortName() {
    return NAME;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return ReadRequest.of(options).schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new Rows(ReadRequest.of(new CaseInsensitiveStringMap(properties)));
  }

  /** Equal to no other: what Spark cached of one load is not the table of a later one. */
  private static final class Rows implements Table, SupportsRead {
    private final ReadRequest request;
    private final StructType shown;

    Rows(ReadRequest request) {
      this.request = request;
      this.shown = request.schema();
    }

    @Override
    public String name() {
      return request.table().name().toString();
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
      return new TableScan(request, shown);
    }
  }
}
