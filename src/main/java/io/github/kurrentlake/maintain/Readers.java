package io.github.kurrentlake.maintain;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.replay.TableReplay;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Who still has to read former versions of a table, or what they changed. */
record Readers(SparkSession spark, Lakehouse lakehouse, Lifecycle lifecycle) {

  /** Who needs files of a table that VACUUM would remove; empty for nobody. */
  Optional<String> of(Table table) {
    return replay(table).or(() -> silver(table)).or(() -> gold(table));
  }

  private Optional<String> replay(Table table) {
    return isSource(table) && TableReplay.isOpen(spark, lakehouse)
        ? Optional.of("a replay that is not finished")
        : Optional.empty();
  }

  private Optional<String> silver(Table table) {
    if (!table.name().equals(BronzeTables.EVENTS.qualifiedName())) {
      return Optional.empty();
    }
    return lifecycle.projections().stream()
        .filter(projection -> isLate(table, projection))
        .map(projection -> projection.table().qualifiedName().toString())
        .reduce((one, other) -> one + ", " + other);
  }

  private boolean isLate(Table bronze, Projection projection) {
    var reached = Silver.reached(spark, lakehouse, projection);
    return reached.isPresent()
        && Commit.firstAfter(spark, bronze, reached.getAsLong())
            .filter(commit -> isOlderThanRetention(bronze, commit))
            .isPresent();
  }

  /** A Gold table reads what its sources changed since the commits that it is made of. */
  private Optional<String> gold(Table table) {
    var gold = lakehouse.table(lifecycle.table());
    if (!isSource(table) || !gold.exists(spark)) {
      return Optional.empty();
    }
    var written = Gold.written(spark, gold);
    return isOlderThanRetention(table, written)
            && Gold.isBehind(spark, lakehouse, lifecycle, written)
        ? Optional.of(gold.name().toString())
        : Optional.empty();
  }

  private boolean isSource(Table table) {
    return lifecycle.sources().stream()
        .map(TableDeclaration::qualifiedName)
        .anyMatch(table.name()::equals);
  }

  private boolean isOlderThanRetention(Table table, Commit commit) {
    var age = Duration.between(Instant.ofEpochMilli(commit.millis()), Instant.now());
    return age.toSeconds() >= table.retentionSeconds(spark);
  }
}
