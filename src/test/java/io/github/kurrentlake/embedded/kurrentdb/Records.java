package io.github.kurrentlake.embedded.kurrentdb;

import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Records for the tests, each a function of its number. */
final class Records {
  static final long FIRST_CREATED = 1_738_168_933_527L;

  private Records() {}

  /** JSON events at positions 100, 200, ... in ten streams of the category {@code order}. */
  static Stream<LogRecord> orders(long count) {
    return LongStream.rangeClosed(1, count).mapToObj(Records::order);
  }

  static LogRecord order(long number) {
    return LogRecord.json(
        number * 100,
        number / 10,
        FIRST_CREATED + number,
        "order-" + number % 10,
        "OrderPlaced",
        new UUID(0, number),
        "{\"number\":%d,\"country\":\"NL\"}".formatted(number));
  }
}
