package io.github.kurrentlake.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Each test has a lakehouse of its own, but Spark's catalog is the JVM's: a schema is forgotten
 * after each test, as the end of the process would do it.
 */
class LakehouseSqlTest {
  @TempDir(factory = SpaceAndQuote.class)
  Path directory;

  private final List<String> warnings = new ArrayList<>();

  /** Paths with a space and a quote must survive every statement they are written into. */
  static final class SpaceAndQuote implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      return Files.createTempDirectory("it's a lakehouse ");
    }
  }

  @AfterEach
  void forgetSchemas() {
    var spark = SharedSpark.session();
    for (var schema : List.of("bronze", "silver", "gold", "ops")) {
      spark.sql("DROP SCHEMA IF EXISTS spark_catalog." + schema + " CASCADE");
    }
  }

  @Test
  void tablesOfTheDirectoryHaveTheirNames() {
    write("bronze", "events", "SELECT id FROM range(3)");
    write("gold", "loans", "SELECT 'x' AS name");

    assertThat(run("SELECT count(*), max(name) FROM bronze.events, gold.loans"))
        .containsExactly("[3,x]");
    assertThat(run("SHOW TABLES IN gold")).containsExactly("[gold,loans,false]");
  }

  @Test
  void aTableMadeBySqlIsThereNextTime() {
    run("CREATE TABLE gold.made AS SELECT 1 AS a");

    assertThat(stored("gold", "made")).containsExactly("[1]");
    assertThat(warnings).isEmpty();
  }

  @Test
  void statementsThatChangeDataDo() {
    write("gold", "loans", "SELECT id FROM range(4)");

    run("DELETE FROM gold.loans WHERE id = 0");
    run("UPDATE gold.loans SET id = 10 WHERE id = 1");
    run("INSERT INTO gold.loans VALUES (99)");

    assertThat(run("SELECT id FROM gold.loans ORDER BY id"))
        .containsExactly("[2]", "[3]", "[10]", "[99]");
  }

  @Test
  void aDroppedTableIsGoneFromTheDirectory() {
    write("gold", "loans", "SELECT 1 AS a");
    write("gold", "kept", "SELECT 2 AS a");

    run("DROP TABLE gold.loans");

    assertThat(directory.resolve("gold/loans")).doesNotExist();
    assertThat(run("SELECT a FROM gold.kept")).containsExactly("[2]");
  }

  @Test
  void aRenamedTableHasItsNewNameNextTime() {
    write("gold", "loans", "SELECT 1 AS a");

    run("ALTER TABLE gold.loans RENAME TO gold.credits");

    assertThat(directory.resolve("gold/loans")).doesNotExist();
    assertThat(stored("gold", "credits")).containsExactly("[1]");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aDamagedTableStandsOnlyInTheWayOfStatementsThatNameIt() throws IOException {
    write("gold", "loans", "SELECT 1 AS a");
    var damaged = Files.createDirectories(directory.resolve("gold/damaged/_delta_log"));

    assertThat(run("SELECT a FROM gold.loans")).containsExactly("[1]");
    assertThatThrownBy(() -> run("SELECT * FROM gold.damaged"))
        .isInstanceOf(KurrentlakeException.class)
        .hasMessageContaining("DELTA_");
    run("DROP TABLE gold.loans");
    assertThat(damaged).exists();
  }

  @Test
  void whatWillBeForgottenIsSaid() {
    run("CREATE VIEW gold.seen AS SELECT 1 AS a");

    assertThat(warnings).singleElement().asString().startsWith("gold.seen ");
  }

  @Test
  void aRefusedStatementGivesSparksReasonWithoutItsPlan() {
    assertThatThrownBy(() -> run("SELECT nonsense FROM gold.nothing"))
        .isInstanceOfSatisfying(
            KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL_FAILED))
        .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND")
        .hasMessageNotContaining("'Project");
  }

  @Test
  void anErrorWhileReadingGivesSparksReasonWithoutStackTrace() {
    assertThatThrownBy(() -> run("SELECT 1 / (id - id) FROM range(1)"))
        .isInstanceOfSatisfying(
            KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL_FAILED))
        .hasMessageContaining("DIVIDE_BY_ZERO")
        .hasMessageNotContaining("\tat ");
  }

  private List<String> run(String statement) {
    var sql = LakehouseSql.over(directory, SharedSpark.session());
    try {
      return sql.run(statement, warnings::add).collectAsList().stream().map(Row::toString).toList();
    } catch (Exception e) {
      throw LakehouseSql.failure(e);
    }
  }

  private void write(String schema, String table, String query) {
    SharedSpark.session()
        .sql(query)
        .write()
        .format("delta")
        .save(directory.resolve(schema).resolve(table).toString());
  }

  /** What the next process would find, which has no catalog but the directory. */
  private List<String> stored(String schema, String table) {
    var path = directory.resolve(schema).resolve(table).toString();
    return SharedSpark.session().read().format("delta").load(path).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }
}
