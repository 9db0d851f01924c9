package io.github.kurrentlake.lakebase.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.settings.Environment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LakebaseNameTest {
  private static final Environment ENVIRONMENT =
      ((Environment) name -> Optional.empty()).with(Map.of("LAKEBASE_PASSWORD", "canary"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "instances/my_lakebase",
        "instances/my_lakebase?database=app&user=a%40b.c",
        "projects/p-1/branches/main/endpoints/primary",
        "projects/p-1/branches/main/endpoints/primary?user=reader",
        "postgresql://reader@db.example.com:5433/app",
        "postgresql://a%40b@[::1]:5432/app?sslrootcert=%2Fetc%2Fca.pem"
      })
  void aNameIsReadAndShownAsItWasAndTravelsWithoutItsPassword(String name) throws Exception {
    var provider = ConnectionInfoProvider.parse(name, ENVIRONMENT);

    assertThat(provider).hasToString(name);
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(provider);
    }
    assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).doesNotContain("canary");
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(provider);
    }
  }

  @Test
  void withoutAPortOrDatabaseItIsTheUsualOne() {
    assertThat(ConnectionInfoProvider.parse("postgresql://reader@db/app", ENVIRONMENT))
        .hasToString("postgresql://reader@db:5432/app");
    assertThat(ConnectionInfoProvider.parse("instances/a", ENVIRONMENT))
        .isEqualTo(new DatabricksLakebase("instances/a", "databricks_postgres", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "my_lakebase",
        "instances/",
        "instances/a/b",
        "projects/p/branches/b",
        "instances/a?password=canary",
        "postgresql://reader:canary@db/app",
        "postgresql://reader:ca@nary canary@db/app",
        "postgresql://reader@db/app?password=canary",
        "postgresql://db/app",
        "postgresql://reader@db",
        "postgresql://reader@db/app?sslrootcert=",
        "jdbc:postgresql://reader@db/app"
      })
  void anythingElseIsRefusedWithoutShowingAPassword(String name) {
    assertThatThrownBy(() -> ConnectionInfoProvider.parse(name, ENVIRONMENT))
        .hasMessageContaining("KL-601")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://reader@db/app?sslmode=require | leave it out",
        "postgresql://reader@db/app?connect_timeout=3 | only sslrootcert=FILE",
        "postgresql://reader:canary@db/app | it holds a password",
        "instances/a?sslmode=require | only database=NAME and user=ROLE"
      })
  void theReasonSaysWhatIsWrongWithAName(String name, String reason) {
    assertThatThrownBy(() -> ConnectionInfoProvider.parse(name, ENVIRONMENT))
        .hasMessageContaining("KL-601")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("canary");
  }
}
