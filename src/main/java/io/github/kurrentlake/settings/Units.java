package io.github.kurrentlake.settings;

import java.time.Duration;
import java.util.function.ToLongFunction;
import org.apache.spark.SparkConf;

/** Sizes and times as Spark's configuration has them. */
public final class Units {
  private static final String KEY = "value";

  private Units() {}

  /**
   * A number of bytes, such as {@code 512m}.
   *
   * @throws IllegalArgumentException with what is expected
   */
  public static long bytes(String text) {
    return positive(text, conf -> conf.getSizeAsBytes(KEY), "a size such as 512m or 1g");
  }

  /**
   * A time with its unit, such as {@code 30s}.
   *
   * @throws IllegalArgumentException with what is expected
   */
  public static Duration duration(String text) {
    var expected = "a duration such as 200ms, 30s or 5m";
    if (text.matches("\\d*")) {
      throw new IllegalArgumentException(expected);
    }
    return Duration.ofMillis(positive(text, conf -> conf.getTimeAsMs(KEY, "0"), expected));
  }

  private static long positive(String text, ToLongFunction<SparkConf> read, String expected) {
    try {
      var value = read.applyAsLong(new SparkConf(false).set(KEY, text));
      if (value > 0) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(expected, e);
    }
    throw new IllegalArgumentException(expected);
  }
}
