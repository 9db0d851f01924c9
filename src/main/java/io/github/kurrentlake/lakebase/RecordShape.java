package io.github.kurrentlake.lakebase;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Records, component by component. */
record RecordShape<R extends Record>(Class<R> type, List<Field> fields, Constructor<R> constructor)
    implements RowShape<R> {

  /** A component and the column of the same name. */
  record Field(RecordComponent component, String column, Class<?> boxed) {}

  static <R extends Record> RecordShape<R> of(Class<R> type) {
    var components = type.getRecordComponents();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return new RecordShape<>(
          type, Arrays.stream(components).map(RecordShape::field).toList(), constructor);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record without its constructor: " + type, e);
    }
  }

  private static Field field(RecordComponent component) {
    component.getAccessor().setAccessible(true);
    var boxed = MethodType.methodType(component.getType()).wrap().returnType();
    return new Field(component, column(component.getName()), boxed);
  }

  /** {@code updatedAt} is {@code updated_at}. */
  private static String column(String component) {
    return component.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  @Override
  public Map<String, Object> write(R row) {
    var values = new LinkedHashMap<String, Object>();
    for (var field : fields) {
      try {
        values.put(field.column(), field.component().getAccessor().invoke(row));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw differs(field, "it cannot be read").causedBy(e);
      }
    }
    return values;
  }

  @Override
  public R read(ResultSet row) throws SQLException {
    var values = new Object[fields.size()];
    for (var i = 0; i < values.length; i++) {
      values[i] = value(row, fields.get(i));
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object value(ResultSet row, Field field) throws SQLException {
    int column;
    try {
      column = row.findColumn(field.column());
    } catch (SQLException e) {
      throw differs(field, "there is no such column").causedBy(e);
    }
    Object value;
    try {
      value = read(row, column, field.boxed());
    } catch (SQLException e) {
      // Its text may quote the value.
      throw differs(field, "the column's value is no " + field.boxed().getSimpleName());
    }
    if (value == null && field.component().getType().isPrimitive()) {
      throw differs(field, "the column is null");
    }
    return value;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object read(ResultSet row, int column, Class<?> type) throws SQLException {
    if (type == String.class) {
      return row.getString(column);
    }
    if (type == byte[].class) {
      return row.getBytes(column);
    }
    if (type == Instant.class) {
      var time = row.getObject(column, OffsetDateTime.class);
      return time == null ? null : time.toInstant();
    }
    if (type.isEnum()) {
      var name = row.getString(column);
      try {
        return name == null ? null : Enum.valueOf((Class<? extends Enum>) type, name);
      } catch (IllegalArgumentException e) {
        throw new SQLException("no constant of " + type, e);
      }
    }
    return row.getObject(column, type);
  }

  private KurrentlakeException differs(Field field, String reason) {
    return ErrorCode.ROW_DIFFERS
        .error()
        .with("record", type.getSimpleName())
        .with("component", field.component().getName())
        .with("column", field.column())
        .with("reason", reason);
  }
}
