package io.github.kurrentlake.lakebase;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a row becomes a value of Java and back. */
interface RowShape<T> {

  /** Column and value in the order of the columns; a value may be null. */
  Map<String, Object> write(T row);

  /** The row at which the result stands. */
  T read(ResultSet row) throws SQLException;

  static <R extends Record> RowShape<R> of(Class<R> type) {
    return RecordShape.of(type);
  }

  static RowShape<Map<String, Object>> ofMaps() {
    return new RowShape<>() {
      @Override
      public Map<String, Object> write(Map<String, Object> row) {
        return row;
      }

      @Override
      public Map<String, Object> read(ResultSet row) throws SQLException {
        var columns = row.getMetaData();
        var values = new LinkedHashMap<String, Object>();
        for (var i = 1; i <= columns.getColumnCount(); i++) {
          values.put(columns.getColumnLabel(i), row.getObject(i));
        }
        return values;
      }
    };
  }
}
