package io.github.kurrentlake.gold;

import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.SideBySide;
import io.github.kurrentlake.table.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * What the rows of a table are made of. The commit that writes them notes it, so that it can
 * neither be lost nor be there without them. When all rows are as newer sources make them, no
 * commit writes any: then a property of the table notes it, together with the commit that it is
 * about, so that it means nothing once the rows have changed.
 *
 * @param commits by a source's name the identity of the last commit that changed its rows
 * @param definition a hash of the SQL
 */
record MadeOf(Map<String, String> commits, String definition) {
  private static final String SQL = "sql";
  private static final String EMPTY = " empty: ";
  private static final String PROPERTY = "kurrentlake.made_of";

  MadeOf {
    commits = Map.copyOf(commits);
  }

  /** The sources as they are now. Read before the data: what arrives meanwhile is read twice. */
  static Map<String, Commit> lastChanges(SparkSession spark, List<Table> sources) {
    // Each reads a Delta log; together they take as long as the slowest.
    var last = SideBySide.each(sources, source -> source.lastChange(spark));
    return IntStream.range(0, last.size())
        .boxed()
        .collect(Collectors.toMap(i -> name(sources.get(i)), last::get));
  }

  static MadeOf of(Map<String, Commit> lastChanges, String select) {
    var ids =
        lastChanges.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, change -> change.getValue().id()));
    return new MadeOf(ids, Integer.toHexString(select.hashCode()));
  }

  /** The last commit that changed a table's rows, with the newest note about them. */
  static Commit written(SparkSession spark, Table table) {
    var change = table.lastChange(spark);
    var later = table.properties(spark).getOrDefault(PROPERTY, "");
    var about = change.id() + " ";
    return later.startsWith(about)
        ? new Commit(change.version(), change.millis(), later.substring(about.length()))
        : change;
  }

  /** Notes that the rows which a commit wrote are as newer sources make them. */
  static void noteOf(SparkSession spark, Table table, Commit written, String note) {
    table.setProperties(spark, Map.of(PROPERTY, written.id() + " " + note));
  }

  /** What a commit notes; empty when it is not one that {@link #note} made. */
  static Optional<MadeOf> notedBy(Commit commit) {
    var note = commit.metadata();
    if (!note.contains(EMPTY)) {
      return Optional.empty();
    }
    var entries =
        Arrays.stream(note.substring(0, note.indexOf(EMPTY)).split(" "))
            .map(entry -> entry.split("@", 2))
            .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1]));
    var definition = entries.remove(SQL);
    return Optional.of(new MadeOf(entries, definition));
  }

  /** The sources that held no row when the commit was made. */
  static List<String> emptyAt(Commit commit) {
    var note = commit.metadata();
    return Stream.of(note.substring(note.indexOf(EMPTY) + EMPTY.length()).split(","))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  String note(List<String> emptySources) {
    return new TreeMap<>(commits)
            .entrySet().stream()
                .map(commit -> commit.getKey() + "@" + commit.getValue())
                .collect(Collectors.joining(" ", "", " "))
        + SQL
        + "@"
        + definition
        + EMPTY
        + String.join(",", emptySources);
  }

  static String name(Table source) {
    return source.name().toString();
  }
}
