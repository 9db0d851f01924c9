package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.table.QualifiedName;
import java.util.List;
import java.util.Optional;

/**
 * A Delta table and the Postgres table that it shall be served from. The parts are named as in
 * Databricks' own synced tables.
 *
 * @param source the Delta table
 * @param target the Postgres table; nobody else writes to it
 * @param primaryKeyColumns columns of the source that no two rows share and that are never null
 * @param timeseriesKey among source rows of the same key the one with the largest value of this
 *     column is taken; empty for a source whose key is unique
 * @param objects what to do when the Postgres table is not there
 * @param badText what to do with a row whose text Postgres cannot hold
 */
public record SyncedTable(
    QualifiedName source,
    TableName target,
    List<String> primaryKeyColumns,
    Optional<String> timeseriesKey,
    SchedulingPolicy schedulingPolicy,
    DatabaseObjects objects,
    BadText badText) {

  /** Databricks calls it {@code create_database_objects_if_missing}. */
  public enum DatabaseObjects {
    CREATE_IF_MISSING,
    MUST_EXIST
  }

  public SyncedTable {
    primaryKeyColumns = List.copyOf(primaryKeyColumns);
    if (primaryKeyColumns.isEmpty()) {
      throw new IllegalArgumentException("a synced table has a primary key");
    }
  }

  /**
   * A table that is synced by its changes into a table that is made if it is missing.
   *
   * @param source {@code schema.table} in the lakehouse
   */
  public static SyncedTable of(String source, TableName target, List<String> primaryKeyColumns) {
    return new SyncedTable(
        QualifiedName.parse(source),
        target,
        primaryKeyColumns,
        Optional.empty(),
        SchedulingPolicy.TRIGGERED,
        DatabaseObjects.CREATE_IF_MISSING,
        BadText.REFUSE);
  }

  public SyncedTable schedulingPolicy(SchedulingPolicy policy) {
    return new SyncedTable(
        source, target, primaryKeyColumns, timeseriesKey, policy, objects, badText);
  }

  public SyncedTable timeseriesKey(String column) {
    return new SyncedTable(
        source, target, primaryKeyColumns, Optional.of(column), schedulingPolicy, objects, badText);
  }

  public SyncedTable objects(DatabaseObjects missing) {
    return new SyncedTable(
        source, target, primaryKeyColumns, timeseriesKey, schedulingPolicy, missing, badText);
  }

  public SyncedTable badText(BadText policy) {
    return new SyncedTable(
        source, target, primaryKeyColumns, timeseriesKey, schedulingPolicy, objects, policy);
  }
}
