package io.github.kurrentlake.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableDeclarationTest {
  private static final TableDeclaration ORDERS =
      TableDeclaration.table("silver", "orders", "One row per customer's order")
          .columns(
              List.of(
                  Column.required("id", "BIGINT", "Key"),
                  Column.optional("at", "TIMESTAMP", "When, it's UTC"),
                  Column.generated("day", "DATE", "CAST(at AS DATE)", "Day of at")))
          .reliableKey("id")
          .clusteredBy("id")
          .property("delta.enableChangeDataFeed", "true");

  private final SparkSession spark = SharedSpark.session();
  @TempDir private Path directory;

  @Test
  void databricksGetsTheKeyAndOpenSourceDeltaDoesNot() {
    var name = Sql.name("lake", "silver", "orders");

    assertThat(ORDERS.ddl(Platform.DATABRICKS, name))
        .isEqualTo(
            """
            CREATE TABLE IF NOT EXISTS `lake`.`silver`.`orders` (
              `id` BIGINT NOT NULL COMMENT 'Key',
              `at` TIMESTAMP COMMENT 'When, it\\'s UTC',
              `day` DATE GENERATED ALWAYS AS (CAST(at AS DATE)) COMMENT 'Day of at',
              CONSTRAINT `pk_silver_orders` PRIMARY KEY (`id`) RELY
            )
            USING DELTA
            COMMENT 'One row per customer\\'s order'
            CLUSTER BY (`id`)
            TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true', 'delta.isolationLevel' = 'Serializable')""");
    assertThat(ORDERS.ddl(Platform.OPEN_SOURCE, name))
        .isEqualTo(
            ORDERS
                .ddl(Platform.DATABRICKS, name)
                .replace(",\n  CONSTRAINT `pk_silver_orders` PRIMARY KEY (`id`) RELY", ""));
  }

  @Test
  void anOptimizerMayRelyOnlyOnAKeyThatAlwaysHolds() {
    assertThat(ORDERS.key("id").ddl(Platform.DATABRICKS, "orders"))
        .contains("PRIMARY KEY (`id`)")
        .doesNotContain("RELY");
  }

  @Test
  void aTableOfAnEarlierVersionGetsTheColumnsItLacks() {
    var lakehouse = Lakehouse.at(directory.resolve("lake"));
    lakehouse.ensure(
        spark,
        TableDeclaration.table("silver", "orders", "As it was")
            .columns(List.of(Column.required("id", "BIGINT", "Key"))));
    var wider =
        TableDeclaration.table("silver", "orders", "As it is")
            .columns(
                List.of(
                    Column.required("id", "BIGINT", "Key"),
                    Column.required("note", "STRING", "A note")));

    lakehouse.ensure(spark, wider);
    var table = lakehouse.ensure(spark, wider);
    assertThat(table.read(spark).schema().toDDL())
        .isEqualTo("id BIGINT NOT NULL COMMENT 'Key',note STRING COMMENT 'A note'");
  }

  @Test
  void aTableThatAKilledRunHadOnlyBegunIsMade() throws IOException {
    var lakehouse = Lakehouse.at(directory.resolve("lake"));
    var table = lakehouse.table(ORDERS);
    var log = Files.createDirectories(directory.resolve("lake/silver/orders/_delta_log"));
    Files.createFile(directory.resolve("lake/" + Lakehouse.MARKER));
    Files.writeString(log.resolve(".00000000000000000000.json.4711.tmp"), "half");
    Files.setLastModifiedTime(log, FileTime.from(Instant.now().minusSeconds(60)));

    lakehouse.ensure(spark, ORDERS);
    spark.sql("INSERT INTO %s (id) VALUES (1)".formatted(table.sqlName()));
    assertThat(lakehouse.ensure(spark, ORDERS).read(spark).count()).isOne();
  }

  @Test
  void aTableWithAColumnOfAnotherTypeIsLeftAlone() {
    var lakehouse = Lakehouse.at(directory.resolve("lake"));
    lakehouse.ensure(
        spark,
        TableDeclaration.table("silver", "orders", "Of other software")
            .columns(List.of(Column.required("id", "STRING", "Key"))));

    assertCode(() -> lakehouse.ensure(spark, ORDERS), ErrorCode.TABLE_DIFFERS);
  }

  @Test
  void aDirectoryThatIsNoneOfOursIsNotWrittenInto() throws IOException {
    Files.writeString(directory.resolve("thesis.txt"), "precious");
    var lakehouse = Lakehouse.at(directory);

    assertCode(() -> lakehouse.ensure(spark, ORDERS), ErrorCode.NOT_A_LAKEHOUSE);
    assertThat(directory).isDirectoryNotContaining("glob:**/silver");
  }

  @Test
  void aTableThatWasNeverMadeIsNamed() {
    var table = Lakehouse.at(directory.resolve("lake")).table(ORDERS);

    assertCode(() -> table.existing(spark), ErrorCode.TABLE_MISSING);
  }

  @Test
  void aNameWithoutASlashIsACatalogAndAnyOtherADirectory() {
    assertThat(Lakehouse.parse("loan_lakehouse")).isInstanceOf(Lakehouse.InCatalog.class);
    assertThat(Lakehouse.parse("loan_lakehouse").table(ORDERS).sqlName())
        .isEqualTo("`loan_lakehouse`.`silver`.`orders`");
    assertThat(Lakehouse.parse("./lakehouse")).isInstanceOf(Lakehouse.InDirectory.class);
    assertThat(Lakehouse.parse("file:/tmp/lake").table(ORDERS).sqlName())
        .isEqualTo("`delta`.`file:/tmp/lake/silver/orders`");
    assertThat(Lakehouse.parse("s3a://bucket/lake").table(ORDERS).path())
        .hasValue("s3a://bucket/lake/silver/orders");
    assertThat(Lakehouse.parse("/Volumes/c/s/lake").table(ORDERS).path())
        .hasValue("/Volumes/c/s/lake/silver/orders");
  }

  @Test
  void checkpointsLieBesideTheTablesOrWhereTheUserSays() {
    assertThat(Lakehouse.parse("s3a://bucket/lake").checkpoint("silver_orders"))
        .isEqualTo("s3a://bucket/lake/ops/_checkpoints/silver_orders");
    assertThat(Platform.DATABRICKS.checkpointPlace("loan_lakehouse", "ops"))
        .hasValue("/Volumes/loan_lakehouse/ops/_checkpoints");
    assertCode(
        () -> Lakehouse.parse("loan_lakehouse").checkpoint("silver_orders"),
        ErrorCode.NO_CHECKPOINT_PLACE);
    for (var lakehouse : List.of("loan_lakehouse", "./lakehouse", "s3a://bucket/lake")) {
      assertThat(
              Lakehouse.parse(lakehouse).checkpointsIn("hdfs:/points").checkpoint("silver_orders"))
          .isEqualTo("hdfs:/points/silver_orders");
    }
  }

  @Test
  void storageThatSparkDoesNotReachIsNamed() {
    var lakehouse = Lakehouse.parse("nowhere://bucket/lake");

    assertCode(() -> lakehouse.ensure(spark, ORDERS), ErrorCode.STORAGE_UNUSABLE);
    assertCode(() -> lakehouse.table(ORDERS).existing(spark), ErrorCode.STORAGE_UNUSABLE);
  }

  /** Neither Java's own files nor a default file system: what a bucket would be. */
  @Test
  void aDirectoryLiesOnAnyFileSystemOfHadoop() throws IOException {
    var session = TableSession.of(spark);
    session.conf().set("fs.shelf.impl", Shelf.class.getName());
    session.conf().set("fs.AbstractFileSystem.shelf.impl", ShelfContext.class.getName());
    var lakehouse = Lakehouse.parse("shelf:" + directory.resolve("lake"));
    Files.createDirectories(directory.resolve("lake/silver/orders/_delta_log"));
    Files.createFile(directory.resolve("lake/" + Lakehouse.MARKER));

    var table = lakehouse.ensure(session, ORDERS);
    session.sql("INSERT INTO %s (id) VALUES (1)".formatted(table.sqlName()));
    assertThat(lakehouse.table(ORDERS).existing(session).read(session).count()).isOne();
    assertThat(directory.resolve("lake/silver/orders/_delta_log/00000000000000000000.json"))
        .exists();
  }

  /** Another scheme for the files of this machine. */
  public static final class Shelf extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("shelf:///");
    }

    @Override
    public String getScheme() {
      return "shelf";
    }
  }

  /** The same, as Delta's log asks for it. */
  public static final class ShelfContext extends DelegateToFileSystem {
    public ShelfContext(URI uri, Configuration configuration)
        throws IOException, URISyntaxException {
      super(uri, new Shelf(), configuration, "shelf", false);
    }
  }

  @Test
  void aHostileNameStaysAName() {
    assertThat(Sql.name("a`; DROP TABLE b; --", "c")).isEqualTo("`a``; DROP TABLE b; --`.`c`");
    assertThat(spark.sql("SELECT " + Sql.literal("it's \\' -- \n")).head().getString(0))
        .isEqualTo("it's \\' -- \n");
  }

  private static void assertCode(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KurrentlakeException.class, error -> assertThat(error.code()).isEqualTo(code));
  }
}
