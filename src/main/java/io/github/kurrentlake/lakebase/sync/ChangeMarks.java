package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.lakebase.schema.Identifier;
import java.io.Serializable;

/**
 * What a staged change says beside the row: two columns behind the synced ones.
 *
 * @param deleted whether the key went; then the row is nothing but the key
 * @param net how many more rows of the key came than went; null where a timeseries tells which row
 *     counts, and their number does not matter
 */
record ChangeMarks(Identifier deleted, Identifier net) implements Serializable {

  static ChangeMarks beside(SyncedColumns columns) {
    return new ChangeMarks(columns.unused("sync_deleted"), columns.unused("sync_net"));
  }

  String ddl() {
    return ", %s boolean NOT NULL, %s bigint".formatted(deleted.sql(), net.sql());
  }

  String names() {
    return ", %s, %s".formatted(deleted.sql(), net.sql());
  }
}
