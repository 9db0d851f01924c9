package io.github.kurrentlake.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a table's commits are its content, and when a first append is one. */
class DirectoryLogTest {
  private static final TableDeclaration NUMBERS =
      TableDeclaration.table("silver", "numbers", "One row per number")
          .columns(List.of(Column.required("number", "BIGINT", "The number")))
          .property("delta.enableChangeDataFeed", "true");
  private static final SparkSession SPARK = SharedSpark.session();

  @TempDir private Path directory;
  private Table table;

  @BeforeEach
  void aTable() {
    table = Lakehouse.at(directory.resolve("lakehouse")).table(NUMBERS).ensure(SPARK);
  }

  @Test
  void aTableThatIsOnlyAddedToHasOnlyGrown() {
    assertThat(hasOnlyGrown()).isTrue();
    table.appendFirst(numbers(0, 3));
    sql("INSERT INTO %s VALUES (3)");
    sql(
        "MERGE INTO %s AS n USING (SELECT id FROM range(6)) AS r ON n.number = r.id"
            + " WHEN NOT MATCHED THEN INSERT (number) VALUES (id)");

    assertThat(hasOnlyGrown()).isTrue();
    assertThat(table.read(SPARK).count()).isEqualTo(6);
  }

  @Test
  void aTableWhoseFilesWereReplacedHasNot() {
    table.appendFirst(numbers(0, 3));
    sql("INSERT INTO %s VALUES (3)");
    sql("OPTIMIZE %s");

    assertThat(hasOnlyGrown()).isFalse();
  }

  @Test
  void aTableThatLostARowHasNot() {
    table.appendFirst(numbers(0, 3));
    sql("DELETE FROM %s WHERE number = 1");

    assertThat(hasOnlyGrown()).isFalse();
  }

  @Test
  void aTableWhoseColumnsChangedHasNot() {
    table.appendFirst(numbers(0, 3));
    sql("ALTER TABLE %s ADD COLUMNS (name STRING)");

    assertThat(hasOnlyGrown()).isFalse();
  }

  @Test
  void aTableWhoseFirstCommitsWereCleanedUpHasNot() throws Exception {
    table.appendFirst(numbers(0, 3));
    sql("ALTER TABLE %s SET TBLPROPERTIES ('delta.checkpointInterval' = '1')");
    sql("INSERT INTO %s VALUES (3)");
    for (var version = 0; version < 2; version++) {
      Files.delete(Path.of(table.path().get(), "_delta_log", "%020d.json".formatted(version)));
    }

    assertThat(hasOnlyGrown()).isFalse();
  }

  @Test
  void onlyTheFirstRowsAreAppended() {
    assertThat(table.appendFirst(numbers(0, 0))).hasValue(0);
    assertThat(table.version(SPARK)).isEqualTo(0);
    assertThat(table.appendFirst(numbers(0, 3))).hasValue(3);
    assertThat(table.version(SPARK)).isEqualTo(1);
    assertThat(table.appendFirst(numbers(3, 6))).isEmpty();
    assertThat(table.read(SPARK).count()).isEqualTo(3);
  }

  @Test
  void aTableIsEmptyUntilItHasRowsAndWhenItHasNoneLeft() {
    assertThat(table.isEmpty(SPARK)).isTrue();
    table.appendFirst(numbers(0, 3));
    assertThat(table.isEmpty(SPARK)).isFalse();
    sql("DELETE FROM %s");
    assertThat(table.isEmpty(SPARK)).isTrue();
  }

  @Test
  void whereDeltaNotedNothingTheFilesAreCounted() throws Exception {
    table.appendFirst(numbers(0, 3));
    var copy = directory.resolve("copy/silver/numbers");
    try (var files = Files.walk(Path.of(table.path().get()))) {
      for (var file : files.filter(found -> !found.toString().endsWith(".crc")).toList()) {
        var to = copy.resolve(Path.of(table.path().get()).relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    var copied = Lakehouse.at(directory.resolve("copy")).table(NUMBERS);

    assertThat(DirectoryLog.of(SPARK, copied).get().isEmpty()).isEmpty();
    assertThat(copied.isEmpty(SPARK)).isFalse();
  }

  @Test
  void aTableThatWasMadeWithRowsHasItsFirstRows() {
    var other = Lakehouse.at(directory.resolve("other")).table(NUMBERS);
    SPARK.sql(
        "CREATE TABLE %s USING DELTA AS SELECT id AS number FROM range(3)"
            .formatted(other.sqlName()));

    assertThat(other.appendFirst(numbers(3, 6))).isEmpty();
  }

  @Test
  void rowsThatNobodyCountsAreLeftToOthers() {
    SPARK.conf().set("spark.databricks.delta.stats.collect", "false");
    try {
      assertThat(table.appendFirst(numbers(0, 3))).isEqualTo(OptionalLong.empty());
    } finally {
      SPARK.conf().unset("spark.databricks.delta.stats.collect");
    }
    assertThat(table.version(SPARK)).isEqualTo(0);
  }

  private boolean hasOnlyGrown() {
    return DirectoryLog.of(SPARK, table).get().hasOnlyGrown();
  }

  private void sql(String statement) {
    SPARK.sql(statement.formatted(table.sqlName()));
  }

  /** With a column that the table does not have. */
  private static Dataset<Row> numbers(long from, long to) {
    return SPARK.range(from, to).selectExpr("'more' AS more", "id AS number");
  }
}
