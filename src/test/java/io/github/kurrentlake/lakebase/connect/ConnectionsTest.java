package io.github.kurrentlake.lakebase.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Throwables;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.testing.Postgres;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logins to a real Postgres with passwords that change, and tokens from Databricks' API. */
class ConnectionsTest {
  private static final ConnectionInfoProvider SUPERUSER = Postgres.database(ConnectionsTest.class);
  private static final String USER = "app@example.com";

  @TempDir private Path directory;
  private FakeDatabricks databricks;

  /** The two products. */
  enum Product {
    PROVISIONED("instances/my_lakebase"),
    AUTOSCALING(FakeDatabricks.ENDPOINT);

    private final String lakebase;

    Product(String lakebase) {
      this.lakebase = lakebase;
    }

    DatabricksLakebase lakebase() {
      return new DatabricksLakebase(lakebase, "db", "");
    }

    /** What the API says, at the port of the tests' server and into this class's database. */
    ConnectionInfoProvider of(FakeDatabricks databricks) {
      return () -> {
        var info = databricks.login().login(lakebase());
        var told = info.address();
        return new ConnectionInfo(
            address(told.host(), told.user()), info.password(), info.expiresAt());
      };
    }
  }

  @BeforeEach
  void start() throws Exception {
    run("DROP ROLE IF EXISTS \"%s\"".formatted(USER));
    run("CREATE ROLE \"%s\" LOGIN".formatted(USER));
    databricks = FakeDatabricks.start(ConnectionsTest::password);
  }

  @AfterEach
  void stop() {
    databricks.close();
  }

  @ParameterizedTest
  @EnumSource
  void aTokenIsKeptUntilShortlyBeforeItExpires(Product product) throws SQLException {
    var connections = Connections.to(product.of(databricks));

    assertThat(user(connections)).isEqualTo(USER);
    assertThat(user(connections)).isEqualTo(USER);
    assertThat(databricks.credentials()).isEqualTo(1);

    databricks.lifetime(Duration.ofSeconds(119));
    var hasty = Connections.to(product.of(databricks));
    assertThat(user(hasty)).isEqualTo(USER);
    assertThat(user(hasty)).isEqualTo(USER);
    assertThat(databricks.credentials()).isEqualTo(3);
  }

  @Test
  void aTokenThatIsStillGoodIsUsedWhileTheApiIsAway() throws SQLException {
    databricks.lifetime(Duration.ofSeconds(100));
    var connections = Connections.to(Product.PROVISIONED.of(databricks));
    assertThat(user(connections)).isEqualTo(USER);

    databricks.status(403);

    assertThat(user(connections)).isEqualTo(USER);
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedTokenIsRenewedOnceAndOpenConnectionsLiveOn(Product product) throws SQLException {
    var connections = Connections.to(product.of(databricks));
    try (var open = connections.open("test")) {
      password("rotated-by-somebody");

      assertThat(user(connections)).isEqualTo(USER);

      assertThat(databricks.credentials()).isEqualTo(2);
      assertThat(Query.of(open, "SELECT current_user").text()).isEqualTo(USER);
    }
  }

  @Test
  void aTokenThatIsRefusedAgainIsAnErrorThatDoesNotShowIt() throws IOException {
    password("not-a-token");
    try (var useless = FakeDatabricks.start(token -> {})) {
      var connections = Connections.to(Product.PROVISIONED.of(useless));

      assertThatThrownBy(() -> connections.open("test"))
          .hasMessageContaining("KL-602")
          .hasMessageContaining(SqlState.INVALID_PASSWORD)
          .satisfies(
              e ->
                  assertThat(Throwables.getStackTraceAsString(e))
                      .doesNotContain("token-1", "token-2", "pat-canary"));
      assertThat(useless.credentials()).isEqualTo(2);

      try (var pool = ConnectionPool.of(connections, "test-pool")) {
        assertThatThrownBy(pool::borrow).hasMessageContaining("KL-602");
      }
    }
  }

  @Test
  void whatDatabricksRefusesHasItsOwnMessage() {
    var login = databricks.login();
    assertThatThrownBy(() -> login.login(new DatabricksLakebase("instances/other", "db", "")))
        .hasMessageContaining("KL-606")
        .hasMessageContaining("instances/other");

    databricks.status(403);
    assertThatThrownBy(() -> login.login(Product.PROVISIONED.lakebase()))
        .hasMessageContaining("KL-605")
        .hasMessageContaining("not for you")
        .satisfies(
            e -> assertThat(Throwables.getStackTraceAsString(e)).doesNotContain("pat-canary"));
  }

  /** As a partition of Spark travels. */
  @Test
  void aLoginIsDeliveredToAnExecutorThatHasNoIdentity() throws Exception {
    var provider = Product.PROVISIONED.of(databricks);
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(DeliveredLogin.of(provider));
    }
    databricks.status(403);

    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      var delivered = (ConnectionInfoProvider) in.readObject();

      assertThat(user(Connections.to(delivered))).isEqualTo(USER);
      assertThat(delivered.toString()).doesNotContain("token-1");
    }
  }

  @Test
  void aPasswordFileThatChangedIsReadAgain() throws Exception {
    var file = Files.writeString(directory.resolve("password"), "first\n");
    password("first");
    var connections = Connections.to(url("127.0.0.1", file));
    assertThat(user(connections)).isEqualTo(USER);

    password("second");
    Files.writeString(file, "second\n");

    assertThat(user(connections)).isEqualTo(USER);
  }

  @Test
  void aPoolLendsFourConnectionsAtMostAndRenewsTheirToken() throws Exception {
    var connections = Connections.to(Product.AUTOSCALING.of(databricks));
    try (var pool = ConnectionPool.of(connections, "test-pool")) {
      var borrowed = new ArrayList<Connection>();
      for (var i = 0; i < 4; i++) {
        borrowed.add(pool.borrow());
        password("rotated-" + i);
      }
      assertThat(sessions("test-pool")).isEqualTo("4");
      for (var connection : borrowed) {
        assertThat(Query.of(connection, "SELECT current_user").text()).isEqualTo(USER);
        connection.close();
      }
      for (var i = 0; i < 8; i++) {
        try (var connection = pool.borrow()) {
          assertThat(Query.of(connection, "SELECT 1").text()).isEqualTo("1");
        }
      }
      assertThat(sessions("test-pool")).isEqualTo("4");
    }
  }

  @Test
  void offLoopbackNothingGoesUnencrypted() throws Exception {
    var file = Files.writeString(directory.resolve("password"), "first");
    password("first");

    // A way to write 127.0.0.1 that does not say so.
    assertThatThrownBy(() -> Connections.to(url("127.1", file)).open("test"))
        .hasMessageContaining("KL-604");
  }

  @Test
  void whatCannotBeReachedHasItsOwnMessage() throws Exception {
    var file = Files.writeString(directory.resolve("password"), "first");
    password("first");
    var nobody =
        new PostgresUrl(
            PostgresAddress.of("127.0.0.1", 1, "db", USER),
            new SecretPlace.InFile(file.toString()));
    assertThatThrownBy(() -> Connections.to(nobody).open("test")).hasMessageContaining("KL-603");

    var noDatabase =
        new PostgresUrl(
            PostgresAddress.of("127.0.0.1", Postgres.server().port(), "no such/database?", USER),
            new SecretPlace.InFile(file.toString()));
    assertThatThrownBy(() -> Connections.to(noDatabase).open("test"))
        .hasMessageContaining("KL-606")
        .hasMessageContaining("no%20such%2Fdatabase%3F");
  }

  private static PostgresUrl url(String host, Path passwordFile) {
    return new PostgresUrl(address(host, USER), new SecretPlace.InFile(passwordFile.toString()));
  }

  /** This class's database. */
  private static PostgresAddress address(String host, String user) {
    var port = Postgres.server().port();
    return PostgresAddress.of(host, port, ConnectionsTest.class.getSimpleName(), user);
  }

  private static String user(Connections connections) throws SQLException {
    try (var connection = connections.open("test")) {
      return Query.of(connection, "SELECT current_user").text();
    }
  }

  private static String sessions(String application) throws SQLException {
    try (var connection = Connections.to(SUPERUSER).open("test")) {
      var sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = ?";
      return Query.of(connection, sql, application).text();
    }
  }

  private static void password(String password) {
    try {
      run("ALTER ROLE \"%s\" PASSWORD '%s'".formatted(USER, password));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(String sql) throws SQLException {
    try (var connection = Connections.to(SUPERUSER).open("test");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
