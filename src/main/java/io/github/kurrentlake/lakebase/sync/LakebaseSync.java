package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import io.github.kurrentlake.lakebase.connect.SqlState;
import io.github.kurrentlake.lakebase.sync.SyncReport.Kind;
import io.github.kurrentlake.lakebase.sync.SyncedTable.DatabaseObjects;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableSession;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * Writes a Delta table into Postgres and keeps it up to date there. Readers see the rows of one
 * Delta version or of the next, never something between.
 *
 * <p>The rows and the version that they are of are committed in one transaction, so that a run that
 * is killed anywhere has done all or nothing; what it copied before that is dropped by the next.
 * Only one run at a time works on a synced table; a second one waits half a minute for it.
 *
 * <p>Changes come from Delta's change data feed: of every key its last row. After an overwrite they
 * come from comparing the two versions, and a table of which most rows were updated is copied whole
 * if nothing hangs on the one in Postgres: both cost less, and serve the same. When the feed cannot
 * tell (the first run, a table made again, removed history, columns that went, a key that was there
 * twice for a while) the whole table is copied and swapped in. A sync has at most four connections,
 * and one more for every task of which Spark runs a second, speculative attempt.
 */
public final class LakebaseSync {
  /** Fewer are not worth a new table. */
  static final long MANY_ROWS = 10_000;

  private static final String SHORT_WAIT = "2s";

  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final Connections lakebase;
  private final SyncedTable table;
  private final Consumer<Phase> watcher;

  /** What a run has just done; a test stops it there. */
  enum Phase {
    LOCKED,
    STAGING_MADE,
    COPIED,
    SETTLED,
    APPLIED,
    COMMITTED
  }

  LakebaseSync(
      SparkSession caller,
      Lakehouse lakehouse,
      Connections lakebase,
      SyncedTable table,
      Consumer<Phase> watcher) {
    this.spark = TableSession.of(caller);
    this.lakehouse = lakehouse;
    this.lakebase = lakebase;
    this.table = table;
    this.watcher = watcher;
  }

  /**
   * Brings the Postgres table to the newest version of the Delta table.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 without source, KL-640 to
   *     KL-646, KL-648, KL-649, or an error of the connection
   */
  public static SyncReport run(
      SparkSession spark, Lakehouse lakehouse, Connections lakebase, SyncedTable table) {
    return new LakebaseSync(spark, lakehouse, lakebase, table, phase -> {}).run();
  }

  /**
   * Does so again and again, until the thread is interrupted.
   *
   * @param pause between two looks at the Delta table
   * @param watcher told what every look did
   * @throws io.github.kurrentlake.error.KurrentlakeException as {@link #run}
   */
  public static void follow(
      SparkSession spark,
      Lakehouse lakehouse,
      Connections lakebase,
      SyncedTable table,
      Duration pause,
      Consumer<SyncReport> watcher) {
    var sync = new LakebaseSync(spark, lakehouse, lakebase, table, phase -> {});
    try {
      while (!Thread.currentThread().isInterrupted()) {
        watcher.accept(sync.run());
        Thread.sleep(pause.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  SyncReport run() {
    var source = SourceTable.open(spark, lakehouse, table);
    switch (table.schedulingPolicy()) {
      case TRIGGERED, CONTINUOUS -> source.requireChangeFeed();
      case SNAPSHOT -> {}
    }
    var columns = source.columns(table);
    try (var connection = SyncConnection.lock(lakebase, table.target())) {
      SyncState.ensureTable(connection);
      Staging.dropAbandoned(connection);
      watcher.accept(Phase.LOCKED);
      return new Run(source, columns, connection).toEnd();
    } catch (SQLException e) {
      throw PostgresErrors.known(e, lakebase.provider());
    }
  }

  /** One run under the lock. */
  private final class Run {
    private final SourceTable source;
    private final SyncedColumns columns;
    private final SyncConnection connection;
    private final TargetTable found;
    private final SyncState before;

    Run(SourceTable source, SyncedColumns columns, SyncConnection connection) throws SQLException {
      this.source = source;
      this.columns = columns;
      this.connection = connection;
      this.found = TargetTable.read(connection);
      this.before = SyncState.read(connection).orElse(null);
    }

    SyncReport toEnd() throws SQLException {
      requireOurs();
      var kind = kind();
      if (kind.isWhole()) {
        return whole(kind);
      }
      if (kind == Kind.NOTHING_NEW) {
        return new SyncReport(kind, source.version(), 0, 0);
      }
      try {
        var commits = source.commitsAfter(before.version());
        return isCheaperWhole(commits) ? wholeIfFree(commits) : changes(commits);
      } catch (ChangesApply.DoubledMeanwhile e) {
        return whole(Kind.WHOLE_KEY_WAS_DOUBLED);
      } catch (Exception e) {
        // Spark throws AnalysisException, which is checked, without declaring it.
        if (!LostHistory.isCauseOf(e)) {
          throw e;
        }
        return whole(Kind.WHOLE_HISTORY_GONE);
      }
    }

    /** A table that somebody else made and filled is not ours to replace. */
    private void requireOurs() throws SQLException {
      if (!found.exists()) {
        if (table.objects() == DatabaseObjects.MUST_EXIST) {
          throw ErrorCode.TARGET_MISSING.error().with("table", table.target());
        }
      } else if (before == null) {
        if (connection.holds("SELECT EXISTS (SELECT FROM %s)".formatted(table.target().sql()))) {
          throw taken("it holds rows that no sync wrote");
        }
      } else if (!before.source().equals(source.name())) {
        throw taken("it is synced from " + before.source());
      }
    }

    private Kind kind() {
      if (before == null || !found.exists()) {
        return Kind.WHOLE_FIRST;
      } else if (!before.sourceId().equals(source.id()) || before.version() > source.version()) {
        return Kind.WHOLE_REPLACED;
      } else if (!found.growsInto(columns)) {
        return Kind.WHOLE_SCHEMA_CHANGED;
      } else if (before.badText() != table.badText() && before.badText() != BadText.REFUSE) {
        return Kind.WHOLE_BAD_TEXT_DECIDED;
      } else if (before.version() == source.version()) {
        return Kind.NOTHING_NEW;
      }
      return switch (table.schedulingPolicy()) {
        case SNAPSHOT -> Kind.WHOLE_BY_POLICY;
        case TRIGGERED, CONTINUOUS -> Kind.CHANGES;
      };
    }

    /** An UPDATE of a row costs Postgres several times what a row of a new table does. */
    private boolean isCheaperWhole(SourceCommits commits) throws SQLException {
      return commits.updated() >= MANY_ROWS
          && table.timeseriesKey().isEmpty()
          && TableSwap.isCheaper(connection, commits.updated());
    }

    /** Readers shall not stand in a queue behind a swap that waits for one of them. */
    private SyncReport wholeIfFree(SourceCommits commits) throws SQLException {
      connection.execute("SET lock_timeout = '%s'".formatted(SHORT_WAIT));
      try {
        return whole(Kind.WHOLE_MOST_UPDATED);
      } catch (SQLException e) {
        if (!SqlState.of(e).equals(SqlState.LOCK_NOT_AVAILABLE)) {
          throw e;
        }
      }
      connection.execute("SET lock_timeout = '%s'".formatted(SyncConnection.LOCK_WAIT));
      return changes(commits);
    }

    private SyncReport whole(Kind kind) throws SQLException {
      TableSwap.requireFree(connection);
      var staging = Staging.ofWhole(table, columns);
      var rows = source.whole(table, columns);
      try {
        staging.create(connection, Staging.Fate.LASTING);
        watcher.accept(Phase.STAGING_MADE);
        var copied = staging.copy(rows, lakebase.provider().forTasks());
        var staged = copied.rows();
        watcher.accept(Phase.COPIED);
        connection.inTransaction(() -> swap(staging, staged), state(staging));
        watcher.accept(Phase.COMMITTED);
        return new SyncReport(
            kind, source.version(), staged, staged, copied.bad(), copied.examples());
      } catch (SQLException | RuntimeException e) {
        staging.dropAfter(e, connection);
        throw e;
      }
    }

    private void swap(Staging staging, long staged) throws SQLException {
      if (table.objects() == DatabaseObjects.CREATE_IF_MISSING && !found.exists()) {
        ensureSchema();
      }
      staging.settle(connection, staged);
      watcher.accept(Phase.SETTLED);
      try {
        new TableSwap(staging, connection).swap();
      } catch (SQLException e) {
        if (SqlState.of(e).equals(SqlState.UNIQUE)) {
          throw staging.doubledKey(table.target());
        }
        throw e;
      }
      watcher.accept(Phase.APPLIED);
    }

    private SyncReport changes(SourceCommits commits) throws SQLException {
      var apply = ChangesApply.prepared(table, columns, connection);
      var staging = apply.staging();
      var changes = source.changes(table, columns, before.version(), commits);
      try {
        staging.create(connection, Staging.Fate.UNLOGGED);
        watcher.accept(Phase.STAGING_MADE);
        var copied = staging.copy(changes.rows(), lakebase.provider().forTasks());
        watcher.accept(Phase.COPIED);
        if (!changes.addUp(copied)) {
          throw new ChangesApply.DoubledMeanwhile();
        }
        var applied = new ChangesApply.Applied[1];
        connection.inTransaction(
            () -> {
              staging.settle(connection, copied.rows());
              watcher.accept(Phase.SETTLED);
              applied[0] = apply.apply(found, copied);
              watcher.accept(Phase.APPLIED);
            },
            state(staging));
        watcher.accept(Phase.COMMITTED);
        return new SyncReport(
            Kind.CHANGES,
            source.version(),
            applied[0].keys(),
            applied[0].written(),
            copied.bad(),
            copied.examples());
      } catch (SQLException | RuntimeException e) {
        staging.dropAfter(e, connection);
        throw e;
      }
    }

    private void ensureSchema() throws SQLException {
      var schema = table.target().schema();
      // Asked first: a role that may not make schemas can still fill one.
      if (!connection.catalog().hasSchema(schema)) {
        connection.execute("CREATE SCHEMA IF NOT EXISTS " + schema.sql());
      }
    }

    private SyncState state(Staging staging) {
      var run = staging.name().table().name();
      return new SyncState(source.name(), source.id(), source.version(), table.badText(), run);
    }

    private RuntimeException taken(String reason) {
      return ErrorCode.TARGET_TAKEN.error().with("table", table.target()).with("reason", reason);
    }
  }
}
