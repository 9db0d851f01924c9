package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.service.jobs.CreateJob;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator.Feature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.pipeline.PipelineFolder;
import io.github.kurrentlake.pipeline.PipelineWorkflow;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.testing.MadeFromCode;
import io.github.kurrentlake.workflow.WorkflowFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code databricks.yml} against the schema of Databricks' CLI, the model of its SDK, and the files
 * that {@code databricks jobs create} takes.
 */
class BundleTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** What has no default; with these the jobs are those of the JSON files. */
  private static final Map<String, String> GIVEN =
      Map.of(
          "endpoint", "grpc+tls://<cluster-id>.mesdb.eventstore.cloud:2113",
          "service_principal", "5a1f8c52-0c1f-4d6c-9a0e-3f2f8f0f7c11",
          "notify", "data-platform@example.com",
          "lakebase_schedule", "UNPAUSED",
          "read_model_schedule", "UNPAUSED",
          "continuous_schedule", "PAUSED");

  /** Of a job that somebody starts. */
  private static final String NO_SCHEDULE = "";

  private static Schema schema;

  private static final List<BundledJob> JOBS =
      List.of(
          new BundledJob(
              Path.of("workflow.json"),
              "schedule",
              "node_type",
              Map.of("catalog", "catalog", "endpoint", "endpoint", "tls_ca", "tls_ca")),
          new BundledJob(
              Path.of("jobs", "lakebase-workflow.json"),
              "lakebase_schedule",
              "lakebase_node_type",
              Map.of("catalog", "catalog", "lakebase", "lakebase")),
          new BundledJob(
              Path.of("jobs", "read-model.json"),
              "read_model_schedule",
              "read_model_node_type",
              Map.of("catalog", "catalog", "endpoint", "endpoint", "tls_ca", "tls_ca")),
          new BundledJob(
              Path.of("jobs", "maintenance.json"),
              "maintenance_schedule",
              "maintenance_node_type",
              Map.of("catalog", "catalog", "endpoint", "endpoint", "tls_ca", "tls_ca")),
          new BundledJob(
              Path.of("jobs", "replay.json"),
              NO_SCHEDULE,
              "maintenance_node_type",
              Map.of("catalog", "catalog", "endpoint", "endpoint", "tls_ca", "tls_ca")),
          new BundledJob(
              Path.of("jobs", "continuous.json"),
              "continuous_schedule",
              "node_type",
              Map.of("catalog", "catalog", "endpoint", "endpoint", "tls_ca", "tls_ca")));

  /**
   * A job of the bundle, and which of its values are variables there.
   *
   * @param json what {@code databricks jobs create} takes
   * @param parameters the variables of job parameters, by the parameters' names
   */
  private record BundledJob(
      Path json, String schedule, String nodeType, Map<String, String> parameters) {

    private ObjectNode created() throws IOException {
      return (ObjectNode) JSON.readTree(json.toFile());
    }

    /** Databricks starts a continuous job again whenever it ends. */
    private boolean isContinuous() throws IOException {
      return created().has("continuous");
    }

    private String trigger() throws IOException {
      return isContinuous() ? "/continuous" : "/schedule";
    }

    private String key() throws IOException {
      return created().get("name").textValue();
    }

    private Path resource() throws IOException {
      return Path.of("resources", key() + ".job.yml");
    }

    private JsonNode in(JsonNode target) throws IOException {
      return target.at("/resources/jobs/" + key());
    }

    /** The job of the JSON file with the jar and the mail address of a bundle. */
    private ObjectNode bundled(String version, String notify) throws IOException {
      var job = created();
      for (var task : job.path("tasks")) {
        ((ObjectNode) task.at("/libraries/0"))
            .put("jar", "../target/kurrentlake-" + version + ".jar");
      }
      var mails = job.putObject("email_notifications");
      mails.putArray("on_failure").add(notify);
      mails.putArray("on_duration_warning_threshold_exceeded").add(notify);
      return job;
    }

    /** The file in resources/. */
    private String yaml() throws IOException {
      var job = bundled(variable("version"), variable("notify"));
      if (!schedule.equals(NO_SCHEDULE)) {
        ((ObjectNode) job.at(trigger())).put("pause_status", variable(schedule));
      }
      ((ObjectNode) job.at("/job_clusters/0/new_cluster")).put("node_type_id", variable(nodeType));
      for (var parameter : job.path("parameters")) {
        var variable = parameters.get(parameter.get("name").textValue());
        if (variable != null) {
          ((ObjectNode) parameter).put("default", variable(variable));
        }
      }
      var root = JSON.createObjectNode();
      root.putObject("resources").putObject("jobs").set(key(), job);
      var yaml =
          YAMLMapper.builder()
              .enable(Feature.MINIMIZE_QUOTES, Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .disable(Feature.WRITE_DOC_START_MARKER, Feature.SPLIT_LINES)
              .build();
      return "# Made from %s by BundleTest; do not edit.\n".formatted(json)
          + yaml.writeValueAsString(root);
    }

    private static String variable(String name) {
      return "${var." + name + "}";
    }
  }

  @BeforeAll
  static void readTheSchemaOfTheCli() throws IOException {
    try (var stream = BundleTest.class.getResourceAsStream("/databricks-cli/bundle-schema.json")) {
      schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(stream);
    }
  }

  /** With {@code -Dkurrentlake.docs=write} the file is written again instead. */
  @ParameterizedTest
  @FieldSource("JOBS")
  void aJobOfTheBundleIsMadeFromItsJsonFile(BundledJob job) throws IOException {
    MadeFromCode.assertIs(job.resource(), job.yaml());
  }

  @Test
  void everyFileIsOneThatTheCliKnows() {
    assertThat(errors(Bundle.yaml(Bundle.FILE))).isEmpty();
    assertThat(Bundle.included("resources/*.yml"))
        .hasSize(JOBS.size())
        .allSatisfy(file -> assertThat(errors(Bundle.yaml(file))).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "small"})
  void everyTargetIsAWholeBundleOfJobs(String name) throws IOException {
    var target = Bundle.read().target(name, GIVEN);
    assertThat(errors(target)).isEmpty();
    assertThat(target.at("/resources/jobs")).hasSize(JOBS.size());
    for (var job : JOBS) {
      assertThat(parsed(job.in(target)).getTasks()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @FieldSource("JOBS")
  void inProductionAJobIsThatOfTheJsonFile(BundledJob job) throws IOException {
    var prod = Bundle.read().target("prod", GIVEN);
    var expected = job.bundled(version(), GIVEN.get("notify"));
    assertThat(job.in(prod)).isEqualTo(expected);
    // What Databricks reads in them is the same too.
    assertThat(parsed(job.in(prod))).isEqualTo(parsed(expected));
  }

  @Test
  void productionRunsAsItsServicePrincipalFromAJarOfItsVersion() throws IOException {
    var prod = Bundle.read().target("prod", GIVEN);
    assertThat(prod.at("/run_as/service_principal_name").textValue())
        .isEqualTo(GIVEN.get("service_principal"));
    assertThat(prod.at("/workspace/artifact_path").textValue())
        .isEqualTo("/Volumes/loan_lakehouse/ops/lib/" + version());
    assertThat(prod.at("/artifacts/jar/files/0/source").textValue())
        .isEqualTo("target/kurrentlake-%s.jar".formatted(version()));
  }

  @ParameterizedTest
  @FieldSource("JOBS")
  void aSmallLogIsReadOnOneMachineAndAllElseIsAsInProduction(BundledJob job) throws IOException {
    var prod = (ObjectNode) job.in(Bundle.read().target("prod", GIVEN));
    var small = (ObjectNode) job.in(Bundle.read().target("small", GIVEN));
    var cluster = parsed(small).getJobClusters().iterator().next().getNewCluster();
    assertThat(cluster.getNumWorkers()).isZero();
    assertThat(cluster.getSparkConf())
        .containsOnly(
            Map.entry("spark.databricks.cluster.profile", "singleNode"),
            Map.entry("spark.master", "local[*]"));
    assertThat(cluster.getCustomTags()).containsOnly(Map.entry("ResourceClass", "SingleNode"));
    small.remove("job_clusters");
    prod.remove("job_clusters");
    assertThat(small).isEqualTo(prod);
  }

  @ParameterizedTest
  @FieldSource("JOBS")
  void aDevelopersCopyHasItsOwnCatalogAndNoSchedule(BundledJob job) throws IOException {
    var dev = Bundle.read().target("dev", Map.of("endpoint", "grpc+tls://localhost:2113"));
    assertThat(dev.has("run_as")).isFalse();
    assertThat(dev.at("/workspace/artifact_path").textValue())
        .isEqualTo("/Volumes/loan_lakehouse_dev/ops/lib/ann_smith/" + version());
    assertThat(job.in(dev).at(job.trigger() + "/pause_status").asText(NO_SCHEDULE))
        .isEqualTo(job.schedule().equals(NO_SCHEDULE) ? NO_SCHEDULE : "PAUSED");
    assertThat(job.in(dev).at("/parameters/0/default").textValue()).isEqualTo("loan_lakehouse_dev");
    assertThat(job.in(dev).at("/email_notifications/on_failure/0").textValue())
        .isEqualTo("ann.smith@example.com");
  }

  @ParameterizedTest
  @FieldSource("JOBS")
  void everyTaskIsRepeatedWhenItFailsAndNoneRunsForEverUnlessDatabricksSeesToIt(BundledJob job)
      throws IOException {
    var created = parsed(job.created());
    if (job.isContinuous()) {
      assertThat(created.getTasks())
          .allSatisfy(task -> assertThat(task.getMaxRetries()).isNull())
          .allSatisfy(task -> assertThat(task.getTimeoutSeconds()).isNull());
      return;
    }
    assertThat(created.getTasks())
        .allSatisfy(
            task -> {
              assertThat(task.getMaxRetries()).isEqualTo(2);
              assertThat(task.getMinRetryIntervalMillis()).isEqualTo(60_000);
              assertThat(task.getTimeoutSeconds()).isPositive();
              assertThat(task.getTimeoutSeconds()).isLessThan(created.getTimeoutSeconds());
            });
    assertThat(created.getHealth().getRules())
        .singleElement()
        .satisfies(rule -> assertThat(rule.getValue()).isLessThan(created.getTimeoutSeconds()));
  }

  @ParameterizedTest
  @FieldSource("JOBS")
  void everyMainClassTakesTheArgumentsItIsGiven(BundledJob job) {
    var workflow = WorkflowFile.read(job.json());
    assertThat(workflow.tasks())
        .allSatisfy(
            task -> {
              var type = Class.forName(task.mainClass());
              assertThat(type.getMethod("main", String[].class)).isNotNull();
              var main = (Job) type.getConstructor().newInstance();
              // It checks that every setting has a value that fits.
              assertThatCode(
                      () ->
                          Settings.parse(
                              main.settings(),
                              workflow.arguments(task, endpoint(workflow)),
                              Environment.ofProcess()))
                  .doesNotThrowAnyException();
            });
  }

  /** The default is none that can be reached, nor one that can be read. */
  private static Map<String, String> endpoint(WorkflowFile workflow) {
    return workflow.parameters().containsKey("endpoint")
        ? Map.of("endpoint", "grpc+tls://kurrentdb.example.com:2113")
        : Map.of();
  }

  /** Whatever reads KurrentDB or a Lakebase logs in by a secret scope. */
  @ParameterizedTest
  @FieldSource("JOBS")
  void credentialsComeFromASecretScopeAndAreNoParameters(BundledJob job) throws IOException {
    var created = job.created();
    assertThat(created.at("/job_clusters/0/new_cluster/spark_env_vars"))
        .isNotEmpty()
        .allSatisfy(variable -> assertThat(variable.textValue()).startsWith("{{secrets/"));
    assertThat(created.get("parameters").toString() + created.get("tasks"))
        .doesNotContain("secrets");
  }

  @Test
  void everyVariableIsDeclaredAndUsed() throws IOException {
    var declared = new ArrayList<String>();
    Bundle.read().root().get("variables").fieldNames().forEachRemaining(declared::add);
    var text = new StringBuilder(Files.readString(Bundle.FILE));
    for (var file : Bundle.included("resources/*.yml")) {
      text.append(Files.readString(file));
    }
    var used =
        Pattern.compile("\\$\\{var\\.([^}]+)}")
            .matcher(text)
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(used).hasSameElementsAs(declared);
    assertThatThrownBy(() -> Bundle.read().target("prod", Map.of()))
        .hasMessageContaining("no value for ${var.");
  }

  @Test
  void theBundleOfAPipelinesFolderIsItsWorkflow(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve(PipelineFolder.FILE),
        """
        name: parcels
        category: parcel
        projections:
          - {table: posted, events: [Posted], columns: []}
        """);
    var pipeline = PipelineFolder.read(folder);
    var file =
        Files.writeString(
            folder.resolve(PipelineWorkflow.BUNDLE), PipelineWorkflow.bundle(pipeline));
    assertThat(errors(Bundle.yaml(file))).isEmpty();

    var endpoint = "grpc+tls://kurrentdb.example.com:2113";
    var prod = Bundle.read(file).target("prod", Map.of("endpoint", endpoint));
    assertThat(errors(prod)).isEmpty();
    var expected =
        (ObjectNode)
            JSON.readTree(
                PipelineWorkflow.json(
                    pipeline, "file:/Workspace/Users/ann.smith@example.com/files"));
    ((ObjectNode) expected.at("/parameters/1")).put("default", endpoint);
    assertThat(prod.at("/resources/jobs/parcels_pipeline")).isEqualTo(expected);
    assertThatThrownBy(() -> Bundle.read(file).target("prod", Map.of()))
        .hasMessageContaining("no value for ${var.endpoint}");
  }

  @Test
  void whatTheCliWouldNotTakeIsSeen() {
    var misspelt = (ObjectNode) Bundle.yaml(Bundle.FILE);
    misspelt.putObject("artefacts");
    assertThat(errors(misspelt)).isNotEmpty();

    var unknownValue = Bundle.read().target("prod", GIVEN);
    var schedule = "/resources/jobs/loan_analytics_pipeline/schedule";
    ((ObjectNode) unknownValue.at(schedule)).put("pause_status", "PAUSD");
    assertThat(errors(unknownValue)).isNotEmpty();

    var unknownField = JSON.createObjectNode().put("max_retrys", 2);
    assertThatThrownBy(() -> parsed(unknownField)).hasMessageContaining("max_retrys");
  }

  private static List<Error> errors(JsonNode bundle) {
    return schema.validate(bundle);
  }

  private static CreateJob parsed(JsonNode job) throws JsonProcessingException {
    return JSON.treeToValue(job, CreateJob.class);
  }

  /** The version of the build, which the jar is named after. */
  private static String version() throws IOException {
    var project = Files.readString(Path.of("pom.xml"));
    var version =
        Pattern.compile("<artifactId>kurrentlake</artifactId>\\s*<version>(.*?)</version>");
    return version.matcher(project).results().findFirst().orElseThrow().group(1);
  }
}
