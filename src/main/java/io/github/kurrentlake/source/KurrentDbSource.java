package io.github.kurrentlake.source;

import io.github.kurrentlake.settings.Environment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
 * {@code spark.read().format("kurrentdb")}: the records of one category. Options:
 *
 * <ul>
 *   <li>{@code endpoint}: {@code grpc+tls://HOST:PORT}
 *   <li>{@code category}: the part of the stream name before the first '-'
 *   <li>{@code tlsCa}: a PEM file with the authority to trust, or its text; Java's own without it
 *   <li>{@code usernameFile}, {@code passwordFile}: files with the credentials; without them they
 *       come from {@code KURRENTDB_USERNAME} and {@code KURRENTDB_PASSWORD}
 *   <li>{@code startingPosition}: events above this log_position; -1 without it
 *   <li>{@code endingPosition}: events up to and with this one; the log's end without it
 * </ul>
 */
public final class KurrentDbSource implements TableProvider, DataSourceRegister {
  public static final String NAME = "kurrentdb";

  @Override
  public String shortName() {
    return NAME;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return RecordColumn.schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new Records();
  }

  private static final class Records implements Table, SupportsRead {

    @Override
    public String name() {
      return "kdb.records";
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester")
    public StructType schema() {
      return RecordColumn.schema();
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return new RecordsScan.Builder(RecordsScan.Request.of(options));
    }
  }

  /** The connection that the options describe. */
  static KurrentDb connection(CaseInsensitiveStringMap options) {
    var endpoint = Endpoint.parse(options.getOrDefault("endpoint", ""));
    var files = new HashMap<String, String>();
    Credentials.OPTIONS.forEach(
        (option, variable) ->
            Optional.ofNullable(options.get(option)).ifPresent(file -> files.put(variable, file)));
    var credentials = Credentials.of(Environment.ofProcess().with(files), endpoint);
    return KurrentDb.at(endpoint, Optional.ofNullable(options.get("tlsCa")), credentials);
  }
}
