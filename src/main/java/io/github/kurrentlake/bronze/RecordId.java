package io.github.kurrentlake.bronze;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * KurrentDB gives a record id as a .NET Guid's memory, whose first three groups are little-endian.
 * Bronze holds the UUID that producers wrote.
 */
final class RecordId {
  /**
   * The UUID as text; null when KurrentDB has no id. Bytes are put in order before they become
   * digits: cutting the text instead counts its characters at every cut, and this column alone
   * would cost as much as all others.
   */
  static final String UUID =
      "CASE WHEN length(record_id) = 16 THEN lower(concat(hex("
          + bytes(4, 3, 2, 1)
          + "), '-', hex("
          + bytes(6, 5)
          + "), '-', hex("
          + bytes(8, 7)
          + "), '-', hex(substring(record_id, 9, 2)), '-', hex(substring(record_id, 11, 6)))) END";

  private RecordId() {}

  private static String bytes(int... positions) {
    return Arrays.stream(positions)
        .mapToObj("substring(record_id, %d, 1)"::formatted)
        .collect(Collectors.joining(", ", "concat(", ")"));
  }
}
