package io.github.kurrentlake.table;

import io.github.kurrentlake.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/**
 * Where the tables lie: a Unity Catalog catalog, or a directory of a laptop.
 *
 * <ul>
 *   <li>In a catalog a table is {@code catalog.schema.table}, and checkpoints lie in the volume
 *       {@code catalog.ops._checkpoints}.
 *   <li>In a directory a table is {@code DIR/schema/table}, and checkpoints lie in {@code
 *       DIR/ops/_checkpoints}. Tables are named by their path, so that the directory can be moved
 *       and several can be used in one session. A directory of ours holds the file {@code
 *       _kurrentlake}, so that no other directory is written into by mistake.
 * </ul>
 */
public sealed interface Lakehouse {

  /** The marker file of a directory of ours. */
  String MARKER = "_kurrentlake";

  /**
   * The lakehouse of a setting: a text with a slash, or that begins with a dot, is a directory, any
   * other is a catalog's name.
   */
  static Lakehouse parse(String catalog) {
    var directory = catalog.startsWith("file:") ? catalog.substring("file:".length()) : catalog;
    if (!directory.contains("/") && !directory.contains("\\") && !directory.startsWith(".")) {
      return new InCatalog(catalog);
    }
    try {
      return at(Path.of(directory));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("the name of a catalog, or a directory", e);
    }
  }

  /** The lakehouse in a directory, which need not exist yet. */
  static Lakehouse at(Path directory) {
    return new InDirectory(directory.toAbsolutePath().normalize());
  }

  /**
   * Makes sure that tables can be made here: makes the directory and marks it as ours, or the
   * catalog's schemas and the checkpoints' volume. Safe to call again, and from several threads.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-301 for a directory that holds
   *     something else
   */
  void prepare(SparkSession spark, String schema);

  /** The declared table in this lakehouse, which need not exist yet. */
  Table table(TableDeclaration declaration);

  /**
   * Runs what makes a table that may exist, where this is prepared. What a run left behind that was
   * killed while it made the table is not in its way.
   *
   * @return what the making gives
   */
  boolean make(TableDeclaration declaration, BooleanSupplier making);

  /** The directory of a stream's checkpoint. */
  String checkpoint(String stream);

  /** A catalog; on Databricks one of Unity Catalog. */
  record InCatalog(String catalog) implements Lakehouse {

    @Override
    public void prepare(SparkSession spark, String schema) {
      spark.sql("CREATE SCHEMA IF NOT EXISTS " + Sql.name(catalog, schema));
      if (Dialect.ofThisMachine() == Dialect.DATABRICKS && schema.equals("ops")) {
        spark.sql("CREATE VOLUME IF NOT EXISTS " + Sql.name(catalog, "ops", "_checkpoints"));
      }
    }

    @Override
    public Table table(TableDeclaration declaration) {
      var name = Sql.name(catalog, declaration.schema(), declaration.name());
      return new Table(this, declaration, Dialect.ofThisMachine(), name, Optional.empty());
    }

    @Override
    public boolean make(TableDeclaration declaration, BooleanSupplier making) {
      return making.getAsBoolean();
    }

    @Override
    public String checkpoint(String stream) {
      return "/Volumes/%s/ops/_checkpoints/%s".formatted(catalog, stream);
    }
  }

  /** A directory on this machine. */
  record InDirectory(Path directory) implements Lakehouse {
    private static final Pattern COMMIT = Pattern.compile("\\d+\\.(json|checkpoint.*)");

    @Override
    public void prepare(SparkSession spark, String schema) {
      prepare();
    }

    /** Makes the directory and marks it as ours, without a session. */
    public void prepare() {
      try {
        if (Files.exists(directory) && !isOurs() && !isEmptyDirectory()) {
          throw ErrorCode.NOT_A_LAKEHOUSE.error().with("directory", directory);
        }
        Files.createDirectories(directory);
        Files.write(directory.resolve(MARKER), new byte[0]);
      } catch (IOException e) {
        throw ErrorCode.NOT_A_LAKEHOUSE
            .error()
            .with("directory", directory)
            .with("reason", e)
            .causedBy(e);
      }
    }

    /** Whether an earlier run made this directory. */
    public boolean isOurs() {
      return Files.exists(directory.resolve(MARKER));
    }

    @Override
    public Table table(TableDeclaration declaration) {
      var path = directory.resolve(declaration.schema()).resolve(declaration.name()).toString();
      return new Table(
          this, declaration, Dialect.OPEN_SOURCE, Sql.name("delta", path), Optional.of(path));
    }

    @Override
    public boolean make(TableDeclaration declaration, BooleanSupplier making) {
      var log = directory.resolve(declaration.schema()).resolve(declaration.name() + "/_delta_log");
      try (var marker = FileChannel.open(directory.resolve(MARKER), StandardOpenOption.WRITE)) {
        if (!hasCommit(log)) {
          // One process at a time; the end of a process, whichever it is, gives it back.
          marker.lock();
          removeUnlessCommitted(log);
        }
        return making.getAsBoolean();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Delta takes a log for a table as soon as it is a directory, and then cannot read it. */
    private static void removeUnlessCommitted(Path log) throws IOException {
      if (!Files.isDirectory(log) || hasCommit(log)) {
        return;
      }
      try (var files = Files.walk(log)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }

    private static boolean hasCommit(Path log) throws IOException {
      if (!Files.isDirectory(log)) {
        return false;
      }
      try (var files = Files.list(log)) {
        return files.anyMatch(file -> COMMIT.matcher(file.getFileName().toString()).matches());
      }
    }

    @Override
    public String checkpoint(String stream) {
      return directory.resolve("ops").resolve("_checkpoints").resolve(stream).toString();
    }

    private boolean isEmptyDirectory() {
      if (!Files.isDirectory(directory)) {
        return false;
      }
      try (var files = Files.list(directory)) {
        return files.findAny().isEmpty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
