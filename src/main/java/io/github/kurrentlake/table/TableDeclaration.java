package io.github.kurrentlake.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A Delta table, declared once. One row and its key are said in the comment; anyone who writes the
 * table keeps the key, since Delta itself enforces none.
 *
 * @param schema the schema it is in: {@code bronze}, {@code silver}, {@code gold} or {@code ops}
 * @param name the table's name
 * @param comment what one row is
 * @param columns in their order
 * @param key the columns that no two rows share
 * @param trust how surely the key holds
 * @param clusteredBy the columns whose neighbours lie together; empty for the order of writing
 * @param partitionedBy the columns whose values have directories of their own, so that writers of
 *     different values never conflict; empty for none
 * @param properties Delta's table properties
 */
public record TableDeclaration(
    String schema,
    String name,
    String comment,
    List<Column> columns,
    List<String> key,
    Trust trust,
    List<String> clusteredBy,
    List<String> partitionedBy,
    Map<String, String> properties) {

  /** Delta's property that names the columns whose minima and maxima its log keeps. */
  public static final String STATISTICS = "delta.dataSkippingStatsColumns";

  static final String CHANGE_FEED = "delta.enableChangeDataFeed";

  /** A property of our own. */
  static final String CATEGORY = "kurrentlake.category";

  /** How surely a key holds. */
  public enum Trust {
    /** It holds whatever happens, so that an optimizer may drop a DISTINCT or a join for it. */
    RELIABLE,
    /** It holds unless somebody interferes, as by deleting a checkpoint. */
    INFORMATIONAL
  }

  public TableDeclaration {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    clusteredBy = List.copyOf(clusteredBy);
    partitionedBy = List.copyOf(partitionedBy);
    properties = Map.copyOf(properties);
  }

  public static TableDeclaration table(String schema, String name, String comment) {
    return new TableDeclaration(
        schema,
        name,
        comment,
        List.of(),
        List.of(),
        Trust.INFORMATIONAL,
        List.of(),
        List.of(),
        Map.of());
  }

  public TableDeclaration columns(List<Column> declared) {
    return with(declared, key, trust, clusteredBy, partitionedBy, properties);
  }

  /** Columns that no two rows share unless somebody interferes. */
  public TableDeclaration key(String... names) {
    return with(
        columns, List.of(names), Trust.INFORMATIONAL, clusteredBy, partitionedBy, properties);
  }

  /**
   * Columns that no two rows ever share. What the optimizer relies on, two runs at the same time
   * must not break either: of two that insert the same key, Delta refuses one, which on Databricks
   * it does at this isolation alone.
   */
  public TableDeclaration reliableKey(String... names) {
    return with(columns, List.of(names), Trust.RELIABLE, clusteredBy, partitionedBy, properties)
        .property("delta.isolationLevel", "Serializable");
  }

  public TableDeclaration clusteredBy(String... names) {
    return with(columns, key, trust, List.of(names), partitionedBy, properties);
  }

  public TableDeclaration partitionedBy(String... names) {
    return with(columns, key, trust, clusteredBy, List.of(names), properties);
  }

  /** The type of rows that are made here and appended. */
  public StructType rowType() {
    return (StructType)
        DataType.fromDDL(
            columns.stream()
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", ")));
  }

  /** A table of which Delta keeps what every commit changed. */
  public TableDeclaration changeFeed() {
    return property(CHANGE_FEED, "true");
  }

  /**
   * Delta's log keeps minima and maxima of these columns alone, by which reading skips files; of
   * columns that hold persons' data it must keep none.
   */
  public TableDeclaration statisticsOf(String... names) {
    return property(STATISTICS, String.join(",", names));
  }

  /** A table of one category's events, which another category's of the same name may not become. */
  public TableDeclaration ofCategory(String category) {
    return property(CATEGORY, category);
  }

  public TableDeclaration property(String property, String value) {
    var more = new LinkedHashMap<>(properties);
    more.put(property, value);
    return with(columns, key, trust, clusteredBy, partitionedBy, more);
  }

  private TableDeclaration with(
      List<Column> newColumns,
      List<String> newKey,
      Trust newTrust,
      List<String> newClusters,
      List<String> newPartitions,
      Map<String, String> newProperties) {
    return new TableDeclaration(
        schema,
        name,
        comment,
        newColumns,
        newKey,
        newTrust,
        newClusters,
        newPartitions,
        newProperties);
  }

  /** The table's name with its schema. */
  public QualifiedName qualifiedName() {
    return new QualifiedName(schema, name);
  }

  /**
   * The statement that makes the table unless it exists.
   *
   * @param sqlName the quoted name to make it under
   */
  public String ddl(Platform platform, String sqlName) {
    var lines = new ArrayList<String>();
    columns.forEach(column -> lines.add(column.ddl()));
    primaryKey(platform).ifPresent(lines::add);
    var ddl =
        new StringBuilder("CREATE TABLE IF NOT EXISTS ")
            .append(sqlName)
            .append(" (\n  ")
            .append(String.join(",\n  ", lines))
            .append("\n)\nUSING DELTA\nCOMMENT ")
            .append(Sql.literal(comment));
    if (!clusteredBy.isEmpty()) {
      ddl.append("\nCLUSTER BY (").append(Sql.list(clusteredBy)).append(")");
    }
    if (!partitionedBy.isEmpty()) {
      ddl.append("\nPARTITIONED BY (").append(Sql.list(partitionedBy)).append(")");
    }
    if (!properties.isEmpty()) {
      ddl.append("\nTBLPROPERTIES (")
          .append(
              properties.entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(entry -> Sql.literal(entry.getKey()) + " = " + Sql.literal(entry.getValue()))
                  .collect(Collectors.joining(", ")))
          .append(")");
    }
    return ddl.toString();
  }

  private Optional<String> primaryKey(Platform platform) {
    return switch (platform) {
      case DATABRICKS ->
          key.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  "CONSTRAINT %s PRIMARY KEY (%s)%s"
                      .formatted(
                          Sql.identifier("pk_" + schema + "_" + name), Sql.list(key), rely()));
      case OPEN_SOURCE -> Optional.empty();
    };
  }

  private String rely() {
    return switch (trust) {
      case RELIABLE -> " RELY";
      case INFORMATIONAL -> "";
    };
  }
}
