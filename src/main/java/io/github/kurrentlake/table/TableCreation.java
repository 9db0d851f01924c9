package io.github.kurrentlake.table;

import io.github.kurrentlake.error.ErrorCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/**
 * Makes a declared table where it is missing, and gives an existing one the declared columns that
 * it does not have. It can be repeated, done by several runs at once, and after a run that was
 * killed in it: threads of one JVM take turns, and {@link Lakehouse#clear} waits for other
 * processes.
 */
record TableCreation(SparkSession spark, Lakehouse lakehouse, TableDeclaration declaration) {
  private static final Object TURNS = new Object();

  Lakehouse.Made make() {
    var table = lakehouse.table(declaration);
    // A table that another thread is making already counts as existing, but cannot be read yet.
    synchronized (TURNS) {
      // Asked first, since it nearly always exists, and making it takes longer even then.
      var isMissing = !table.exists(spark);
      if (isMissing) {
        lakehouse.prepare(spark, declaration.schema());
      }
      Conflicts.retried(() -> makeOrWiden(table, isMissing));
      return new Lakehouse.Made(table, isMissing);
    }
  }

  private void makeOrWiden(Table table, boolean isMissing) {
    if (isMissing) {
      lakehouse.clear(spark, declaration.qualifiedName());
      spark.sql(declaration.ddl(lakehouse.platform(), table.sqlName()));
    }
    requireCategory(table);
    var existing =
        Arrays.stream(table.read(spark).schema().fields())
            .collect(
                Collectors.toMap(
                    field -> field.name().toLowerCase(Locale.ROOT), StructField::dataType));
    declaration.columns().forEach(column -> requireType(column, existing.get(lower(column))));
    var missing =
        declaration.columns().stream()
            .filter(column -> !existing.containsKey(lower(column)))
            .map(column -> Column.optional(column.name(), column.type(), column.comment()).ddl())
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      spark.sql("ALTER TABLE " + table.sqlName() + " ADD COLUMNS (" + missing + ")");
    }
  }

  /** A table of an older version does not say whose it is. */
  private void requireCategory(Table table) {
    var declared = declaration.properties().get(TableDeclaration.CATEGORY);
    if (declared == null) {
      return;
    }
    var found = table.properties(spark).getOrDefault(TableDeclaration.CATEGORY, declared);
    if (!found.equals(declared)) {
      throw ErrorCode.OTHER_PIPELINES_TABLE
          .error()
          .with("table", declaration.qualifiedName())
          .with("category", declared)
          .with("made for", found);
    }
  }

  private void requireType(Column column, DataType found) {
    if (found != null && !found.equals(DataType.fromDDL(column.type()))) {
      throw ErrorCode.TABLE_DIFFERS
          .error()
          .with("table", declaration.qualifiedName())
          .with("column", column.name())
          .with("declared", column.type())
          .with("found", found.sql());
    }
  }

  private static String lower(Column column) {
    return column.name().toLowerCase(Locale.ROOT);
  }
}
