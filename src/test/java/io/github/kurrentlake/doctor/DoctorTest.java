package io.github.kurrentlake.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.kurrentlake.doctor.Check.Result;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.source.Credentials;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.table.LakehouseSettings;
import io.github.kurrentlake.testing.Postgres;
import io.github.kurrentlake.testing.PostgresClient;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each layer of the way to KurrentDB, broken in turn. */
class DoctorTest {
  private static final List<String> LAYERS =
      List.of(
          "credentials",
          "name",
          "port",
          "certificate",
          "login",
          "category",
          "clock",
          "compression");

  @TempDir private Path directory;

  @Test
  void everyFaultIsFoundInItsLayerAndNothingBehindItIsLookedAt() throws IOException {
    try (var node = EmbeddedKurrentDb.builder().user("ann", Secret.of("canary")).start();
        var other = EmbeddedKurrentDb.builder().start()) {
      node.append(Stream.of(event("order-1")));
      var endpoint = node.endpoint().toString();
      var port = node.endpoint().getPort();
      var authority = Files.writeString(directory.resolve("ca.pem"), node.caCertificate());
      var foreign = Files.writeString(directory.resolve("other.pem"), other.caCertificate());

      var well = examine("order", "canary", endpoint, authority);
      assertThat(well).extracting(Check::name).containsExactlyElementsOf(LAYERS);
      // The embedded node's certificate is valid for days.
      assertThat(well)
          .filteredOn(check -> check.result() != Result.PASS)
          .extracting(Check::name, Check::result)
          .containsExactly(tuple("certificate", Result.WARN));
      assertThat(well.get(3).detail()).contains("until ");
      assertThat(well.get(7).detail()).isEqualTo("answers are not compressed");

      assertFails(examine("order", null, endpoint, authority), "credentials", "KL-103");
      var unknown = "grpc+tls://no-such-host.invalid:2113";
      assertFails(examine("order", "canary", unknown, authority), "name", "KL-203");
      assertFails(
          examine("order", "canary", "grpc+tls://localhost:1", authority), "port", "KL-203");
      assertFails(examine("order", "canary", endpoint, foreign), "certificate", "KL-204");
      assertFails(examine("order", "wrong", endpoint, authority), "login", "KL-201");
      assertFails(examine("loan", "canary", endpoint, authority), "category", "KL-208");
      var plain = examine("order", "canary", "grpc://localhost:" + port, authority);
      assertThat(plain.get(3).result()).isEqualTo(Result.WARN);
    }
  }

  @Test
  void aNodeThatCompressesItsAnswersIsSeen() throws IOException {
    try (var node = EmbeddedKurrentDb.builder().user("ann", Secret.of("canary")).gzip().start()) {
      node.append(Stream.of(event("order-1")));
      var authority = Files.writeString(directory.resolve("ca.pem"), node.caCertificate());
      assertThat(examine("order", "canary", node.endpoint().toString(), authority).get(7).detail())
          .startsWith("answers come in gzip");
    }
  }

  @Test
  void aPostgresSaysWhatTheTasksNeedOfIt() throws IOException {
    var database = Postgres.database(DoctorTest.class);
    PostgresClient.of(database)
        .run(
            "CREATE TABLE review (id int PRIMARY KEY)",
            "CREATE TABLE note (text text)",
            "CREATE TABLE kept (text text)",
            "ALTER TABLE kept REPLICA IDENTITY FULL");
    var well = Doctor.postgres(database);
    assertThat(well)
        .extracting(Check::name)
        .containsExactly("login", "wal_level", "slots", "horizon", "privileges", "identity");
    assertThat(well).extracting(Check::result).doesNotContain(Result.FAIL);
    assertThat(well.get(0).detail()).contains(", PostgreSQL 17");
    assertThat(well.get(1).detail()).startsWith("logical");
    assertThat(well.get(4).detail()).isEqualTo("3 of 3 tables can be read, 3 written");
    assertThat(well.get(5).result()).isEqualTo(Result.WARN);
    assertThat(well.get(5).detail()).endsWith("deleted: public.note");

    var password = Files.writeString(directory.resolve("password"), "canary").toString();
    var variable = ConnectionInfoProvider.PASSWORD + SecretPlace.FILE_SUFFIX;
    var nowhere =
        ConnectionInfoProvider.parse(
            "postgresql://reader@localhost:1/app",
            Environment.ofProcess().with(Map.of(variable, password)));
    var failed = Doctor.postgres(nowhere);
    assertThat(failed).extracting(Check::name).containsExactly("login");
    assertThat(failed.get(0).result()).isEqualTo(Result.FAIL);
    assertThat(failed.get(0).detail()).contains("KL-60").doesNotContain("canary");
  }

  @Test
  void aNewLakehouseIsDoubtfulAndNothingStaysBehind() throws IOException {
    Files.createDirectories(directory.resolve("ops/_checkpoints"));
    var settings =
        Settings.parse(
            LakehouseSettings.and(), List.of("--catalog=" + directory), Environment.ofProcess());

    var checks = Doctor.lakehouse(SharedSpark.session(), settings);
    assertThat(checks)
        .extracting(Check::result)
        .containsExactly(Result.PASS, Result.PASS, Result.WARN, Result.WARN);
    assertThat(directory.resolve("ops/_checkpoints")).isEmptyDirectory();
  }

  private static void assertFails(List<Check> checks, String layer, String code) {
    var last = checks.get(checks.size() - 1);
    assertThat(checks).hasSize(LAYERS.indexOf(layer) + 1);
    assertThat(last.result()).isEqualTo(Result.FAIL);
    assertThat(last.name()).isEqualTo(layer);
    assertThat(last.detail()).contains(code, "Fix: ").doesNotContain("canary");
  }

  private List<Check> examine(String category, String password, String endpoint, Path authority)
      throws IOException {
    var variables = new HashMap<String, String>();
    if (password != null) {
      var files = directory.resolve(password);
      Files.createDirectories(files);
      variables.put(
          Credentials.USERNAME + "_FILE",
          Files.writeString(files.resolve("user"), "ann").toString());
      variables.put(
          Credentials.PASSWORD + "_FILE",
          Files.writeString(files.resolve("password"), password).toString());
    }
    var settings =
        Settings.parse(
            List.of(KurrentDbSettings.ENDPOINT, KurrentDbSettings.TLS_CA),
            List.of("--endpoint=" + endpoint, "--tls-ca=" + authority),
            Environment.ofProcess().with(variables));
    return Doctor.kurrentdb(settings, category);
  }

  private static LogRecord event(String stream) {
    return LogRecord.json(100, 0, 1_738_168_933_527L, stream, "OrderPlaced", null, "{}");
  }
}
