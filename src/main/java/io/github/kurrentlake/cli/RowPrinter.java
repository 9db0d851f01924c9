package io.github.kurrentlake.cli;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Prints the rows of a result as they come; none keeps them all. */
interface RowPrinter {

  /**
   * Prints until the last row, or until nobody reads any more.
   *
   * @throws IOException never for a closed pipe: a reader such as {@code head} has seen enough
   */
  void print(StructType schema, Iterator<Row> rows) throws IOException;
}
