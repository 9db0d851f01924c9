package io.github.kurrentlake.silver;

import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The fingerprint of the declaration that all rows of a Silver table are of. It is a property of
 * the table, so that RESTORE brings it back with the rows.
 */
public final class MadeBy {
  private static final String PROPERTY = "kurrentlake.declaration";

  private MadeBy() {}

  /** The fingerprint; empty for a table that was made by an older version. */
  public static Optional<String> of(SparkSession spark, Table silver) {
    return Optional.ofNullable(silver.properties(spark).get(PROPERTY));
  }

  /** Notes that from now on all rows are of another declaration. */
  public static void note(SparkSession spark, Table silver, String fingerprint) {
    Conflicts.retried(() -> silver.setProperties(spark, Map.of(PROPERTY, fingerprint)));
  }

  /** A new table, whose rows will be of a declaration. */
  static TableDeclaration in(Projection projection, String fingerprint) {
    var silver = projection.table().property(PROPERTY, fingerprint);
    return projection.category().map(silver::ofCategory).orElse(silver);
  }
}
