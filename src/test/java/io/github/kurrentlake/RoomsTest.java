package io.github.kurrentlake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.kurrentlake.error.ErrorCode;
import org.junit.jupiter.api.Test;

/** The rooms and who may call whom. */
class RoomsTest {
  /** Those of main alone, wherever the build puts them. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(ErrorCode.class.getProtectionDomain().getCodeSource().getLocation());

  private static final String[] LAPTOP = {"..bench..", "..cli..", "..workflow..", "..embedded.."};
  private static final String[] ENGINE = {
    "..error..",
    "..settings..",
    "..job..",
    "..table..",
    "..source..",
    "..bronze..",
    "..silver..",
    "..gold..",
    "..lakebase..",
    "..quarantine.."
  };

  @Test
  void theRoomsFormNoCircle() {
    slices().matching("io.github.kurrentlake.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void whatIsDeployedKnowsNothingOfTheLaptop() {
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE)
        .or()
        .resideInAPackage("..loans")
        .and()
        .resideOutsideOfPackage("..embedded..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(LAPTOP)
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "picocli..", "org.duckdb..", "org.bouncycastle..", "org.apache.commons.compress..")
        .check(CLASSES);
  }

  @Test
  void theEngineKnowsNoLoan() {
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.github.kurrentlake.loans..")
        .check(CLASSES);
  }

  @Test
  void dataFlowsOneWay() {
    layer("source", "bronze", "silver", "gold", "table", "job");
    layer("bronze", "silver", "gold");
    layer("silver", "gold", "quarantine");
    layer("gold", "quarantine");
    layer("quarantine", "gold", "source");
    layer("table", "source", "bronze", "silver", "gold", "job");
    layer("settings", "table", "source", "job", "bronze", "silver", "gold");
    layer(
        "workflow",
        "table",
        "source",
        "bronze",
        "silver",
        "gold",
        "quarantine",
        "loans",
        "bench",
        "cli");
    layer("embedded", "bench", "cli", "workflow");
    layer("lakebase", "source", "bronze", "silver", "gold");
    layer("lakebase.connect", "lakebase.schema", "table", "job");
    layer("lakebase.schema", "table", "job");
    layer("lakebase.source", "lakebase.ingest", "job");
    layer("lakebase.history", "lakebase.sync", "lakebase.source", "lakebase.ingest");
    layer("lakebase.sync", "lakebase.history", "lakebase.source", "lakebase.ingest");
    layer("bench", "cli", "workflow");
  }

  /** Databricks' Delta has other classes, so a class that names these cannot be linked there. */
  @Test
  void nothingNamesAClassOfOpenSourceDelta() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark.sql.delta..", "io.delta..")
        .check(CLASSES);
  }

  /** Spark's interface for sources is made of some; nothing between Bronze and Gold needs any. */
  @Test
  void onlyTheSourcesKnowInternalsOfSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.github.kurrentlake.source..", "io.github.kurrentlake.lakebase.source..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.spark.sql.catalyst..",
            "org.apache.spark.sql.classic..",
            "org.apache.spark.sql.execution..",
            "org.apache.spark.sql.internal..")
        .check(CLASSES);
  }

  @Test
  void onlyThePlatformsRoomAsksWhatItRunsOn() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..kurrentlake.table..", "..kurrentlake.job..", "..bench..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.github.kurrentlake.table.Platform")
        .check(CLASSES);
  }

  @Test
  void theDatabricksSdkIsBehindTwoClasses() {
    noClasses()
        .that()
        .doNotHaveSimpleName("DatabricksLogin")
        .and()
        .doNotHaveSimpleName("DatabricksSecrets")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.databricks.sdk..")
        .check(CLASSES);
  }

  @Test
  void theCatalogueOfErrorsUsesNothing() {
    classes()
        .that()
        .resideInAPackage("..error..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.github.kurrentlake.error..", "java..")
        .check(CLASSES);
  }

  private static void layer(String room, String... above) {
    for (var other : above) {
      noClasses()
          .that()
          .resideInAPackage("io.github.kurrentlake." + room + "..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.github.kurrentlake." + other + "..")
          .check(CLASSES);
    }
  }
}
