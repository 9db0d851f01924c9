package io.github.kurrentlake.lakebase.sync;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The rows of a change feed in the order in which a task finds them, but for those that go directly
 * before one that comes with the same key. Delta writes an update so, and the row that went need
 * not travel. Where it does not, both are staged and Postgres finds that they belong together.
 *
 * <p>A row has the columns' texts, the key's first, then whether it goes and the net of its key.
 */
final class ChangedRows implements Iterator<Row> {
  private final Iterator<Row> feed;
  private final int keys;
  private Row ahead;

  ChangedRows(Iterator<Row> feed, int keys) {
    this.feed = feed;
    this.keys = keys;
  }

  static boolean isDeleted(Row row) {
    return row.getBoolean(row.size() - 2);
  }

  /** The net of the row's key, or null. */
  static Long net(Row row) {
    return row.getAs(row.size() - 1);
  }

  @Override
  public boolean hasNext() {
    return ahead != null || feed.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    var row = ahead == null ? feed.next() : ahead;
    ahead = null;
    if (isDeleted(row) && feed.hasNext()) {
      var follower = feed.next();
      if (!isDeleted(follower) && haveSameKey(row, follower)) {
        return withNet(follower, net(row) + net(follower));
      }
      ahead = follower;
    }
    return row;
  }

  /** Keys with other texts can still be equal for Postgres, which then finds it out. */
  private boolean haveSameKey(Row one, Row other) {
    for (var i = 0; i < keys; i++) {
      if (!Arrays.equals(one.<byte[]>getAs(i), other.<byte[]>getAs(i))) {
        return false;
      }
    }
    return true;
  }

  private static Row withNet(Row row, long net) {
    var values = new Object[row.size()];
    for (var i = 0; i < values.length - 1; i++) {
      values[i] = row.get(i);
    }
    values[values.length - 1] = net;
    return RowFactory.create(values);
  }
}
