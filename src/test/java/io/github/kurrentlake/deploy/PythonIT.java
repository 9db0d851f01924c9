package io.github.kurrentlake.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.EventsFile;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.testing.Postgres;
import io.github.kurrentlake.testing.PostgresClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documents' samples in Python, run by PySpark with the jar that is deployed. It needs a Python
 * with pyspark of the same line as the build's Spark: {@code -Dkurrentlake.python=PROGRAM} names
 * another than {@code python3}. Without one it is skipped.
 */
@Tag("long")
class PythonIT {
  private static final Path JAR = Path.of(System.getProperty("kurrentlake.jar"));
  private static final String PYTHON = System.getProperty("kurrentlake.python", "python3");
  private static final String SESSION =
      """
      from pyspark.sql import SparkSession

      spark = (SparkSession.builder.master("local[2]")
          .config("spark.ui.enabled", "false")
          .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
          .config("spark.sql.catalog.spark_catalog",
              "org.apache.spark.sql.delta.catalog.DeltaCatalog")
          .getOrCreate())
      spark.sql("CREATE SCHEMA bronze")
      """;
  private static final String HAS_LINE =
      "import pyspark, sys; sys.exit(not pyspark.__version__.startswith(sys.argv[1]))";
  private static final PostgresUrl DATABASE = (PostgresUrl) Postgres.database(PythonIT.class);
  private static final PostgresClient POSTGRES = PostgresClient.of(PythonIT.class);

  @TempDir private Path directory;

  @BeforeAll
  static void python() throws Exception {
    assumeThat(hasPyspark()).as("%s with pyspark", PYTHON).isTrue();
  }

  private static boolean hasPyspark() throws InterruptedException {
    try {
      return new ProcessBuilder(PYTHON, "-c", HAS_LINE, line())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      // There is no such program.
      return false;
    }
  }

  /** Such as {@code 4.0.}: its Delta is that of the build. */
  private static String line() {
    return org.apache.spark.package$.MODULE$.SPARK_VERSION().replaceFirst("\\d+$", "");
  }

  @Test
  void theClientsSampleWritesAndReadsRows() throws Exception {
    var sample = sample("lakebase.md").replace("instances/my_lakebase", DATABASE.toString());
    assertThat(run(sample)).contains("1 loanRequest-1", "2 loanRequest-2", "approved");
    assertThat(POSTGRES.rows("SELECT stream FROM app.loan_review ORDER BY review_id"))
        .containsExactly("loanRequest-1", "loanRequest-3");
  }

  @Test
  void theSourcesSampleReadsATable() throws Exception {
    POSTGRES.run("CREATE TABLE orders (id int PRIMARY KEY)", "INSERT INTO orders VALUES (1), (2)");
    var sample =
        sample("lakebase-source.md")
                .replace("projects/shop/branches/main/endpoints/primary", DATABASE.toString())
                .replace("/checkpoints/orders", directory.resolve("checkpoint").toString())
            + "\nspark.streams.active and spark.streams.active[0].awaitTermination()"
            + "\nprint('orders', spark.table('bronze.orders').count())";
    assertThat(run(sample)).contains("orders 2");
  }

  @Test
  void aPipelineRunsFromPython() throws Exception {
    Files.writeString(
        directory.resolve("pipeline.yaml"),
        """
        name: orders
        category: order
        projections:
          - table: order_placed
            events: [OrderPlaced]
            columns:
              - {name: order_id, type: bigint, place: OrderId, older_places: [orderId]}
              - {name: weight, type: double, place: Weight}
        """);
    try (var node = EmbeddedKurrentDb.builder().start();
        var records = EventsFile.at(Path.of("jobs", "orders.jsonl")).records()) {
      node.append(records);
      Files.writeString(directory.resolve("ca.pem"), node.caCertificate());
      var script =
          """
          import kurrentlake
          orders = kurrentlake.pipeline(spark, %1$s, %1$s + "/lake", "%2$s", %1$s + "/ca.pem")
          print("planned", orders.plan().filter("next_run LIKE 'is made%%'").count())
          for row in orders.run().collect():
              print(row.task, row.events_in, row.rows_out, row.quarantined)
          print("behind", orders.status().selectExpr("sum(events_behind)").head()[0])
          print("refused", orders.quarantine().count())
          print("as of", orders.as_of(timestamp="2025-01-01T00:30:00Z").count(),
              orders.as_of(log_position=10**9).count())
          print("clean", all(row.is_clean for row in orders.reconcile().collect()))
          print("page", orders.report()[:9])
          """
              .formatted("'" + directory + "'", node.endpoint());
      var lines = run(script);
      assertThat(lines)
          .contains(
              "planned 4",
              "bronze 69 69 0",
              "silver.order_placed 48 42 6",
              "behind 0",
              "clean True")
          .anyMatch(line -> line.startsWith("page <!"));
    }
  }

  private static String sample(String document) throws IOException {
    var text = Files.readString(Path.of("docs", document));
    var begin = text.indexOf("```python\n") + "```python\n".length();
    return text.substring(begin, text.indexOf("```", begin));
  }

  private List<String> run(String sample) throws Exception {
    var script = Files.writeString(directory.resolve("sample.py"), SESSION + sample);
    var output = directory.resolve("output.txt").toFile();
    var process = new ProcessBuilder(PYTHON, script.toString()).directory(directory.toFile());
    var environment = process.environment();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PYSPARK_PYTHON", PYTHON);
    environment.put("PYTHONPATH", Path.of("jobs", "python").toAbsolutePath().toString());
    environment.put("KURRENTDB_USERNAME", "admin");
    environment.put("KURRENTDB_PASSWORD", "changeit");
    environment.put("PYSPARK_SUBMIT_ARGS", "--driver-class-path " + jars() + " pyspark-shell");
    environment.put("LAKEBASE_PASSWORD_FILE", ((SecretPlace.InFile) DATABASE.password()).path());
    var running = process.redirectErrorStream(true).redirectOutput(output).start();
    try {
      var lines =
          running.waitFor(5, TimeUnit.MINUTES)
              ? Files.readAllLines(output.toPath(), UTF_8)
              : List.<String>of();
      assertThat(running.isAlive()).as("still running").isFalse();
      assertThat(running.exitValue()).as(String.join("\n", lines)).isZero();
      return lines;
    } finally {
      running.destroyForcibly();
    }
  }

  /** The jar, and of what a cluster brings that which pyspark does not. */
  private static String jars() throws IOException {
    var provided = Files.readString(JAR.resolveSibling("classpath-provided.txt")).strip();
    return Stream.concat(
            Stream.of(JAR.toString()),
            Stream.of(provided.split(File.pathSeparator))
                .filter(jar -> Path.of(jar).getFileName().toString().startsWith("delta-")))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
