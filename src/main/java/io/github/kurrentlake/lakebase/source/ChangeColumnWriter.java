package io.github.kurrentlake.lakebase.source;

import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.unsafe.types.UTF8String;

/** Writes Kurrentlake's columns behind a table's own. */
final class ChangeColumnWriter {
  private final Map<ChangeColumn, Integer> places;
  private final UTF8String position;
  private final long sequenceAbove;

  ChangeColumnWriter(ReadPartition partition) {
    this.places = partition.places();
    this.position = UTF8String.fromString(partition.position());
    this.sequenceAbove = partition.sequenceAbove();
  }

  /**
   * @param xid null where it is not known
   * @param lsn null in the modes without
   * @param micros since 1970
   */
  void write(
      UnsafeRowWriter row,
      UTF8String changeType,
      Long xid,
      UTF8String lsn,
      long number,
      long micros) {
    for (var wanted : places.entrySet()) {
      int place = wanted.getValue();
      switch (wanted.getKey()) {
        case PG_CHANGE_TYPE -> row.write(place, changeType);
        case PG_XID -> {
          if (xid == null) {
            row.setNullAt(place);
          } else {
            row.write(place, xid.longValue());
          }
        }
        case PG_LSN -> {
          if (lsn == null) {
            row.setNullAt(place);
          } else {
            row.write(place, lsn);
          }
        }
        case SEQUENCE -> row.write(place, above(number));
        case POSITION -> row.write(place, position);
        case TIMESTAMP -> row.write(place, micros);
      }
    }
  }

  /** A cursor may be infinite. */
  private long above(long number) {
    return number > Long.MAX_VALUE - sequenceAbove ? Long.MAX_VALUE : number + sequenceAbove;
  }
}
