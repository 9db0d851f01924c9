package io.github.kurrentlake.silver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.kurrentlake.settings.SessionFiles;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.StorageFaults;
import io.github.kurrentlake.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A projection's checkpoint. It says how far Bronze was read, by the numbers of Bronze's commits;
 * whether these still mean the same commits, and whether what was read is still where it landed, it
 * cannot say. So a note lies in it: the last commit of Bronze, of Silver and of quarantine when the
 * run ended. When one of these is not in its table's history any more (the table was removed, made
 * again, or came from a backup), or others have changed the rows of Silver or quarantine since, the
 * checkpoint is deleted: the run reads all of Bronze, and writes what the tables do not have.
 *
 * <p>The note also holds the declaration's fingerprint, for tables that do not say themselves whose
 * rows they hold: rows that an earlier declaration made stay as they are, and every run says so.
 */
final class Checkpoint {
  private static final String NOTE = "kurrentlake-tables";

  /** Its line in the note, below those of the three tables. */
  private static final int FINGERPRINT = 3;

  private static final String READ_AGAIN =
      "Bronze, Silver or quarantine was removed, restored or changed by others since the last run:"
          + " all of Bronze was read again";

  private static final String OTHER_DECLARATION =
      "the declaration or the zone has changed: %s holds rows of the former one, which replay"
          + " --projection=%s makes again";

  private final Path directory;
  private final Table bronze;
  private final ProjectionWriter writer;
  private final List<Table> landed;

  /** The commits of Bronze and of the tables that events land in, and the fingerprint. */
  private List<String> found = List.of();

  private List<String> noted = List.of();

  Checkpoint(String directory, Table bronze, ProjectionWriter writer) {
    this.directory = new Path(directory);
    this.bronze = bronze;
    this.writer = writer;
    this.landed = List.of(writer.silver(), writer.quarantine());
  }

  String directory() {
    return directory.toString();
  }

  /**
   * Deletes a checkpoint that does not fit its tables.
   *
   * @return what to say of it and of the declaration
   */
  List<String> forgetUnlessItFits(SparkSession spark) {
    found = found(spark);
    var notes = new ArrayList<String>();
    try {
      var files = SessionFiles.of(spark, directory);
      var exists = files.exists(directory);
      noted = exists ? note(files, directory) : List.of();
      formerDeclaration(spark).ifPresent(notes::add);
      if (exists && !fits(spark)) {
        files.delete(directory, true);
        noted = List.of();
        notes.add(READ_AGAIN);
      }
      return notes;
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** What to say where Silver's rows are not all of the declaration of now. */
  private Optional<String> formerDeclaration(SparkSession spark) {
    var silver = writer.silver();
    var said = writer.madeBy();
    var madeBy = said.or(() -> noted.isEmpty() ? said : Optional.of(noted.get(FINGERPRINT)));
    if (madeBy.isEmpty() || madeBy.get().equals(writer.fingerprint())) {
      return Optional.empty();
    }
    if (silver.isEmpty(spark)) {
      MadeBy.note(spark, silver, writer.fingerprint());
      return Optional.empty();
    }
    if (said.isEmpty()) {
      MadeBy.note(spark, silver, madeBy.get());
    }
    return Optional.of(OTHER_DECLARATION.formatted(silver.name(), silver.name().table()));
  }

  private boolean fits(SparkSession spark) {
    if (noted.size() != found.size()) {
      // Of a version that left no note, or of a first run that was killed.
      return noted.isEmpty() && !writer.madeATable();
    }
    if (noted.equals(found)) {
      return true;
    }
    return Commit.isIn(spark, bronze, noted.get(0))
        && IntStream.range(0, landed.size()).allMatch(i -> own(spark, i, noted).isPresent());
  }

  /** The last commit of a table that events land in, unless others wrote to it since the list. */
  private Optional<String> own(SparkSession spark, int table, List<String> since) {
    return Commit.lastUnlessOthersWroteSince(spark, landed.get(table), since.get(table + 1))
        .map(Commit::id);
  }

  /**
   * Notes the tables as they are at the end of a run that read all there was.
   *
   * @param hasWritten whether the run may have written to them
   */
  void note(SparkSession spark, boolean hasWritten) {
    var now = new ArrayList<>(found);
    for (var i = 0; i < landed.size() && hasWritten; i++) {
      // What others changed while this run went on is the next run's to find.
      now.set(i + 1, own(spark, i, found).orElse(found.get(i + 1)));
    }
    if (now.equals(noted)) {
      return;
    }
    try (var out = SessionFiles.of(spark, directory).create(new Path(directory, NOTE), true)) {
      out.write(String.join("\n", now).getBytes(UTF_8));
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private List<String> found(SparkSession spark) {
    return Stream.concat(
            Stream.of(bronze, landed.get(0), landed.get(1))
                .map(table -> table.lastCommit(spark).id()),
            Stream.of(writer.fingerprint()))
        .toList();
  }

  /** The number of the commit of Bronze that the runs of a checkpoint have come to. */
  static OptionalLong reached(SparkSession spark, String directory) {
    var path = new Path(directory);
    try {
      var note = note(SessionFiles.of(spark, path), path);
      return note.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Commit.version(note.get(0)));
    } catch (IOException e) {
      throw StorageFaults.orUnusable(e).with("directory", directory);
    }
  }

  static void delete(SparkSession spark, String directory) {
    var path = new Path(directory);
    try {
      SessionFiles.of(spark, path).delete(path, true);
    } catch (IOException e) {
      throw StorageFaults.orUnusable(e).with("directory", directory);
    }
  }

  private static List<String> note(FileSystem files, Path directory) throws IOException {
    var note = new Path(directory, NOTE);
    if (!files.exists(note)) {
      return List.of();
    }
    try (var in = files.open(note)) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  private RuntimeException unusable(IOException e) {
    return StorageFaults.orUnusable(e).with("directory", directory);
  }
}
