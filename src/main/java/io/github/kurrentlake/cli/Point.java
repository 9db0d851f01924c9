package io.github.kurrentlake.cli;

import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.table.Lakehouse;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A point of the log, as a user writes it.
 *
 * @param position a position; empty when a time is given
 * @param time a time; empty when a position is given
 */
record Point(OptionalLong position, Optional<Instant> time) {

  static Point at(long position) {
    return new Point(OptionalLong.of(position), Optional.empty());
  }

  static Point at(Instant time) {
    return new Point(OptionalLong.empty(), Optional.of(time));
  }

  long resolve(SparkSession spark, Lakehouse lakehouse, Lifecycle lifecycle) {
    return position.orElseGet(
        () -> Gold.positionAt(spark, lakehouse, lifecycle, time.orElseThrow()));
  }

  /**
   * {@code 51234}, {@code 2025-01-29T16:45:43Z}, or {@code 2025-01-29}, which is its first moment
   * in UTC.
   */
  static final class Converter implements ITypeConverter<Point> {
    @Override
    public Point convert(String text) {
      return text.matches("\\d+")
          ? at(Long.parseLong(text))
          : at(new TimeConverter().convert(text));
    }
  }

  /** The same without positions. */
  static final class TimeConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return text.length() == "2025-01-29".length()
            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
            : Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException(
            "'%s' is not a time such as 2025-01-29T16:45:43Z or 2025-01-29".formatted(text));
      }
    }
  }
}
