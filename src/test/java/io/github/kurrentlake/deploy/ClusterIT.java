package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.testing.DatabricksWorkspace;
import io.github.kurrentlake.testing.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar on a cluster of Spark's own kind: a master, two workers, and an executor in a process of
 * its own for each. Only the driver may read the secret with the password.
 */
@Tag("long")
class ClusterIT {
  private static final Path JAR = Path.of(System.getProperty("kurrentlake.jar"));
  private static final Path TARGET = JAR.getParent();
  private static final String PASSWORD = "canary-2b8e6d10";

  @TempDir private Path directory;

  @Test
  void executorsReadAndStreamWithASecretThatOnlyTheDriverKnows() throws Exception {
    var authority = directory.resolve("ca.pem");
    try (var kurrentdb = EmbeddedKurrentDb.builder().user("reader", Secret.of(PASSWORD)).start();
        var workspace = DatabricksWorkspace.start()) {
      kurrentdb.append(SampleLoans.seed(7).complete().records(60));
      workspace.put("kurrentdb/username", "reader").put("kurrentdb/password", PASSWORD);
      Files.writeString(authority, kurrentdb.caCertificate());
      var output = directory.resolve("output");
      var driver = driver(kurrentdb.endpoint().toString(), authority);
      driver.environment().put("DATABRICKS_HOST", workspace.host());
      driver.environment().put("DATABRICKS_TOKEN", DatabricksWorkspace.TOKEN);
      var ended =
          driver.redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
      var said = Files.readString(output);
      assertThat(ended).as(said).isZero();

      var events = kurrentdb.recordCount();
      assertThat(said)
          .contains("read: [%d]".formatted(events), "streamed: " + events, "BronzeIngest: ")
          .doesNotContain("tasks: 1\n");
      assertThat(directory.resolve("lake/bronze/events/_delta_log")).isDirectory();
    }
    // Each executor has a directory with what it logged.
    assertThat(files("spark/work")).hasSizeGreaterThanOrEqualTo(4);
    assertThat(files("events")).anyMatch(text -> text.contains("kurrentdb kdb.records"));
    for (var place : List.of("output", "spark/work", "events", "lake", "lake-stream")) {
      assertThat(files(place))
          .as(place)
          .noneMatch(text -> text.contains(PASSWORD) || text.contains(DatabricksWorkspace.TOKEN));
    }
  }

  /** What bin/spark-submit would start, in the smallest distribution from which executors start. */
  private ProcessBuilder driver(String endpoint, Path authority) throws IOException {
    var home = Files.createDirectory(directory.resolve("spark"));
    var jars = Files.createDirectory(home.resolve("jars"));
    for (var list : List.of("classpath-provided.txt", "classpath-shared.txt")) {
      var paths = Files.readString(TARGET.resolve(list)).strip();
      for (var jar : List.of(paths.split(File.pathSeparator))) {
        var link = jars.resolve(Path.of(jar).getFileName());
        if (Files.notExists(link)) {
          Files.createSymbolicLink(link, Path.of(jar));
        }
      }
    }
    var arguments = new ArrayList<>(List.of("--master", "local-cluster[2,1,512]"));
    for (var setting :
        List.of(
            "spark.executor.memory=512m",
            "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1",
            "spark.executorEnv.DATABRICKS_TOKEN=nobody's",
            "spark.scheduler.minRegisteredResourcesRatio=1",
            "spark.driver.host=localhost",
            "spark.driver.bindAddress=127.0.0.1",
            "spark.ui.enabled=false",
            "spark.sql.shuffle.partitions=2",
            "spark.databricks.delta.snapshotPartitions=2",
            "spark.sql.codegen.wholeStage=false",
            "spark.sql.codegen.factoryMode=NO_CODEGEN",
            "spark.sql.warehouse.dir=" + directory.resolve("warehouse"),
            "spark.eventLog.enabled=true",
            "spark.eventLog.compress=false",
            "spark.eventLog.dir=" + Files.createDirectory(directory.resolve("events")).toUri(),
            "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension",
            "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog")) {
      arguments.addAll(List.of("--conf", setting));
    }
    arguments.addAll(List.of("--class", ReadOnExecutors.class.getName(), JAR.toString()));
    arguments.addAll(List.of(endpoint, authority.toString(), directory.resolve("lake").toString()));
    var builder =
        JavaCommand.of(
                "org.apache.spark.deploy.SparkSubmit",
                jars + "/*" + File.pathSeparator + TARGET.resolve("test-classes"),
                List.of("-XX:TieredStopAtLevel=1"),
                arguments)
            .directory(directory.toFile());
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("KURRENTDB_USERNAME_SECRET", "kurrentdb/username");
    builder.environment().put("KURRENTDB_PASSWORD_SECRET", "kurrentdb/password");
    return builder;
  }

  private List<String> files(String name) throws IOException {
    try (Stream<Path> found = Files.walk(directory.resolve(name))) {
      var texts = new ArrayList<String>();
      for (var file :
          found
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().endsWith(".jar"))
              .toList()) {
        texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      return texts;
    }
  }
}
