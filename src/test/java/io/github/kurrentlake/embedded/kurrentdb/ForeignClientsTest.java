package io.github.kurrentlake.embedded.kurrentdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Properties;
import org.apache.arrow.adbc.core.AdbcDatabase;
import org.apache.arrow.adbc.core.AdbcDriver;
import org.apache.arrow.adbc.core.AdbcException;
import org.apache.arrow.adbc.core.AdbcStatusCode;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlConnectionProperties;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlDriver;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote work against the double as they do against KurrentDB. */
class ForeignClientsTest {
  private static final int ORDERS = 5000;
  private static EmbeddedKurrentDb node;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    node = EmbeddedKurrentDb.builder().start();
    node.append(Records.orders(ORDERS));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void adbcReadsAnAdHocQueryThoughItsFlightInfoHasNoSchema() throws Exception {
    try (var allocator = new RootAllocator();
        var database = adbc(allocator, "changeit");
        var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.setSqlQuery("SELECT * FROM kdb.records");
      try (var result = statement.executeQuery()) {
        var reader = result.getReader();
        var rows = 0;
        while (reader.loadNextBatch()) {
          rows += reader.getVectorSchemaRoot().getRowCount();
        }
        assertThat(reader.getVectorSchemaRoot().getSchema().getFields()).hasSize(15);
        assertThat(rows).isEqualTo(ORDERS);
      }
    }
  }

  @Test
  void adbcBindsAParameterWhereNobodyIsAskedForCredentials() throws Exception {
    try (var insecure = EmbeddedKurrentDb.builder().insecure().start();
        var allocator = new RootAllocator()) {
      insecure.append(Records.orders(ORDERS));
      var parameters = new HashMap<String, Object>();
      AdbcDriver.PARAM_URI.set(parameters, insecure.endpoint().toString());
      try (var database = new FlightSqlDriver(allocator).open(parameters)) {
        assertThat(countBehind(499_000, database, allocator)).isEqualTo(10L);
      }
    }
  }

  /** ADBC sends the password with its own calls, but not with those of a prepared statement. */
  @Test
  void adbcIsDeniedToRunAPreparedStatement() throws Exception {
    try (var allocator = new RootAllocator();
        var database = adbc(allocator, "changeit")) {
      assertThatThrownBy(() -> countBehind(499_000, database, allocator))
          .isInstanceOfSatisfying(
              AdbcException.class,
              e -> assertThat(e.getStatus()).isEqualTo(AdbcStatusCode.UNAUTHORIZED))
          .hasMessage("Access Denied");
    }
  }

  private static Object countBehind(long position, AdbcDatabase database, RootAllocator allocator)
      throws Exception {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var parameter = new BigIntVector("p", allocator)) {
      statement.setSqlQuery("SELECT count(*) FROM kdb.records WHERE log_position > ?");
      statement.prepare();
      parameter.setSafe(0, position);
      parameter.setValueCount(1);
      statement.bind(new VectorSchemaRoot(List.of(parameter)));
      try (var result = statement.executeQuery()) {
        assertThat(result.getReader().loadNextBatch()).isTrue();
        return result.getReader().getVectorSchemaRoot().getVector(0).getObject(0);
      }
    }
  }

  @Test
  void adbcIsToldOfAWrongPassword() throws Exception {
    try (var allocator = new RootAllocator();
        var database = adbc(allocator, "wrong")) {
      assertThatThrownBy(() -> database.connect().close())
          .isInstanceOfSatisfying(
              AdbcException.class,
              e -> assertThat(e.getStatus()).isEqualTo(AdbcStatusCode.UNAUTHENTICATED));
    }
  }

  @Test
  void jdbcReadsAndBinds() throws Exception {
    try (var connection = DriverManager.getConnection(jdbcUrl(), jdbc("changeit"));
        var statement =
            connection.prepareStatement(
                "SELECT log_position, stream, deleted, record_id, data->>'number' AS number"
                    + " FROM kdb.records WHERE log_position > ? AND stream = ?"
                    + " ORDER BY log_position")) {
      statement.setLong(1, 499_000);
      statement.setString(2, "order-7");
      try (var result = statement.executeQuery()) {
        assertThat(result.next()).isTrue();
        assertThat(result.getLong("log_position")).isEqualTo(499_700);
        assertThat(result.getString("stream")).isEqualTo("order-7");
        assertThat(result.getBoolean("deleted")).isFalse();
        assertThat(result.getBytes("record_id")).hasSize(16);
        assertThat(result.getString("number")).isEqualTo("4997");
        assertThat(result.next()).isFalse();
      }
    }
  }

  @Test
  void jdbcSeesNoReasonOfAnError() throws Exception {
    try (var connection = DriverManager.getConnection(jdbcUrl(), jdbc("changeit"));
        var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT 1").close())
          .isInstanceOf(SQLException.class)
          .hasStackTraceContaining("Exception was thrown by handler.");
    }
  }

  private static AdbcDatabase adbc(RootAllocator allocator, String password) throws Exception {
    var parameters = new HashMap<String, Object>();
    AdbcDriver.PARAM_URI.set(parameters, node.endpoint().toString());
    AdbcDriver.PARAM_USERNAME.set(parameters, "admin");
    AdbcDriver.PARAM_PASSWORD.set(parameters, password);
    FlightSqlConnectionProperties.TLS_ROOT_CERTS.set(
        parameters,
        new ByteArrayInputStream(node.caCertificate().getBytes(StandardCharsets.US_ASCII)));
    return new FlightSqlDriver(allocator).open(parameters);
  }

  private static String jdbcUrl() {
    return "jdbc:arrow-flight-sql://localhost:" + node.endpoint().getPort();
  }

  private Properties jdbc(String password) throws Exception {
    var properties = new Properties();
    properties.setProperty("user", "admin");
    properties.setProperty("password", password);
    properties.setProperty(
        "tlsRootCerts",
        Files.writeString(directory.resolve("ca.crt"), node.caCertificate()).toString());
    return properties;
  }
}
