package io.github.kurrentlake.reconcile;

import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.SideBySide;
import io.github.kurrentlake.table.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The last commits that changed some tables.
 *
 * @param ids identities of commits by names of tables
 */
record Commits(Map<String, String> ids) {

  Commits {
    ids = Map.copyOf(ids);
  }

  /** As they are now. */
  static Commits now(SparkSession spark, List<Table> tables) {
    var ids = SideBySide.each(tables, table -> table.lastChange(spark).id());
    var byName = new TreeMap<String, String>();
    for (var i = 0; i < tables.size(); i++) {
      byName.put(tables.get(i).name().toString(), ids.get(i));
    }
    return new Commits(byName);
  }

  static Commits parse(String text) {
    return new Commits(
        Arrays.stream(text.split(" "))
            .filter(entry -> !entry.isEmpty())
            .map(entry -> entry.split("@", 2))
            .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1])));
  }

  Commits of(List<Table> tables) {
    return new Commits(
        tables.stream()
            .map(table -> table.name().toString())
            .collect(Collectors.toMap(name -> name, ids::get)));
  }

  /**
   * The rows of these tables that changed between other commits and these: {@code stream} and
   * {@code log_position}. Empty when that cannot be known: a table was made again or restored, or
   * its change feed does not reach back.
   */
  Optional<Dataset<Row>> changesSince(SparkSession spark, List<Table> tables, Commits before) {
    Optional<Dataset<Row>> changes =
        Optional.of(spark.sql("SELECT '' AS stream, 0L AS log_position WHERE false"));
    for (var table : tables) {
      var name = table.name().toString();
      var was = before.ids().get(name);
      if (was == null || (!was.equals(ids.get(name)) && !Commit.isIn(spark, table, was))) {
        return Optional.empty();
      }
      if (!was.equals(ids.get(name))) {
        var rows =
            table
                .changes(spark, Commit.version(was), Commit.version(ids.get(name)))
                .select("stream", "log_position");
        changes = changes.map(others -> others.unionAll(rows));
      }
    }
    return changes;
  }

  @Override
  public String toString() {
    return new TreeMap<>(ids)
        .entrySet().stream()
            .map(entry -> entry.getKey() + "@" + entry.getValue())
            .collect(Collectors.joining(" "));
  }
}
