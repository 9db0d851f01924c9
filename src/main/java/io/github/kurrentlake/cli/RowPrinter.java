package io.github.kurrentlake.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Prints the rows of a result as they come; none keeps them all. */
interface RowPrinter {

  /**
   * Prints until the last row, or until nobody reads any more.
   *
   * @throws IOException never for a closed pipe: a reader such as {@code head} has seen enough
   */
  void print(StructType schema, Iterator<Row> rows) throws IOException;

  /**
   * Does the same with columns as a command names them. Spark reads them here and not when the
   * command's class is made: its own classes begin to log as soon as they are used.
   */
  default void print(String columns, Stream<Row> rows) {
    try {
      print((StructType) DataType.fromDDL(columns), rows.iterator());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
