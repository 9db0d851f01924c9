package io.github.kurrentlake.testing;

import com.holdenkarau.spark.testing.JavaDataFrameSuiteBase;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Compares whole tables, row by row and column by column, in any order of rows. */
public final class SameRows extends JavaDataFrameSuiteBase {

  @Override
  public SparkSession spark() {
    return SharedSpark.session();
  }

  /** Fails with the differing rows unless both hold the same, each as often. */
  public static void assertSameRows(Dataset<Row> expected, Dataset<Row> actual) {
    new SameRows().assertDataFrameNoOrderEquals(expected, actual);
  }
}
