package io.github.kurrentlake.bronze;

/**
 * KurrentDB gives a record id as a .NET Guid's memory, whose first three groups are little-endian.
 * Bronze holds the UUID that producers wrote.
 */
final class RecordId {
  /** The UUID as text; null when KurrentDB has no id. */
  static final String UUID =
      "CASE WHEN length(record_id) = 16 THEN lower(concat("
          + pairs(3, 2, 1, 0)
          + ", '-', "
          + pairs(5, 4)
          + ", '-', "
          + pairs(7, 6)
          + ", '-', "
          + pairs(8, 9)
          + ", '-', "
          + pairs(10, 11, 12, 13, 14, 15)
          + ")) END";

  private RecordId() {}

  private static String pairs(int... bytes) {
    return java.util.Arrays.stream(bytes)
        .mapToObj(position -> "substring(hex(record_id), %d, 2)".formatted(2 * position + 1))
        .collect(java.util.stream.Collectors.joining(", "));
  }
}
