package io.github.kurrentlake.lakebase.sync;

import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What changed in the source after a version.
 *
 * @param rows the columns as texts for COPY, whether the key went, and the net of its key; a key
 *     has one row, or, from the feed of a single commit, one for each row that went or came
 * @param added how many rows the source has more than at that version; empty where the nets of the
 *     rows tell that a key is there twice
 */
record SourceChanges(Dataset<Row> rows, OptionalLong added) {

  static SourceChanges ofFeed(Dataset<Row> rows) {
    return new SourceChanges(rows, OptionalLong.empty());
  }

  /**
   * Whether the changes make as many keys as the source has rows. They do not when it has a key
   * twice.
   */
  boolean addUp(Copied copied) {
    return added.isEmpty() || copied.inserted() - copied.deleted() == added.getAsLong();
  }
}
