package io.github.kurrentlake.table;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.SessionFiles;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Where the tables lie: a catalog, or a directory on any storage that Spark reaches.
 *
 * <ul>
 *   <li>In a catalog a table is {@code catalog.schema.table}. Checkpoints lie in the volume {@code
 *       catalog.ops._checkpoints} on Databricks, and elsewhere where the user says.
 *   <li>In a directory a table is {@code DIR/schema/table}, and checkpoints lie in {@code
 *       DIR/ops/_checkpoints} unless the user says otherwise. Tables are named by their path, so
 *       that the directory can be moved and several can be used in one session. A directory of
 *       Kurrentlake holds the file {@code _kurrentlake}, so that no other directory is written into
 *       by mistake.
 * </ul>
 */
public sealed interface Lakehouse {

  /** The marker file of a directory of Kurrentlake. */
  String MARKER = "_kurrentlake";

  /**
   * The lakehouse of a setting: a text with a slash, or that begins with a dot, is a directory, any
   * other is a catalog's name. A directory without a scheme, such as {@code s3a:}, lies on Spark's
   * default file system, which on a laptop is the laptop's own.
   */
  static Lakehouse parse(String catalog) {
    if (!catalog.contains("/") && !catalog.contains("\\") && !catalog.startsWith(".")) {
      return new InCatalog(catalog, Optional.empty());
    }
    return hasScheme(catalog)
        ? new InDirectory(new Path(catalog), Optional.empty())
        : at(java.nio.file.Path.of(catalog));
  }

  /** The lakehouse in a directory, which need not exist yet. */
  static Lakehouse at(java.nio.file.Path directory) {
    var path = new Path(directory.toAbsolutePath().normalize().toString());
    return new InDirectory(path, Optional.empty());
  }

  /** The same lakehouse with the checkpoints of its streams in another directory. */
  Lakehouse checkpointsIn(String directory);

  /**
   * Makes sure that tables can be made here: makes the directory and marks it as ours, or the
   * catalog's schema and the checkpoints' volume, each only where it is missing. Safe to call
   * again, and from several threads.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-301 for a directory that holds
   *     something else, KL-311 or KL-320 for storage that cannot be used, KL-321 for a catalog that
   *     Spark does not know
   */
  void prepare(SparkSession spark, String schema);

  /** The table of this name, which need not exist. */
  Table table(QualifiedName name);

  /** The declared table, which need not exist yet. */
  default Table table(TableDeclaration declaration) {
    return table(declaration.qualifiedName());
  }

  /**
   * The declared table; it is made unless it exists, and an existing one gets the declared columns
   * that it does not have. Safe to call again, from several runs at once, and after a run that was
   * killed in it.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-301 or KL-311 for the place, KL-304
   *     when a column has another type, KL-310 when other runs keep making it
   */
  default Table ensure(SparkSession spark, TableDeclaration declaration) {
    return make(spark, declaration).table();
  }

  /** Does the same, and says whether the table was missing. */
  default Made make(SparkSession spark, TableDeclaration declaration) {
    return new TableCreation(spark, this, declaration).make();
  }

  /**
   * A table that exists now.
   *
   * @param isNew whether it was missing, so that nobody had written to it before
   */
  record Made(Table table, boolean isNew) {}

  /** Whether a table's files are put together and removed without us. */
  default boolean maintains(SparkSession spark, Table table) {
    return platform().maintains(spark, table.sqlName());
  }

  /** What the tables are made on. */
  Platform platform();

  /**
   * Clears the way for a table that does not exist: what a run left behind that was killed while it
   * made the table.
   */
  void clear(SparkSession spark, QualifiedName name);

  /** Removes a table, which need not exist, with all it holds. */
  void remove(SparkSession spark, QualifiedName name);

  /**
   * The same lakehouse with other tables in the place of some, and checkpoints of their own: what
   * is written to them, no reader of this lakehouse sees.
   */
  default Lakehouse shadow(Set<QualifiedName> shadowed) {
    return new Shadow(this, shadowed);
  }

  /**
   * The directory of a stream's checkpoint.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-312 when nobody says where it is
   */
  String checkpoint(String stream);

  /** Whether a text names a file system, as {@code s3a://bucket/lake} or {@code dbfs:/lake}. */
  static boolean hasScheme(String text) {
    return text.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
  }

  /**
   * A catalog; on Databricks one of Unity Catalog.
   *
   * @param checkpoints the directory of the checkpoints; empty for the platform's own place
   */
  record InCatalog(String catalog, Optional<String> checkpoints) implements Lakehouse {
    private static final String OPS = "ops";

    @Override
    public Lakehouse checkpointsIn(String directory) {
      return new InCatalog(catalog, Optional.of(directory));
    }

    @Override
    public void prepare(SparkSession spark, String schema) {
      if (!Platform.current().mayHave(spark, catalog)) {
        throw ErrorCode.UNKNOWN_CATALOG.error().with("catalog", catalog);
      }
      var name = Sql.name(catalog, schema);
      // Looked for first: making it needs a right, even where it exists.
      if (!spark.catalog().databaseExists(name)) {
        spark.sql("CREATE SCHEMA IF NOT EXISTS " + name);
      }
      if (schema.equals(OPS) && checkpoints.isEmpty()) {
        Platform.current().makeCheckpointPlace(spark, catalog, OPS);
      }
    }

    @Override
    public Table table(QualifiedName name) {
      return new Table(name, Sql.name(catalog, name.schema(), name.table()), Optional.empty());
    }

    @Override
    public Platform platform() {
      return Platform.current();
    }

    @Override
    public void clear(SparkSession spark, QualifiedName name) {
      // What a catalog leaves behind is the catalog's to mend.
    }

    @Override
    public void remove(SparkSession spark, QualifiedName name) {
      spark.sql("DROP TABLE IF EXISTS " + table(name).sqlName());
    }

    @Override
    public String checkpoint(String stream) {
      return checkpoints
              .or(() -> Platform.current().checkpointPlace(catalog, OPS))
              .orElseThrow(() -> ErrorCode.NO_CHECKPOINT_PLACE.error().with("catalog", catalog))
          + "/"
          + stream;
    }
  }

  /**
   * A directory.
   *
   * @param checkpoints the directory of the checkpoints; empty for one below this directory
   */
  record InDirectory(Path directory, Optional<String> checkpoints) implements Lakehouse {
    private static final Pattern COMMIT = Pattern.compile("\\d+\\.(json|checkpoint.*)");

    /** Between the beginning of a table's log and its first commit lie milliseconds. */
    private static final long PATIENCE_MILLIS = 15_000;

    private static final long PAUSE_MILLIS = 100;

    @Override
    public Lakehouse checkpointsIn(String other) {
      return new InDirectory(directory, Optional.of(other));
    }

    @Override
    public void prepare(SparkSession spark, String schema) {
      try {
        prepare(SessionFiles.of(spark, directory));
      } catch (IOException e) {
        throw unusable(e);
      }
    }

    /** Makes the directory and marks it as ours. */
    public void prepare(FileSystem files) throws IOException {
      var marker = new Path(directory, MARKER);
      if (files.exists(marker)) {
        return;
      }
      if (files.exists(directory) && files.listStatus(directory).length > 0) {
        throw ErrorCode.NOT_A_LAKEHOUSE.error().with("directory", directory);
      }
      files.mkdirs(directory);
      files.create(marker, true).close();
    }

    @Override
    public Table table(QualifiedName name) {
      var path = path(name).toString();
      return new Table(name, Sql.name("delta", path), Optional.of(path));
    }

    @Override
    public Platform platform() {
      return Platform.OPEN_SOURCE;
    }

    /**
     * Delta takes any directory that is not empty for a table, also one whose log has no commit
     * yet. Somebody may just be making it, so it is given time before it is removed.
     */
    @Override
    public void clear(SparkSession spark, QualifiedName name) {
      var log = new Path(path(name), "_delta_log");
      try {
        var files = SessionFiles.of(spark, directory);
        if (isUncommitted(files, log)) {
          var begun = files.getFileStatus(log).getModificationTime();
          var now = System.currentTimeMillis();
          // Object stores know no time of a directory.
          var end = (begun > 0 && begun < now ? begun : now) + PATIENCE_MILLIS;
          while (isUncommitted(files, log)) {
            if (System.currentTimeMillis() >= end) {
              files.delete(log, true);
              return;
            }
            Thread.sleep(PAUSE_MILLIS);
          }
        }
      } catch (IOException e) {
        throw unusable(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted before " + log + " was made", e);
      }
    }

    @Override
    public void remove(SparkSession spark, QualifiedName name) {
      try {
        SessionFiles.of(spark, directory).delete(path(name), true);
      } catch (IOException e) {
        throw unusable(e);
      }
    }

    private static boolean isUncommitted(FileSystem files, Path log) throws IOException {
      if (!files.exists(log)) {
        return false;
      }
      for (var file : files.listStatus(log)) {
        if (COMMIT.matcher(file.getPath().getName()).matches()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String checkpoint(String stream) {
      var place =
          checkpoints.map(Path::new).orElseGet(() -> new Path(directory, "ops/_checkpoints"));
      return new Path(place, stream).toString();
    }

    private Path path(QualifiedName name) {
      return new Path(directory, name.schema() + "/" + name.table());
    }

    private RuntimeException unusable(IOException e) {
      return StorageFaults.orUnusable(e).with("directory", directory);
    }
  }

  /**
   * A lakehouse of which some tables are others, in the schema {@code replay}.
   *
   * @param live the lakehouse of the readers
   * @param shadowed the tables that have others in their place
   */
  record Shadow(Lakehouse live, Set<QualifiedName> shadowed) implements Lakehouse {
    private static final String SCHEMA = "replay";

    public Shadow {
      shadowed = Set.copyOf(shadowed);
    }

    @Override
    public Lakehouse checkpointsIn(String directory) {
      return new Shadow(live.checkpointsIn(directory), shadowed);
    }

    @Override
    public void prepare(SparkSession spark, String schema) {
      live.prepare(spark, schema);
      live.prepare(spark, SCHEMA);
    }

    @Override
    public Table table(QualifiedName name) {
      var place = live.table(place(name));
      return new Table(name, place.sqlName(), place.path());
    }

    @Override
    public Platform platform() {
      return live.platform();
    }

    @Override
    public void clear(SparkSession spark, QualifiedName name) {
      live.clear(spark, place(name));
    }

    @Override
    public void remove(SparkSession spark, QualifiedName name) {
      live.remove(spark, place(name));
    }

    @Override
    public String checkpoint(String stream) {
      return live.checkpoint(SCHEMA + "_" + stream);
    }

    private QualifiedName place(QualifiedName name) {
      return shadowed.contains(name)
          ? new QualifiedName(SCHEMA, name.schema() + "_" + name.table())
          : name;
    }
  }
}
