package io.github.kurrentlake.gold;

import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;

/**
 * A Gold table: each of its rows is made of the events of one stream.
 *
 * @param table the declaration; its key is or contains {@code stream}
 * @param select the SQL that makes the table's columns, in their order, out of the relations that
 *     {@link Lifecycle} names
 * @param firstPosition the column that holds the position of the stream's first event, or the least
 *     of which over the stream's rows is that; with it, a refresh reads no event older than those
 *     of the streams that changed. Empty when there is none
 */
public record GoldTable(TableDeclaration table, SqlTemplate select, String firstPosition) {

  public GoldTable {
    if (!table.key().contains("stream")) {
      throw new IllegalArgumentException(table.qualifiedName() + " has no stream in its key");
    }
  }
}
